// Package observe reads from a server what the health rules ask for: each rule's
// rows, the size of the database and how long its statistics have been gathered,
// all in one snapshot.
//
// A role with pg_monitor is enough. Queries are read-only, read catalogs and
// statistics views but no user's table, and give up after a while, each by
// itself; what could not be read is said.
package observe
