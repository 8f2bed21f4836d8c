// Package advice is what a senior engineer would say about a run: what limits
// the service, and what to look at first. Each finding rests on figures of the
// run, which it names; no figure, no advice.
//
// It is pure: a result.Result comes in, findings go out, worst first. A rule is
// one function; each has a run that triggers it and a clean one that does not in
// the tests.
package advice
