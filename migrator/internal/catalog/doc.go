// Package catalog says what a PostgreSQL database IS: every object of its
// schema with its canonical text, owner, comment, grants and dependencies.
//
// Read fills a Catalog from one repeatable-read snapshot of the server's own
// catalogs (about thirty queries, search_path empty, so that every name in a
// canonical text is qualified). Compare is the judge of "different": two
// databases are equal when it returns nothing. Nothing here writes, and nothing
// here knows how a difference is brought about; that is package plan.
//
// The room imports the standard library only. One noun a file: the file of a
// noun holds its Detail type and the query that reads it.
package catalog
