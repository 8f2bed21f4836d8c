// Package analyze judges a database: from rows of its catalogs and statistics
// views, and from its workload, come findings with evidence and the statement
// that mends them.
//
// Every health rule is a value in Rules: the query that finds its cases, with
// the limits in it, how bad they are, how long the server must have counted
// before the rule may speak, why it matters, and how a row becomes a Finding.
// The page docs/migrator/rules.md is made from these values.
//
// The package is pure: package observe runs the queries on a server and hands
// in the rows; what is found goes to the command line as values.
package analyze
