package e2e

import "testing"

// returnsIntegers sends integers that no number of JavaScript holds to a server whose
// handlers have them as strings or bigints: they must come back to the last digit.
func (s server) returnsIntegers(t *testing.T) {
	run(t, limit, ".", "node", "testdata/int64/requests.mjs", s.serve(t), s.variant)
}
