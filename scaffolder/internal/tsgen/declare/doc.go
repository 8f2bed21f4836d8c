// Package declare says which types a server has, and what a schema is in TypeScript.
//
// Its data are the schemas of an api.API; other rooms ask it for the declaration of a
// schema in a direction (request, response, form), and get a name. What was asked for
// is written at the end: types/api.ts. How integers of 64 bits look, which defaults
// count, and how a JSON value is written as code, is answered here too.
package declare
