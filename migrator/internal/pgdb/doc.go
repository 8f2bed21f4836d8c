// Package pgdb is the way to a PostgreSQL server, and the only package that
// imports the driver: what a connection string means, how long to wait, and
// errors that say what happened without a password in them.
package pgdb
