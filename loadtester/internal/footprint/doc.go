// Package footprint keeps the process small: a generator should leave a machine's
// memory to what it tests. See docs/decisions/0170-pages-of-the-program.md.
package footprint
