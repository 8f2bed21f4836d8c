// Package dbspec reads the catalog of a PostgreSQL database (12 and later) into
// relation.Database. It is the only package of this module that imports lib/pq.
//
// Everything is read in one read-only snapshot, and nothing but the catalog: no
// row of a table. A connection string that cannot be read, or a server that does
// not answer, is a problem.Problem without any password in it.
package dbspec
