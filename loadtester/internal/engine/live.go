//go:build linux || darwin || freebsd

package engine

import (
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// live is what a loop shows of itself while it runs. The loop writes the plain
// fields, and copies them for others ten times a second.
type live struct {
	sent, ok, failed int64
	cell             *record.Cell // since the last copy; nil: nobody looks

	mu   sync.Mutex
	copy Progress
}

// publishEvery is how often a loop shows itself.
const publishEvery = 100 * time.Millisecond

func (v *live) ended(ok bool, latency time.Duration) {
	if ok {
		v.ok++
	} else {
		v.failed++
	}
	if v.cell != nil {
		if ok {
			v.cell.Succeeded++
		} else {
			v.cell.Failed++
		}
		v.cell.Record(latency)
	}
}

// publish copies what the loop has to show.
func (l *loop) publish() {
	l.liveNext = l.now + publishEvery
	v := &l.live
	if v.cell == nil {
		return
	}
	v.mu.Lock()
	v.copy.Sent, v.copy.Succeeded, v.copy.Failed = v.sent, v.ok, v.failed
	v.copy.InFlight, v.copy.Open, v.copy.Waiting = int64(l.flights.n), int64(l.opened), int64(l.waiting())
	v.copy.Interval.Add(v.cell)
	v.mu.Unlock()
	*v.cell = record.Cell{}
}

// look adds what the loop has shown to p, and begins a new interval.
func (v *live) look(p *Progress) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p.Sent += v.copy.Sent
	p.Succeeded += v.copy.Succeeded
	p.Failed += v.copy.Failed
	p.InFlight += v.copy.InFlight
	p.Open += v.copy.Open
	p.Waiting += v.copy.Waiting
	p.Interval.Add(&v.copy.Interval)
	v.copy.Interval = record.Cell{}
}
