// Package datagen writes the data layer of a server that stands before a database:
// one TypeScript file for each table with its columns and SQL, the few files that
// work with any table, and the bodies of the handlers that call them.
//
// Its data comes from restapi (what the API does to which table) and leaves as
// tree.File values. The text that does not depend on tables is in templates/; the
// definitions of tables are laid out here with package typescript. All SQL that a
// generated server sends is made of names and expressions of sql.go: what a
// request says is never part of it.
package datagen
