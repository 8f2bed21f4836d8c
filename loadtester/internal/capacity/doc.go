// Package capacity searches for the highest rate that a service sustains while
// it keeps an objective: it doubles the rate until the objective is missed,
// bisects between the last rate that kept it and the first that did not, and
// confirms what it found with a longer run.
//
// Each step is an open-loop run, so that a queue that builds up counts in the
// latency. Search knows nothing of HTTP: a Trial makes the runs, which is the
// engine in cli and a queue with a known capacity in the tests.
package capacity
