// Package advise finds the indexes that a workload would gain most from.
//
// A workload comes in, and the facts about its tables. For every query each
// table's predicates, joins and orders give candidates (candidate.go). A Planner
// says what a query would cost if some of them were there; the search (search.go)
// keeps those that plans use and chooses among them for the whole workload: time
// saved minus what the indexes cost when rows are written (write.go), within a
// budget. Suggestions come out, the most worthy first.
//
// Nothing here knows a connection: the facts are values, the Planner is one small
// interface (package whatif has it on HypoPG, and on a model of the planner where
// that is not installed), and the search is tested with a made-up one.
package advise
