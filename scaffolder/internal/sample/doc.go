// Package sample makes JSON values that pass a schema: from the document's own
// examples where they are right, or else from the keywords. Its data comes from
// api; generators show the values in stubs, tests and documents.
//
// The same schema always gives the same value. It imports the standard library only.
package sample
