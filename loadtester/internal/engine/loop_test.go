//go:build linux || darwin || freebsd

package engine

import (
	"net/http"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
)

// An open loop stays awake while the answers to a crowd come one on another's
// heels, and in no other case: polling costs a processor.
func TestStaysAwakeForACrowd(t *testing.T) {
	open := pace.Constant(1).For(time.Second, 0).Arrivals(pace.Slice{Of: 1})
	for _, c := range []struct {
		name     string
		arrivals *pace.Arrivals
		flights  int
		apart    time.Duration
		polls    bool
	}{
		{"a crowd, close together", open, crowd, thaw / 2, true},
		{"a crowd, one now and then", open, crowd, 2 * thaw, false},
		{"a few", open, crowd - 1, thaw / 2, false},
		{"a closed loop", nil, crowd, thaw / 2, false},
	} {
		l := &loop{agenda: openAgenda{arrivals: c.arrivals, next: time.Second}, now: time.Millisecond}
		l.flights.n = c.flights
		l.waker.heed(l.now, l.crowded())
		l.now += c.apart
		l.waker.heed(l.now, l.crowded())
		if got := l.patience() == 0; got != c.polls {
			t.Errorf("%s: it polls: %t", c.name, got)
		}
		if l.now += thaw; l.patience() == 0 {
			t.Errorf("%s: it polls for ever", c.name)
		}
	}
}

// A loop sleeps until its start. In a closed one, which is in no hurry at any
// moment, no time at all is polled away.
func TestSleepsUntilItsStart(t *testing.T) {
	s := startHTTP(t, false, func(http.ResponseWriter, *http.Request) {})
	for _, protocol := range []Protocol{Auto, H2C} {
		res := runOne(t, compileURL(t, s.URL), Options{Path: LoopPath, Protocol: protocol, Concurrency: 2, Requests: 20})
		if res.Record.Sent != 20 || res.Generator.Spin != 0 {
			t.Errorf("protocol %v: %d sent, %v s polled", protocol, res.Record.Sent, res.Generator.Spin)
		}
	}
}
