// Package runner brings a directory of migrations and the history of a database
// together: what is applied, pending, changed, missing or out of order; what is run
// next, and what is taken back; whether the database is what its files make; and
// how a database is taken over from another runner.
//
// The directory comes from migdir, the history from package history; files are run
// by package apply, and tried in scratch databases by package proof. What came out
// goes to the command line.
package runner
