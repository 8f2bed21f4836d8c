// Package pgsql is PostgreSQL's own parser, and the only door to it: SQL text
// becomes typed nodes, and expressions become text again.
//
// The parser (go-pgquery, PostgreSQL 17's grammar compiled to WebAssembly) takes
// more than a second of processor time before its first answer and half a
// millisecond a statement afterwards. It is started by the first call, or ahead
// of it by Warm; a program that never parses pays nothing. Only the library's
// parser package is used: its top package compiles PostgreSQL's C sources where
// a C compiler is about.
//
// Text comes from workloads and migration files. Nodes go to Uses, which says
// what a statement does with which columns of which tables, and to whoever
// judges statements.
package pgsql
