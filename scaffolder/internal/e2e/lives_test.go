package e2e

import "testing"

// lives: what is readOnly never reaches a handler, odd answers arrive as JSON has them
// in all frameworks, nobody is blamed for another's error, and the server ends in peace
// under load.
func (s server) lives(t *testing.T) {
	run(t, limit, ".", "node", "testdata/lives/requests.mjs", s.dir, freePort(t))
}

// keepsDirections: what is readOnly is refused in requests and what is writeOnly is in no
// answer, RESPONSE_CHECK tells answers that are not what the document says, and a signal
// while the server starts does no harm.
func (s server) keepsDirections(t *testing.T) {
	run(t, limit, ".", "node", "testdata/directions/requests.mjs", s.dir)
}
