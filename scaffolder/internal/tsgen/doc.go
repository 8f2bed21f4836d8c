// Package tsgen renders an API as a TypeScript server for Express, Fastify or Koa.
//
// Its data comes from api (the model) and leaves as tree.File values. The rooms below
// it have one noun each, and hand each other values, never text to search:
//
//	operation   names and paths, what is one route, what cannot be routed
//	declare     which types there are, what a schema is in TypeScript
//	complete    how a valid request gets its defaults
//	check       functions (or zod schemas) that judge values
//	handler     the user's function for an operation: a stub, or a text that is given
//	security    the schemes, and what an operation asks for
//	input       what an operation reads
//	answer      what it gives
//	contract    the test of the generated server
//	framework   Express, Fastify, Koa as values
//	templates   the texts around all that
//
// A room imports only rooms that stand above it here, and all write through the package
// typescript. What is left for this room: it asks them in order (project.go), gives the
// templates what they need (view.go), and makes files of it (files.go).
package tsgen
