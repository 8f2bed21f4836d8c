//go:build linux || darwin || freebsd

package engine

import (
	"errors"
	"io"
	"syscall"

	"github.com/seniorbackend/tools/loadtester/internal/h1"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// handle passes an event on to its connection.
func (l *loop) handle(e event) {
	c := l.slots.of(e.token)
	if c == nil { // closed by an event before this one
		return
	}
	if e.write {
		l.flush(c)
	}
	if e.read && c.fd >= 0 {
		c.ending = c.ending || e.end
		l.receive(c)
	}
}

// later handles what receive has left, as if it had been told again.
func (l *loop) later() {
	tokens := l.unread
	l.unread, l.spare = l.spare[:0], tokens
	for _, token := range tokens {
		l.handle(event{token: token, read: true})
	}
}

// readsAtOnce bounds how long one connection keeps the others waiting.
const readsAtOnce = 16

// receive reads what has come. Data goes before errors: after a reset there may
// still be a response to read. A read that does not fill the buffer has emptied
// the socket, and what comes later is told; but an end that is already there is
// not told again, so that it has to be read up to. Of a connection on which more
// answers are on their way it reads once more: what came meanwhile would cost a
// wait and a write of its own, many times what a read costs that finds nothing.
func (l *loop) receive(c *conn) {
	for range readsAtOnce {
		n, number := readFD(c.fd, l.buf)
		switch {
		case number == syscall.EAGAIN:
			return
		case number == syscall.EINTR:
			continue
		case number != 0 || n == 0:
			l.lost(c, number)
			return
		}
		if c.secure != nil {
			l.unwrap(c, l.buf[:n])
		} else {
			l.take(c, l.buf[:n])
		}
		if n < len(l.buf) && !c.ending && !c.expects() || c.fd < 0 {
			return
		}
		if l.now = l.clock(); l.agenda.on() && l.due() { // that goes first
			break
		}
	}
	l.unread = append(l.unread, c.token)
}

// unwrap takes bytes of TLS.
func (l *loop) unwrap(c *conn, data []byte) {
	c.wire.in = data
	for c.fd >= 0 {
		n, err := c.decrypt(l.plain)
		switch {
		case errors.Is(err, io.EOF):
			l.lost(c, 0)
			return
		case err != nil:
			l.fault(c, record.TLSFailed)
			return
		case n == 0:
			return
		}
		l.take(c, l.plain[:n])
	}
}

// take takes bytes of a response.
func (l *loop) take(c *conn, data []byte) {
	if c.mux != nil {
		l.muxer.takeMux(c, data)
		return
	}
	f := &c.flight
	if !c.busy || !c.parser.Begun() {
		switch {
		case h1.Blank(data): // it belongs to the response before
			if c.blank += len(data); c.blank > mostBlank {
				l.fault(c, record.Malformed)
			}
			return
		case !c.busy: // nobody asked
			l.drop(c)
			return
		}
	}
	c.blank = 0
	if f.first == 0 {
		f.first = l.now
	}
	f.rec.Receive(f.due, int64(len(data)))
	n, whole, err := c.parser.Feed(data)
	switch {
	case errors.Is(err, h1.ErrTooLarge):
		l.fail(f, record.TooLarge)
	case err != nil, whole && !h1.Blank(data[n:]): // more bytes than the response has
		l.fail(f, record.Malformed)
	case whole:
		l.complete(c)
	}
}

// complete records a whole response, and goes on with its connection and with its
// chain.
func (l *loop) complete(c *conn) {
	f := &c.flight
	class := c.body.end()
	reply := l.walkOn(f)
	l.ended(f, worse(class, reply), c.parser.Status, reply == target.Expected)
	next, more := l.follows(f)
	l.release(c)
	if more {
		l.goOn(next)
	}
}

// release gives c to the next request after a whole response, or closes it.
func (l *loop) release(c *conn) {
	c.used++
	if c.parser.Close() || l.o.NoKeepAlive || len(c.out) > 0 || c.ending {
		if !l.o.NoKeepAlive {
			l.records[l.groupOfEndpoint(c.endpoint)].Connections.Closed++
		}
		l.close(c)
		return
	}
	p := &l.pools[c.endpoint]
	if p.waiting.len() > 0 {
		l.begin(c, p.waiting.shift())
		l.agenda.blocked = false
		return
	}
	p.push(c)
}

// serve gives waiting requests to the connections that are ready.
func (l *loop) serve(endpoint int) {
	p := &l.pools[endpoint]
	for p.waiting.len() > 0 {
		c := p.ready()
		if c == nil {
			return
		}
		l.begin(c, p.waiting.shift())
		l.agenda.blocked = false
	}
}

// ended takes f off the list and records it. expected: a step of a chain that
// says itself which statuses are right got one of them.
func (l *loop) ended(f *flight, class record.Class, status int, expected bool) {
	l.flights.remove(f)
	c := f.conn
	c.busy = false
	l.turns.active--
	success := class == record.OK && (expected || l.ok[status%1000])
	l.live.ended(success, l.now-f.due)
	if l.o.Observe != nil && !f.warm {
		seen := l.observation(f, class, status)
		l.o.Observe(&seen)
	}
	if f.trace != nil {
		l.traced(f, class, status)
	}
	f.rec.Finish(&record.Outcome{
		Request: f.i, Target: int(f.target), Due: f.due, Sent: f.sent, First: f.first, Done: l.now,
		Class: class, Status: status, Success: success,
	})
}

// fail ends a request without a whole response. Its connection is of no more use.
func (l *loop) fail(f *flight, class record.Class) {
	c := f.conn
	if f.stream != nil {
		l.muxer.endStream(c, f.stream, class)
		return
	}
	l.ended(f, class, c.parser.Status, false)
	l.walked(&f.pending, false)
	l.close(c)
}

// lost handles the end of a connection: number says why, 0 in order.
func (l *loop) lost(c *conn, number syscall.Errno) {
	if c.mux != nil && c.mux.active > 0 {
		class := record.Closed
		if number != 0 {
			class = classifyErrno(number, record.NoAnswerTimeout, record.Other)
		}
		l.muxer.muxLost(c, class)
		return
	}
	if !c.busy {
		l.drop(c)
		return
	}
	f := &c.flight
	switch {
	case number == 0 && c.parser.EOF():
		l.complete(c)
	case c.stale(f, l.now):
		// That is the price of keeping connections, not a failure. Once.
		l.again(c)
	case number == 0:
		l.fail(f, record.Closed)
	default:
		l.fail(f, classifyErrno(number, record.NoAnswerTimeout, record.Other))
	}
}

// fault ends a connection that cannot be read any more.
func (l *loop) fault(c *conn, class record.Class) {
	switch {
	case c.mux != nil && c.mux.active > 0:
		l.muxer.muxLost(c, class)
	case c.busy:
		l.fail(&c.flight, class)
	default:
		l.drop(c)
	}
}

// again lets the request of c wait for another connection, before all others.
func (l *loop) again(c *conn) {
	f := &c.flight
	l.flights.remove(f)
	c.busy = false
	w := f.pending
	w.again = true
	rec := l.records[l.groupOfEndpoint(c.endpoint)]
	rec.Connections.Retried++
	rec.Connections.Closed++
	endpoint := c.endpoint
	l.closeOnly(c)
	p := &l.pools[endpoint]
	// Other idle connections are as old: a fresh one is sure.
	p.waiting.unshift(w)
	l.grow(endpoint)
}

// drop closes a connection that no request is on.
func (l *loop) drop(c *conn) {
	l.records[l.groupOfEndpoint(c.endpoint)].Connections.Closed++
	l.close(c)
}
