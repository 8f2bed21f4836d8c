// Package compare says how two runs differ, and whether the difference is more
// than chance: for each percentile, the throughput and the share of errors the
// change with a confidence interval and a verdict.
//
// Requests of one second are not independent of each other (a pause slows all of
// them), so the unit is a stretch of time: a block. Two targets that were tested at
// once, interleaved or in turns, are judged by a permutation test: if they are
// equal, the labels A and B of each block can be swapped.
//
// Of two separate runs the blocks are seconds, drawn anew with replacement
// (bootstrap) to see how far a figure would move in another run of the same kind;
// widened where neighbouring seconds resemble each other, and by Student's t where
// blocks are few.
//
// Two separate runs also differ by what changed between them: the interval knows
// only what changed within them. docs/loadtester/compare.md has the error rates
// that the method was measured to have.
//
// Data comes from package result; montanaflynn/stats does the statistics of the
// series, and is imported here only.
package compare
