//go:build linux || darwin || freebsd

package engine

import (
	"bytes"
	"syscall"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// due says whether send has something to do.
func (l *loop) due() bool {
	if l.agenda.on() {
		return l.agenda.due(l.now)
	}
	return l.turns.free(l.now)
}

// send sends all requests whose time has come.
func (l *loop) send() {
	if !l.agenda.on() {
		for l.turns.free(l.now) && !l.turns.exhausted(l.now) {
			w, endpoint := l.begins(l.turns.take())
			w.due = l.now
			l.dispatch(endpoint, w)
		}
		return
	}
	for l.agenda.due(l.now) {
		i, due := l.agenda.take()
		w, endpoint := l.begins(i)
		w.due, w.own = due, l.now-due
		l.dispatch(endpoint, w)
		l.agenda.blocked = l.pools[endpoint].waiting.full()
	}
}

// dispatch gives a request to a connection, or lets it wait for one.
func (l *loop) dispatch(endpoint int, w pending) {
	p := &l.pools[endpoint]
	if p.waiting.len() == 0 {
		if c := p.ready(); c != nil {
			l.begin(c, w)
			return
		}
	}
	if l.o.Saturation != Queue && l.agenda.on() && l.opened >= l.limit && !w.again && p.dialing <= p.waiting.len() {
		l.saturated(w)
		return
	}
	p.waiting.push(w)
	l.grow(endpoint)
}

// saturated gives a request up for which there is no connection.
func (l *loop) saturated(w pending) {
	if l.record(w.target).Saturate(w.i, int(w.target), w.due, l.now, w.own, l.o.Saturation == Drop) {
		l.live.sent++
		l.live.ended(false, l.now-w.due)
	}
}

// begin sends w over c, which is idle.
func (l *loop) begin(c *conn, w pending) {
	if c.mux != nil {
		l.muxer.beginStream(c, w)
		return
	}
	request := l.request(c, &w)
	f := &c.flight
	*f = flight{pending: w, conn: c, warm: w.due < l.warmup, rec: l.record(w.target)}
	c.parser.Reset(request.Head)
	c.body.reset(c.body.keep)
	if l.o.Trace != nil {
		f.trace = &Trace{Wire: bytes.Clone(request.Wire)}
	}
	f.sent = l.clock()
	if !l.agenda.on() && !w.again {
		f.due = f.sent
		if c.used == 0 { // it has waited for this connection
			f.due = w.due
		}
	}
	c.busy = true
	l.flights.push(f)
	l.count(f)
	number := c.write(request.Wire)
	switch {
	case number == 0 && len(c.out) == 0:
	case number == 0:
		if !l.static { // the scratch is used again for the next request
			c.keep()
		}
		if err := l.poll.writable(c.fd, c.token, true); err != nil {
			l.fail(f, record.SendFailed)
		}
	default:
		l.broken(c, number)
	}
}

// count notes that f was sent.
func (l *loop) count(f *flight) {
	if f.again { // it was counted when it went out first
		return
	}
	l.live.sent++
	f.rec.Begin(f.due, f.sent, f.own+max(f.sent-l.now, 0))
}

// flush goes on writing after the socket was full.
func (l *loop) flush(c *conn) {
	if len(c.out) == 0 {
		return
	}
	if number := c.push(); number != 0 {
		l.broken(c, number)
		return
	}
	if len(c.out) > 0 {
		return
	}
	if err := l.poll.writable(c.fd, c.token, false); err != nil {
		l.fault(c, record.SendFailed)
		return
	}
	if c.mux != nil {
		l.muxer.writeMux(c)
	}
}

// broken handles a write that failed. There may be a response to read all the
// same: a server that refuses a body answers and closes.
func (l *loop) broken(c *conn, number syscall.Errno) {
	c.out, c.ending = nil, true
	l.receive(c)
	if c.fd >= 0 && (c.busy || c.mux != nil) {
		l.lost(c, number)
	}
}

// expire ends the requests whose time is over.
func (l *loop) expire() {
	for f := l.flights.oldest; f != nil && l.now-f.sent >= l.timeout; f = l.flights.oldest {
		class := record.NoAnswerTimeout
		if f.first > 0 {
			class = record.BodyTimeout
		}
		l.fail(f, class)
	}
}

// list keeps the requests on their way in the order in which they were sent.
type list struct {
	oldest, newest *flight
	n              int
}

// flight is a request on its way.
type flight struct {
	pending
	sent, first  time.Duration // first: of the response's first byte; 0: none came
	conn         *conn
	stream       *stream // in HTTP/2
	rec          *record.Recorder
	trace        *Trace // nil: nobody reads along
	warm         bool   // not recorded
	older, newer *flight
}

func (s *list) push(f *flight) {
	f.older, f.newer = s.newest, nil
	if s.newest != nil {
		s.newest.newer = f
	} else {
		s.oldest = f
	}
	s.newest = f
	s.n++
}

func (s *list) remove(f *flight) {
	if f.older != nil {
		f.older.newer = f.newer
	} else {
		s.oldest = f.newer
	}
	if f.newer != nil {
		f.newer.older = f.older
	} else {
		s.newest = f.older
	}
	f.older, f.newer = nil, nil
	s.n--
}
