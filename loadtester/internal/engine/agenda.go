//go:build linux || darwin || freebsd

package engine

import (
	"math"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
)

// openAgenda is an open loop's place in its schedule.
type openAgenda struct {
	arrivals *pace.Arrivals // nil: the loop is closed
	next     time.Duration  // when the next is due; math.MaxInt64: there is no more
	blocked  bool           // a ring is full: the schedule waits
	giveUp   time.Duration  // what was not sent by then is a shortfall
	timeout  time.Duration
}

func newOpenAgenda(s *pace.Schedule, part pace.Slice, timeout time.Duration) openAgenda {
	a := openAgenda{arrivals: s.Arrivals(part), giveUp: s.Length() + timeout, timeout: timeout}
	a.peek()
	return a
}

// on says that there is a schedule.
func (a *openAgenda) on() bool { return a.arrivals != nil }

// due says that the next is to be sent now.
func (a *openAgenda) due(now time.Duration) bool {
	return a.next <= now && !a.blocked && !a.tooLate(now, a.next)
}

// take is the next arrival, of which there is one.
func (a *openAgenda) take() (i uint64, due time.Duration) {
	i, due, _ = a.arrivals.Next()
	a.peek()
	return i, due
}

// peek looks for the next arrival.
func (a *openAgenda) peek() {
	due, ok := a.arrivals.Peek()
	if !ok {
		due = math.MaxInt64
	}
	a.next = due
}

// tooLate says that a request is not worth sending any more: the run has ended,
// and it would have had its answer. (Random arrivals by count may be due after
// the expected end.)
func (a *openAgenda) tooLate(now, due time.Duration) bool {
	return now > a.giveUp && now-due > a.timeout
}

// closedAgenda is what a closed loop has still to send.
type closedAgenda struct {
	sequence, step, last uint64 // the number of its next request, to the one after, and where they end
	active, quota        int    // workers that are busy, of so many
	until                time.Duration
}

func newClosedAgenda(o *Options, part pace.Slice, quota int) closedAgenda {
	a := closedAgenda{sequence: part.Index, step: part.Of, last: math.MaxUint64, quota: quota, until: math.MaxInt64}
	if o.Requests > 0 {
		a.last = o.Requests
	}
	if o.Duration > 0 {
		a.until = o.Duration
	}
	return a
}

// free says that a worker could send.
func (a *closedAgenda) free(now time.Duration) bool { return a.active < a.quota && now >= 0 }

// exhausted says that it begins no more requests.
func (a *closedAgenda) exhausted(now time.Duration) bool {
	return now >= a.until || a.sequence >= a.last
}

// take is the number of the next request.
func (a *closedAgenda) take() uint64 {
	i := a.sequence
	a.sequence += a.step
	a.active++
	return i
}
