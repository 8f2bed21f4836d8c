// Package convert says what becomes of the values of a column when its type
// changes: how they are converted, whether one can be lost, whether one can stop
// the statement, and whether the rows are written anew.
//
// It knows PostgreSQL's built-in types by the names that format_type prints, and
// no database; package plan asks it. Its test holds each pair of types against
// what a server does to values at the bounds.
package convert
