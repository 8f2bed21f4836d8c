package e2e

import "testing"

// lives: what is readOnly never reaches a handler, odd answers arrive as JSON has them
// in all frameworks, nobody is blamed for another's error, and the server ends in peace
// under load.
func (s server) lives(t *testing.T) {
	run(t, limit, ".", "node", "testdata/lives/requests.mjs", s.dir, freePort(t))
}

// sendsSequences: items are sent as their media type has them, each when the handler gives
// it and without what is writeOnly; a handler that fails midway ends the connection, and a
// client that goes ends the handler.
func (s server) sendsSequences(t *testing.T) {
	run(t, limit, ".", "node", "testdata/sequences/requests.mjs", s.serve(t))
}

// keepsDirections: what is readOnly is refused in requests and what is writeOnly is in no
// answer, RESPONSE_CHECK tells answers that are not what the document says, and a signal
// while the server starts does no harm.
func (s server) keepsDirections(t *testing.T) {
	run(t, limit, ".", "node", "testdata/directions/requests.mjs", s.dir)
}
