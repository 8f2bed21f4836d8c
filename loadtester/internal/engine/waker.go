//go:build linux || darwin || freebsd

package engine

import "time"

const (
	// Waking up takes the system some microseconds, so a loop wakes up a little
	// early and polls for the rest. How early, it learns: see slept.
	leastSpin, mostSpin = 4 * time.Microsecond, 50 * time.Microsecond
	// A crowd is so many requests on their way that the server is behind. When
	// their answers come, each within thaw of the one before, an open loop polls:
	// a thread that sleeps has to be woken for each of them, and the server pays
	// for that, which makes the queue that is being measured longer.
	crowd = 16
	thaw  = 25 * time.Microsecond
)

// waker decides how long before its time a loop wakes up, and when it had better
// not sleep at all.
type waker struct {
	early time.Duration // how long before a request is due it wakes up
	spin  time.Duration // spent polling
	heard time.Duration // when events came last
	awake time.Duration // until when it polls
}

// heed notes that events came. crowded: they are answers to a crowd.
func (w *waker) heed(now time.Duration, crowded bool) {
	if crowded && now-w.heard < thaw {
		w.awake = now + thaw
	}
	w.heard = now
}

// slept looks at a wait that ended without an event: a poll is time spun away; a
// sleep shows how late the system wakes us. The margin rises with those that are
// later than it and falls with the others, at a quarter of the pace: so about one
// sleep in five is too long, by some microseconds. A margin for the rare very
// late ones would be polled away at each of the others.
func (w *waker) slept(took, wanted time.Duration) {
	late := took - wanted
	switch {
	case wanted == 0:
		w.spin += took
	case late > w.early:
		w.early = min(w.early+w.early/32, mostSpin)
	default:
		w.early = max(w.early-w.early/128, leastSpin)
	}
}
