// Package pace is WHEN a load test sends: a Schedule says at which moment
// request i is due, counted from the start of the run.
//
// It is pure: a schedule knows no clock, and the same schedule always gives the
// same moments, so that several loops and machines can each take every n-th
// request of it (Slice) without talking to each other.
//
// A schedule is a rate over time. Its integral is the expected number of
// requests; request i is due where the integral reaches i (constant arrivals), or
// where it reaches the i-th point of a Poisson process of rate one (Poisson
// arrivals; the time-change theorem makes that right for ramps too).
package pace
