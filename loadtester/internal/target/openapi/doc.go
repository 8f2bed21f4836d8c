// Package openapi makes requests from an OpenAPI 3 document: valid ones for
// chosen operations or all, and mutants that each break one rule.
//
// Values come from the document's examples where they fit, else from its schemas
// (package schema); every value is judged before it is given out. The document is
// parsed and its references found by libopenapi, which is imported here only; the
// nodes are read here, as the typed model loses int64 bounds, const null, the
// schemas true and false, and what stands beside a $ref. Files of a $ref are read
// below the document's directory, and nothing is read from the network.
package openapi
