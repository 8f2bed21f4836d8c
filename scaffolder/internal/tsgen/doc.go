// Package tsgen renders an API as a TypeScript server for Express, Fastify or Koa.
//
// Its data comes from api (the model) and leaves as tree.File values. The files
// are text/template texts in templates/: what all frameworks share in common/,
// what differs in express/, fastify/ and koa/. The shape of a file is in its
// template; types, validators and tables, whose shape depends on the schemas,
// are laid out here and handed to the templates as finished text.
//
// Every text of a document passes one door on its way into code: literal.go.
// Output is in its final form: prettier (100 columns, single quotes) changes
// nothing, which is why there is a layout engine (layout.go).
package tsgen
