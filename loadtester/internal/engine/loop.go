//go:build linux || darwin || freebsd

package engine

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h1"
	"github.com/seniorbackend/tools/loadtester/internal/h2"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

const (
	// longestWait bounds a wait for events: it is a raw system call, during
	// which this goroutine cannot be stopped for a garbage collection.
	longestWait = 10 * time.Millisecond
	// Waking up takes the system some microseconds, so a loop wakes up a little
	// early and polls for the rest. How early, it learns: see alarm.
	leastSpin, mostSpin = 4 * time.Microsecond, 50 * time.Microsecond
	// A crowd is so many requests on their way that the server is behind. When
	// their answers come, each within thaw of the one before, an open loop polls:
	// a thread that sleeps has to be woken for each of them, and the server pays
	// for that, which makes the queue that is being measured longer.
	crowd = 16
	thaw  = 25 * time.Microsecond
	// maxDialing bounds a loop's connections that are being opened.
	maxDialing = 64
	// readSize is the size of a loop's one read buffer.
	readSize = 64 << 10
)

// loop is an event loop: one goroutine on one thread, which owns everything here
// but the inbox. It sends its slice of the schedule over its own connections and
// fills its own records.
type loop struct {
	*run
	ctx     context.Context
	stopped *atomic.Bool // the run was interrupted
	poll    poller
	limits  h1.Limits

	now     time.Duration // the last look at the clock
	conns   []*conn       // by slot; nil: free
	free    []int32
	gens    []uint32 // of each slot, so that late events of its last owner are known
	pools   []pool   // by endpoint
	opened  int      // connections, those being dialled included
	limit   int
	flights list // requests on their way, oldest first

	// The open loop's place in its schedule.
	arrivals *pace.Arrivals
	nextDue  time.Duration // math.MaxInt64: there is no more
	blocked  bool          // a ring is full: the schedule waits
	giveUp   time.Duration // what was not sent by then is a shortfall

	// The closed loop's.
	sequence, step, last uint64
	active, quota        int
	until                time.Duration

	records []*record.Recorder // by group
	buf     []byte
	plain   []byte   // what buf is after TLS
	unread  []uint64 // tokens of connections of which receive has left something
	spare   []uint64 // the other list of them, to be used again
	scratch target.Scratch
	static  bool

	// For HTTP/2.
	muxed    bool
	dirty    []*conn // those that have something to write
	messages []message
	fields   []h2.Field
	block    []byte
	resized  []byte

	early   time.Duration // how long before a request is due it wakes up
	spin    time.Duration
	starved time.Duration
	heard   time.Duration // when events came last
	awake   time.Duration // until when it polls

	mu     sync.Mutex
	inbox  []dialled
	closed bool
	mail   atomic.Bool // the inbox holds something

	live     live
	liveNext time.Duration
}

func newLoop(r *run, ctx context.Context, stopped *atomic.Bool, index, of int) (*loop, error) {
	open := r.o.poller
	if open == nil {
		open = newPoller
	}
	p, err := open()
	if err != nil {
		return nil, err
	}
	l := &loop{
		run: r, ctx: ctx, stopped: stopped, poll: p,
		limits: h1.Limits{Head: r.o.maxHead(), Body: r.o.maxBody()},
		pools:  make([]pool, len(r.set.Endpoints)),
		limit:  share(r.o.maxConns(), index, of),
		buf:    make([]byte, readSize), static: r.set.Static(),
		nextDue: math.MaxInt64, early: mostSpin,
		muxed: r.o.muxed(),
	}
	for range r.o.groups() {
		l.records = append(l.records, r.recorder())
	}
	part := r.o.Slice.Within(pace.Slice{Index: uint64(index), Of: uint64(of)})
	if s := r.o.Schedule; s != nil {
		l.arrivals = s.Arrivals(part)
		l.peek()
		l.giveUp = s.Length() + r.timeout
		return l, nil
	}
	l.sequence, l.step, l.last = part.Index, part.Of, math.MaxUint64
	if r.o.Requests > 0 {
		l.last = r.o.Requests
	}
	l.quota = share(r.o.Concurrency, index, of)
	l.until = math.MaxInt64
	if r.o.Duration > 0 {
		l.until = r.o.Duration
	}
	return l, nil
}

// share is part index of n things shared out to of takers.
func share(n, index, of int) int {
	k := n / of
	if index < n%of {
		k++
	}
	return k
}

func (l *loop) clock() time.Duration { return time.Since(l.start) }

// work is the loop.
func (l *loop) work() {
	exactTimers()
	delayed := threadDelay()
	defer l.shut()
	for {
		l.now = l.clock()
		if l.mail.Load() {
			l.receiveMail()
		}
		l.send()
		l.expire()
		l.writeAll()
		if l.over() {
			break
		}
		wait := l.patience()
		before := l.now
		events := l.poll.wait(wait)
		l.now = l.clock()
		if len(events) > 0 {
			l.attend()
		} else if len(l.unread) == 0 {
			l.alarm(before, wait)
		}
		l.later()
		for _, e := range events {
			l.handle(e)
			// Whatever an event took, what is due goes first.
			if l.now = l.clock(); l.due() {
				l.send()
			}
			l.writeAll()
		}
		if l.now >= l.liveNext {
			l.publish()
		}
	}
	l.starved = threadDelay() - delayed
}

// attend decides whether to stay awake for what comes next.
func (l *loop) attend() {
	if l.arrivals != nil && l.flights.n >= crowd && l.now-l.heard < thaw {
		l.awake = l.now + thaw
	}
	l.heard = l.now
}

// alarm looks at a wait that ended without an event: a poll is time spun away; a
// sleep shows how late the system wakes us. The margin rises with those that are
// later than it and falls with the others, at a quarter of the pace: so about one
// sleep in five is too long, by some microseconds. A margin for the rare very
// late ones would be polled away at each of the others.
func (l *loop) alarm(before, wait time.Duration) {
	late := l.now - before - wait
	switch {
	case wait == 0:
		l.spin += l.now - before
	case late > l.early:
		l.early = min(l.early+l.early/32, mostSpin)
	default:
		l.early = max(l.early-l.early/128, leastSpin)
	}
}

// patience is how long the loop may sleep.
func (l *loop) patience() time.Duration {
	wait := longestWait
	if len(l.unread) > 0 || l.now < l.awake {
		return 0
	}
	if l.arrivals != nil && !l.blocked {
		until := l.nextDue - l.now
		if until <= l.early {
			return 0
		}
		wait = min(wait, until-l.early)
	}
	if l.arrivals == nil && l.now < 0 {
		wait = min(wait, -l.now)
	}
	if f := l.flights.oldest; f != nil {
		wait = min(wait, max(f.sent+l.timeout-l.now, 0))
	}
	return wait
}

// over says that there is nothing more to do.
func (l *loop) over() bool {
	switch {
	case l.stopped.Load():
		l.abandon()
		return true
	case l.arrivals == nil:
		if l.now >= l.until {
			l.forget()
		}
		return l.quota == 0 || l.flights.n == 0 && l.exhausted() && l.waiting() == 0
	case l.now > l.giveUp:
		l.abandonWaiting(false)
	}
	return l.flights.n == 0 && l.nextDue == math.MaxInt64 && l.waiting() == 0
}

// tooLate says that a request is not worth sending any more: the run has ended,
// and it would have had its answer. (Random arrivals by count may be due after
// the expected end.)
func (l *loop) tooLate(due time.Duration) bool { return l.now > l.giveUp && l.now-due > l.timeout }

// forget takes back the requests of a closed loop that were never sent: its time
// is over. Those that were sent once go on, and so do walks that have begun.
func (l *loop) forget() {
	for k := range l.pools {
		p := &l.pools[k].waiting
		for range p.len() {
			if w := p.shift(); w.again || w.walk != nil && w.target > 0 {
				p.push(w)
			}
		}
	}
}

// waiting is how many requests wait for a connection.
func (l *loop) waiting() int {
	n := 0
	for k := range l.pools {
		n += l.pools[k].waiting.len()
	}
	return n
}

// exhausted says that a closed loop begins no more requests.
func (l *loop) exhausted() bool { return l.now >= l.until || l.sequence >= l.last }

// abandon ends an interrupted run: what is on its way is unfinished, and what
// was due is a shortfall.
func (l *loop) abandon() {
	for f := l.flights.oldest; f != nil; f = f.newer {
		l.record(f.target).CutOff(f.i, int(f.target), f.due, f.sent, l.now)
	}
	l.abandonWaiting(true)
}

// abandonWaiting counts what was due by now and not sent: all of it, or what is
// too late.
func (l *loop) abandonWaiting(all bool) {
	for k := range l.pools {
		for p := &l.pools[k].waiting; p.len() > 0 && (all || l.tooLate(p.first().due)); {
			w := p.shift()
			switch {
			case w.again: // it was sent once, and nothing came of it
				l.record(w.target).CutOff(w.i, int(w.target), w.due, w.due, l.now)
			case l.arrivals != nil:
				l.record(w.target).NotSent(w.i, int(w.target), w.due, l.now)
			}
		}
	}
	for l.nextDue <= l.now && (all || l.tooLate(l.nextDue)) {
		i, due, _ := l.arrivals.Next()
		k, _ := l.set.Route(i)
		l.record(int32(k)).NotSent(i, k, due, l.now)
		l.peek()
	}
	l.blocked = false
}

// record is where a target's requests are counted.
func (l *loop) record(target int32) *record.Recorder {
	if len(l.records) == 1 {
		return l.records[0]
	}
	return l.records[l.o.group(int(target))]
}

// peek looks for the next arrival.
func (l *loop) peek() {
	due, ok := l.arrivals.Peek()
	if !ok {
		due = math.MaxInt64
	}
	l.nextDue = due
}

// shut closes everything.
func (l *loop) shut() {
	for _, c := range l.conns {
		if c != nil {
			l.close(c)
		}
	}
	l.mu.Lock()
	l.closed = true
	late := l.inbox
	l.inbox = nil
	l.mu.Unlock()
	for _, d := range late {
		d.discard()
	}
	l.poll.close()
	l.publish()
}
