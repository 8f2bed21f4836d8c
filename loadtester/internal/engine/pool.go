//go:build linux || darwin || freebsd

package engine

import (
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// pending is a request whose time has come and that has no connection yet.
type pending struct {
	i      uint64
	due    time.Duration
	own    time.Duration // the generator's part of its lateness so far
	target int32
	walk   *target.Session // of a chain; nil: the request stands alone
	again  bool            // it met a connection that the server had just closed
	tries  uint8           // how often it was sent and the server has said that it did not look at it
}

// pool is a loop's connections to one endpoint, and what waits for them.
type pool struct {
	idle    []*conn // the one used last is used next
	waiting ring
	dialing int
	open    int
	// settling connections of HTTP/2 are open, and carry one request each until the
	// server has said how many it wants.
	settling int
}

func (p *pool) push(c *conn) {
	c.place = len(p.idle)
	p.idle = append(p.idle, c)
}

// pop takes the idle connection that was used last; nil: there is none.
func (p *pool) pop() *conn {
	n := len(p.idle) - 1
	if n < 0 {
		return nil
	}
	c := p.idle[n]
	p.idle[n] = nil
	p.idle = p.idle[:n]
	c.place = -1
	return c
}

// ready is a connection for the next request: an idle one, or in HTTP/2 one with
// room. nil: there is none.
func (p *pool) ready() *conn {
	n := len(p.idle) - 1
	if n < 0 {
		return nil
	}
	c := p.idle[n]
	if c.mux == nil || c.mux.active+1 >= c.mux.most {
		return p.pop()
	}
	return c
}

// take removes an idle connection from the middle.
func (p *pool) take(c *conn) {
	n := len(p.idle) - 1
	last := p.idle[n]
	p.idle[c.place], last.place = last, c.place
	p.idle[n] = nil
	p.idle = p.idle[:n]
	c.place = -1
}

// maxWaiting bounds a ring. What does not fit stays in the schedule.
const maxWaiting = 1 << 14

// ring is a first-in first-out queue that also takes back what was taken out.
type ring struct {
	list []pending
	head int
	n    int
}

func (r *ring) len() int   { return r.n }
func (r *ring) full() bool { return r.n >= maxWaiting }

func (r *ring) push(p pending) {
	r.room()
	r.list[(r.head+r.n)&(len(r.list)-1)] = p
	r.n++
}

// unshift puts p before all others.
func (r *ring) unshift(p pending) {
	r.room()
	r.head = (r.head - 1) & (len(r.list) - 1)
	r.list[r.head] = p
	r.n++
}

// first is the first.
func (r *ring) first() *pending { return &r.list[r.head] }

// shift takes the first out.
func (r *ring) shift() pending {
	p := r.list[r.head]
	r.head = (r.head + 1) & (len(r.list) - 1)
	r.n--
	return p
}

func (r *ring) room() {
	if r.n < len(r.list) {
		return
	}
	grown := make([]pending, max(2*len(r.list), 16))
	for k := range r.n {
		grown[k] = r.list[(r.head+k)&(len(r.list)-1)]
	}
	r.list, r.head = grown, 0
}
