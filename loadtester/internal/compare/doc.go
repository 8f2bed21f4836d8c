// Package compare says how two runs differ, and whether the difference is more
// than chance: for each percentile, the throughput and the share of errors the
// change with a confidence interval and a verdict.
//
// Requests of one second are not independent of each other (a pause slows all of
// them), so the unit is the second: a block. How far a figure would move in
// another run of the same kind is found by drawing blocks anew with replacement
// (bootstrap), widened where neighbouring seconds resemble each other, and by
// Student's t where blocks are few. Two targets that were interleaved in one
// run are paired: the same seconds are drawn for both, so that what hit both
// (another process, the network) cancels out.
//
// Two separate runs also differ by what changed between them: the interval knows
// only what changed within them. docs/loadtester/compare.md has the error rates
// that the method was measured to have.
//
// Data comes from package result; montanaflynn/stats does the statistics of the
// series, and is imported here only.
package compare
