// Package spec reads an OpenAPI document (3.0, 3.1, 3.2; YAML or JSON; one file
// or many) into the model of package api. It is the only package that imports
// libopenapi.
//
// libopenapi parses the files and resolves the references; the model is read
// from the parsed nodes themselves rather than from libopenapi's typed model,
// because the nodes keep what the typed model loses: int64 bounds digit for
// digit, `const: null`, the schemas `true` and `false`, keywords beside $ref,
// keys that nobody knows, and the place of everything (see
// docs/decisions/0300).
//
// What is broken in a document is a problem.Problem with file, line and column;
// all of them are reported together. What is merely odd, or left out, is an
// api.Notice.
package spec
