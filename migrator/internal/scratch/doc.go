// Package scratch gives throw-away PostgreSQL databases: schema files are
// loaded into them, migrations are proved in them. Nothing has to be set up by
// hand, and nothing stays behind.
//
// A local server runs from PostgreSQL's programs on this machine, in a copy of
// a cluster that initdb made once, on a unix socket, without any care for
// durability. A remote one is a server that somebody else runs, where temporary
// databases are made. Both are removed at Close; what a killed process left is
// removed by the next one.
package scratch
