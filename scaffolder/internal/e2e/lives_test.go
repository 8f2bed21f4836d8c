package e2e

import "testing"

// lives: what is readOnly never reaches a handler, odd answers arrive as JSON has them
// in all frameworks, nobody is blamed for another's error, and the server ends in peace
// under load.
func (s server) lives(t *testing.T) {
	run(t, limit, ".", "node", "testdata/lives/requests.mjs", s.dir, freePort(t))
}
