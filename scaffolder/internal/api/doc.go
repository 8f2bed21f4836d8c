// Package api is the model of an HTTP API: what it accepts, what it answers, who
// may call it. It knows no framework, no language and no version of OpenAPI.
//
// Readers fill it (spec from an OpenAPI document) and generators read it (tsgen).
// A reader has resolved everything before the model is handed over: references
// point at schemas, path-level parameters stand in each operation, defaults of
// the document (security, servers, style, explode) are filled in, and what
// differs between versions of OpenAPI (nullable, boolean exclusiveMinimum) has
// been brought into one form. What a reader had to leave out is in API.Notices.
//
// Everything is in the order of the document, so that output is deterministic
// without sorting. The package imports the standard library only.
package api
