// Package history is what a database remembers of its migrations: the table of
// our own, in which every run of every file has a row, and the tables of other
// runners, which are read when a database is taken over and kept in step after
// that.
//
// It is reached through the connection that migrates, so that a row commits in
// the transaction of its file. Package apply writes it, package runner reads it
// as a whole.
package history
