// Package schema is what an OpenAPI document says of a value: it makes values that
// fit (Make), judges whether one does (Fits), and makes values that break one rule
// each (Wrongs).
//
// A Schema comes from package openapi, which reads it from the document's nodes;
// the versions of OpenAPI differ there only. Values go back to it to be written
// into requests: readOnly properties are no part of them.
package schema
