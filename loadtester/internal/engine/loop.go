//go:build linux || darwin || freebsd

package engine

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h1"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

const (
	// longestWait bounds a wait for events: it is a raw system call, during
	// which this goroutine cannot be stopped for a garbage collection.
	longestWait = 10 * time.Millisecond
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
	slots   slots         // its connections
	pools   []pool        // by endpoint
	opened  int           // connections, those being dialled included
	limit   int
	flights list // requests on their way, oldest first

	agenda openAgenda   // of an open loop
	turns  closedAgenda // of a closed one

	records []*record.Recorder // by group
	buf     []byte
	plain   []byte   // what buf is after TLS
	unread  []uint64 // tokens of connections of which receive has left something
	spare   []uint64 // the other list of them, to be used again
	scratch target.Scratch
	static  bool

	muxed bool         // HTTP/2
	muxer *multiplexer // its part of the loop

	waker   waker
	starved time.Duration
	inbox   inbox

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
		agenda: openAgenda{next: math.MaxInt64}, waker: waker{early: mostSpin, awake: math.MinInt64},
		muxed: r.o.muxed(),
	}
	l.muxer = &multiplexer{loop: l}
	for range r.o.groups() {
		l.records = append(l.records, r.recorder())
	}
	part := r.o.Slice.Within(pace.Slice{Index: uint64(index), Of: uint64(of)})
	if s := r.o.Schedule; s != nil {
		l.agenda = newOpenAgenda(s, part, r.timeout)
		return l, nil
	}
	l.turns = newClosedAgenda(&r.o, part, share(r.o.Concurrency, index, of))
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
		if l.inbox.any.Load() {
			l.receiveMail()
		}
		l.send()
		l.expire()
		l.muxer.writeAll()
		if l.over() {
			break
		}
		wait := l.patience()
		before := l.now
		events := l.poll.wait(wait)
		l.now = l.clock()
		if len(events) > 0 {
			l.waker.heed(l.now, l.crowded())
		} else if len(l.unread) == 0 {
			l.waker.slept(l.now-before, wait)
		}
		l.later()
		for _, e := range events {
			l.handle(e)
			// Whatever an event took, what is due goes first.
			if l.now = l.clock(); l.due() {
				l.send()
			}
			l.muxer.writeAll()
		}
		if l.now >= l.liveNext {
			l.publish()
		}
	}
	l.starved = threadDelay() - delayed
}

// crowded says that an open loop waits for so many answers that the server is
// behind.
func (l *loop) crowded() bool { return l.agenda.on() && l.flights.n >= crowd }

// patience is how long the loop may sleep.
func (l *loop) patience() time.Duration {
	wait := longestWait
	if len(l.unread) > 0 || l.now < l.waker.awake {
		return 0
	}
	if l.agenda.on() && !l.agenda.blocked {
		until := l.agenda.next - l.now
		if until <= l.waker.early {
			return 0
		}
		wait = min(wait, until-l.waker.early)
	}
	if !l.agenda.on() && l.now < 0 {
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
	case !l.agenda.on():
		if l.now >= l.turns.until {
			l.forget()
		}
		return l.turns.quota == 0 || l.flights.n == 0 && l.turns.exhausted(l.now) && l.waiting() == 0
	case l.now > l.agenda.giveUp:
		l.abandonWaiting(false)
	}
	return l.flights.n == 0 && l.agenda.next == math.MaxInt64 && l.waiting() == 0
}

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
		for p := &l.pools[k].waiting; p.len() > 0 && (all || l.agenda.tooLate(l.now, p.first().due)); {
			w := p.shift()
			switch {
			case w.again: // it was sent once, and nothing came of it
				l.record(w.target).CutOff(w.i, int(w.target), w.due, w.due, l.now)
			case l.agenda.on():
				l.record(w.target).NotSent(w.i, int(w.target), w.due, l.now)
			}
		}
	}
	for l.agenda.next <= l.now && (all || l.agenda.tooLate(l.now, l.agenda.next)) {
		i, due := l.agenda.take()
		k, _ := l.set.Route(i)
		l.record(int32(k)).NotSent(i, k, due, l.now)
	}
	l.agenda.blocked = false
}

// record is where a target's requests are counted.
func (l *loop) record(target int32) *record.Recorder {
	if len(l.records) == 1 {
		return l.records[0]
	}
	return l.records[l.o.group(int(target))]
}

// shut closes everything.
func (l *loop) shut() {
	for _, c := range l.slots.conns {
		if c != nil {
			l.close(c)
		}
	}
	l.inbox.close()
	l.poll.close()
	l.publish()
}
