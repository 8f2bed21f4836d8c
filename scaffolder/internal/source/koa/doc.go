// Package koa is Koa as values: applications, and the routers of @koa/router and
// koa-router, for package eval, filling routers of package route. It also stands for
// koa-mount, koa-compose and koa-joi-router.
package koa
