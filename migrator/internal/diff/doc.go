// Package diff finds what changed between two catalogs.
//
// Two judges look. PostgreSQL's own canonical texts, compared by package
// catalog, decide whether anything changed, for every kind of object. Atlas
// (this is the one door to it) tells for tables that both databases have what
// changed in their columns, keys, indexes, checks and enums. It is fed from the
// catalog and never from a connection: its differ would run comparisons on the
// database in use.
//
// A change that only Atlas sees is none (the canonical texts are equal); a change
// that only the catalog sees is one that Atlas does not model. Both are kept
// apart in Change.Atlas, so that a test can watch how far the two agree.
package diff
