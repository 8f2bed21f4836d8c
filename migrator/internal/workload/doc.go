// Package workload is what a database was asked: statements with their calls,
// rows and times, wherever they come from.
//
// Readers fill a Workload from pg_stat_statements, from the server's log (text,
// csv, JSON, with auto_explain or without), and from files of queries. Two
// snapshots of pg_stat_statements give the workload between them. Package advise
// looks for indexes for it, package nplusone for loops in it. Nothing here judges,
// and nothing parses: two runs of a statement are the same statement when they
// differ in their constants only, which the tokens tell.
package workload
