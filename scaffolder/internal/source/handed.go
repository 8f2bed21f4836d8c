package source

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// handed tells of applications and routers that a package is given: what it registers in
// them is not read.
func (pr *program) handed(o *eval.Object, t *eval.Term) {
	if route.Of(o) == nil {
		return
	}
	name, _ := t.Path()
	if name == "" || !strings.HasPrefix(name, "@") {
		name, _, _ = strings.Cut(name, "/")
	}
	switch {
	case isInert(name):
	case name != "":
		pr.ev.Report("handed-over", t.At, "the "+route.Of(o).Name+" is given to "+name+" here; routes that the package adds are not read", "--verify shows what is mounted; say the routes in @openapi comments")
	case t.Kind == eval.Called || t.Kind == eval.Made:
		if isLanguage(t) {
			return
		}
		pr.ev.Report("handed-over", t.At, "the "+route.Of(o).Name+" is given to a function that is not known ("+eval.Describe(t.Of)+"); routes that it adds are not read", "--verify shows what is mounted; say the routes in @openapi comments")
	}
}

// isLanguage says whether a call is one of a global's methods: console.log(app).
func isLanguage(t *eval.Term) bool {
	of, ok := t.Of.(*eval.Term)
	for ok && of.Kind == eval.Member {
		of, ok = of.Of.(*eval.Term)
	}
	if !ok || of.Kind != eval.Opaque {
		return false
	}
	return slices.Contains([]string{"console", "global", "globalThis", "process", "Symbol", "WeakMap", "Reflect", "Promise"}, of.Name)
}

// isInert says whether a package is known to add no routes to what it is given: servers,
// clients for tests, monitors, engines of templates.
func isInert(name string) bool {
	switch name {
	case "http", "https", "http2", "spdy", "net", "util", "events", "assert", "supertest", "chai", "chai-http", "superagent", "socket.io", "ws",
		"serverless-http", "aws-serverless-express", "serverless-express", "firebase-functions", "express-list-endpoints", "express-list-routes",
		"stoppable", "http-terminator", "http-graceful-shutdown", "http-shutdown", "lightship", "express-graceful-exit", "greenlock-express",
		"nunjucks", "hbs", "express-handlebars", "consolidate", "ejs", "pug", "koa-ejs", "koa-views", "koa-onerror", "koa-locale", "koa-qs",
		"koa-session", "koa-generic-session", "koa-csrf", "koa-proxy", "koa-trust-proxy", "koa-validate", "koa-i18n", "koa-nunjucks-2",
		"newrelic", "elastic-apm-node", "dd-trace", "i18next-http-middleware", "raven", "vhost", "koa-vhost", "deepmerge", "lodash.merge", "fastify", "fastify-plugin", "@awaitjs/express", "to-async-router", "express-async-wrap", "lodash", "express-async-errors",
		"express-winston", "response-time", "cls-hooked", "qs", "trust-proxy", "fastify-socket.io", "light-my-request", "pino-http":
		return true
	}
	for _, scope := range []string{"node:", "@types/", "@sentry/", "@opentelemetry/", "@vendia/", "@godaddy/", "@codegenie/", "@koa/", "@bugsnag/", "@fastify/"} {
		if strings.HasPrefix(name, scope) {
			return true
		}
	}
	return false
}

// otherFrameworks tells of packages whose routes are made in ways that are not read.
func (pr *program) otherFrameworks() {
	for _, e := range pr.ev.Externals() {
		if what := otherFramework(e.Name); what != "" {
			pr.ev.Report("other-framework", e.At, what+" that "+e.Name+" makes are not read", "--verify shows what is mounted; say the routes in @openapi comments")
		}
	}
}

func otherFramework(name string) string {
	switch name {
	case "@overnightjs/core", "tsoa", "express-openapi", "express-decorators", "@decorators/express",
		"koa-decorator", "koa-router-decorator", "ts-express-decorators", "typescript-rest", "@nestjs/core", "@tsed/platform-express", "@tsed/common",
		"@feathersjs/feathers", "@feathersjs/express", "@feathersjs/koa", "@loopback/rest", "sails", "restify", "@hapi/hapi", "polka", "hono", "egg", "@midwayjs/core",
		"openapi-backend", "swagger-routes-express", "fastify-openapi-glue", "exegesis-express", "express-file-routing", "router-controller",
		"fastify-metrics", "mercurius", "finale-rest", "epilogue", "express-restify-mongoose", "node-restful", "express-zod-api", "@ts-rest/express", "@ts-rest/fastify", "ts-rest-express":
		return "routes"
	case "@trpc/server":
		return "procedures"
	}
	return ""
}
