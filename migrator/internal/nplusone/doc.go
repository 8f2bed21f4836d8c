// Package nplusone finds queries that run once for each row of another: the loop
// of an application that loads a list and then what belongs to each of its rows.
//
// From workload come statements with their calls and rows, window by window, or a
// log's executions in their order; from observe the keys of the tables. A child
// is a SELECT that looks rows up by one key; its parent returns rows that hold
// that key. What links them is a foreign key (or a column that is named like
// one); what shows the loop is how the child's calls follow the parent's rows.
// Independent endpoints that read the same tables do not follow each other.
//
// The package is pure: it asks no database. What it finds goes to the command
// line as values.
package nplusone
