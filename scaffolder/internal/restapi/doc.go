// Package restapi decides what the REST API of a database is: which resources,
// operations, parameters and schemas its tables become.
//
// It takes a relation.Database and gives a Service: the api.API, which package
// openapi writes and tsgen renders, and beside it what each operation does to
// which table, from which datagen writes SQL. It knows no SQL itself, but for the
// conditions of CHECK constraints (check.go), of which it keeps what JSON Schema
// can say without being stricter.
package restapi
