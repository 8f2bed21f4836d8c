// Package check sends what a load would send, once, and shows it: each request,
// its answer, the values that a step saves and what was expected. A mistake in a
// login, a header or a path is seen before ten thousand requests make it.
//
// Run takes the engine's own way, so that what is checked is what will be run:
// the same bytes, the same reader of answers, the same judgement of steps. The
// Walk that comes back holds everything with secrets taken out; NewReport makes
// a report of it.
package check
