package e2e

import (
	"strings"
	"testing"
)

// answersRequests sends requests of every kind (all styles of parameters, forms,
// uploads, negotiation, limits) to the server of one document: the three frameworks must
// answer alike, to the last status and field.
func (s server) answersRequests(t *testing.T) {
	run(t, limit, ".", "node", "testdata/requests/requests.mjs", s.serve(t))
}

// guards sends credentials of every kind to the same server in production.
func (s server) guards(t *testing.T) {
	run(t, limit, ".", "node", "testdata/requests/security.mjs", s.dir, freePort(t))
}

// takesHandlers: createApp takes other handlers and middleware.
func (s server) takesHandlers(t *testing.T) {
	run(t, limit, ".", "node", "testdata/requests/injected.mjs", s.dir, strings.TrimPrefix(s.name, s.variant+"-"))
}
