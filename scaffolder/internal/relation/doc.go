// Package relation is the model of a database as far as an API on it cares: the
// tables and views with their columns, keys, foreign keys, constraints and rights.
// It knows no SQL dialect's catalog, no HTTP and no language.
//
// dbspec fills it from a PostgreSQL server; restapi makes an api.API of it, and
// datagen the code that reads and writes rows. Everything is in a fixed order
// (schemas and tables by name, columns as in the table), so that what is made of
// it is the same each time. The package imports the standard library only.
package relation
