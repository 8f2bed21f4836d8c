// Package complete writes how a valid request gets the form that handlers have: the
// defaults of what was left out, and integers of 64 bits.
//
// Its data are schemas. What leaves is middleware/plans.ts, data that the run-time
// module complete.ts follows, and the names of the plans in it.
package complete
