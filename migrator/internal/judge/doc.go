// Package judge tells whether a plan does what it should, without believing
// the planner: a pair of schemas is loaded by psql, the plan's file is run by
// psql, and the outcome is compared by pg_dump as well as by package catalog.
//
// It is for tests: the cases in package cases and the random schemas of package
// schemagen go through it, and so do the figures in docs. The plan is judged as
// package plan made it, before the repair pass of package proof, so that a plan
// that only works when it is repaired counts as a fault.
package judge
