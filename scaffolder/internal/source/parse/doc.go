// Package parse makes the tree of package syntax out of TypeScript, JavaScript and JSX
// source. File always returns a tree, and a diagnostic for each place that it could
// make no sense of; it accepts what the TypeScript compiler's own parser accepts.
// What only a checker knows (a break outside of a loop, a name declared twice) is not
// judged.
//
// It is a recursive descent, one file of methods a noun. Time is linear in the length
// of the source and depth is bounded: what is read by trying (see try.go) is tried once
// at a place, and nested only so deep.
package parse
