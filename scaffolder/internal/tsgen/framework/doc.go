// Package framework holds what is different about servers on Express, Fastify and Koa,
// each as a value: how an operation is mounted, which packages it needs, how a test
// starts it. Nothing else in tsgen knows their names; another framework is one more file
// here, and one more folder of templates.
package framework
