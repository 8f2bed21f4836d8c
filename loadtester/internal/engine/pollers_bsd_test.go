//go:build darwin || freebsd

package engine

// pollersHere are the pollers that can be run on this system.
func pollersHere() map[string]func() (poller, error) {
	return map[string]func() (poller, error){"kqueue": newPoller}
}
