package engine

// pollersHere are the pollers that can be run on this system.
func pollersHere() map[string]func() (poller, error) {
	return map[string]func() (poller, error){
		"epoll":            newPoller,
		"epoll, timerfd":   func() (poller, error) { return newEpoll(true) },
		"kqueue over poll": kqueueOnPoll,
	}
}
