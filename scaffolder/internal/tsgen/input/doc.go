// Package input writes how an operation reads a request: the types of its parts, tables
// of parameters, how a body is read, and the function that reads, checks and completes
// all of it.
//
// Its data are operations; it asks declare for types, check for functions and complete
// for plans, and gives texts for types/api.ts and operations.ts.
package input
