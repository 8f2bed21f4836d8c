// Package openapi writes an API as an OpenAPI document, YAML or JSON.
//
// Its data is an api.API, from whichever reader (a database, existing routes, a
// document), and it leaves as the bytes of one file. It is the way back from what
// package spec does: spec.Read of what is written here gives the same model.
//
// The document is OpenAPI 3.1, or 3.2 where the model holds what 3.1 has no word
// for. Everything stands in the order of the model, so output is deterministic.
// What the model says in one way and JSON Schema in another is settled in
// normal.go.
//
// The model has to be one that a document can hold: names of schemas and of
// security schemes are keys (letters, digits, dot, hyphen, underscore), an
// operation's method and path are its own. The one thing that is not said is
// Schema.RequiresBothWays: in OpenAPI 3.1 it always holds.
package openapi
