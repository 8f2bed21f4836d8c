// Package migdir reads a directory of migrations: which files there are, what each
// is called, in which order they stand, and which lead back. It knows the names and
// marks of our own files and of those of golang-migrate, goose, flyway, liquibase
// (formatted SQL), dbmate, sql-migrate and Atlas, and reads them as those runners
// do. Directories of Atlas, with their atlas.sum, go through Atlas's own library.
//
// Files come from disk; migrations go to package runner.
package migdir
