// Package breaking says what a change of an API breaks: for those who call it, and for
// the handlers that answer.
//
// It takes two models, the API before and the API now, and returns changes in the order
// of the second. It knows no document: where a schema stands, in which file, and by
// which words of which version it is said make no difference. Names of operations, tags,
// descriptions and examples are not compared.
//
// Each schema is compared for a direction. What a request may hold breaks callers where
// it gets less, and handlers where it gets more; an answer the other way round. What
// handlers return and read is told by types alone: bounds and patterns of an answer are
// compared by nobody but callers who send them.
package breaking
