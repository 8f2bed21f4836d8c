// Package controllers reads classes whose decorators say which routes their methods are:
// those of routing-controllers (Express, Koa), fastify-decorators, inversify-express-utils
// and koa-swagger-decorator.
//
// The decorators come from the classes that package eval made, and files from the project.
// What is found is registered in the routers of the application, as if the program had
// written app.get(…) itself: handlers are run, and described, like all others.
package controllers
