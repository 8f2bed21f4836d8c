//go:build linux || darwin || freebsd

package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/seniorbackend/tools/loadtester/internal/h1"
	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// dialled is a connection that was opened for a loop, or the failure to.
type dialled struct {
	endpoint int
	fd       int
	secure   *tls.Conn
	wire     *wire
	took     phases
	err      error
}

func (d *dialled) discard() {
	if d.err == nil {
		_ = unix.Close(d.fd)
	}
}

// grow opens a connection when more requests wait than connections are coming.
func (l *loop) grow(endpoint int) {
	p := &l.pools[endpoint]
	if (p.dialing+p.settling)*l.o.perConn() >= p.waiting.len() || p.dialing >= maxDialing {
		return
	}
	if l.opened >= l.limit && !l.evict(endpoint) {
		return
	}
	l.dial1(endpoint)
}

// dial1 opens a connection beside the loop; it comes into the inbox.
func (l *loop) dial1(endpoint int) {
	l.pools[endpoint].dialing++
	l.opened++
	go func() {
		d := l.handOver(l.ctx, endpoint)
		if !l.inbox.put(d, l.poll.wake) {
			d.discard()
		}
	}()
}

// evict closes an idle connection to another endpoint.
func (l *loop) evict(endpoint int) bool {
	for k := range l.pools {
		if p := &l.pools[k]; k != endpoint && len(p.idle) > 0 && (p.idle[0].mux == nil || p.idle[0].mux.active == 0) {
			l.closeOnly(p.idle[0])
			return true
		}
	}
	return false
}

// handOver dials, and takes the descriptor out of the hands of Go's runtime.
func (l *loop) handOver(ctx context.Context, endpoint int) dialled {
	e := l.set.Endpoints[endpoint]
	out := dialled{endpoint: endpoint, fd: -1}
	raw, took, err := l.dial.connect(ctx, e)
	out.took, out.err = took, err
	if err != nil {
		return out
	}
	defer raw.Close()
	if e.TLS() {
		out.wire = &wire{Conn: raw}
		out.secure, out.took.tls, out.err = l.dial.handshake(ctx, out.wire, e)
		if out.err != nil {
			return out
		}
	}
	out.fd, out.err = duplicate(raw)
	return out
}

// duplicate copies the descriptor of a connection. The copy stays non-blocking,
// and Go's poller knows nothing of it.
func duplicate(c net.Conn) (int, error) {
	source, ok := c.(syscall.Conn)
	if !ok {
		return -1, errors.New("a connection without a descriptor")
	}
	raw, err := source.SyscallConn()
	if err != nil {
		return -1, err
	}
	fd := -1
	var dup error
	if err := raw.Control(func(old uintptr) {
		fd, dup = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0)
	}); err != nil {
		return -1, err
	}
	if dup != nil {
		return -1, &dialError{classifyErr(dup), dup}
	}
	return fd, nil
}

func classifyErr(err error) record.Class {
	return classify(err, record.ConnectTimeout, record.ConnectFailed)
}

// receiveMail takes the connections that have come.
func (l *loop) receiveMail() {
	mail := l.inbox.take()
	for i := range mail {
		l.adopt(&mail[i])
	}
}

// adopt makes a dialled connection one of the loop's.
func (l *loop) adopt(d *dialled) {
	p := &l.pools[d.endpoint]
	p.dialing--
	rec := l.records[l.groupOfEndpoint(d.endpoint)]
	var c *conn
	if d.err == nil {
		c, d.err = l.newConn(d)
	}
	if d.err != nil {
		l.opened--
		rec.Connections.Failed++
		l.unconnected(d)
		return
	}
	d.took.record(rec.Record)
	rec.Connections.Opened++
	p.open++
	rec.Connections.Peak = max(rec.Connections.Peak, int64(p.open))
	p.push(c)
	if c.secure != nil { // what came with the handshake is not told again
		l.unwrap(c, nil)
	}
	l.serve(d.endpoint)
	if p.waiting.len() > 0 {
		l.grow(d.endpoint)
	}
}

// newConn gives a descriptor a slot and lets the poller watch it.
func (l *loop) newConn(d *dialled) (*conn, error) {
	slot, token := l.slots.next()
	c := &conn{
		fd: d.fd, slot: slot, token: token, endpoint: d.endpoint, place: -1, secure: d.secure, wire: d.wire,
		grace: 2*d.took.connect + staleSlack,
	}
	if err := l.poll.add(c.fd, c.token); err != nil {
		_ = unix.Close(c.fd)
		return nil, &dialError{classifyErr(err), err}
	}
	l.slots.put(c)
	if l.muxed {
		c.mux = newMux(l.o.perConn())
		l.pools[c.endpoint].settling++
		l.muxer.touch(c)
	}
	c.parser = h1.Parser{Limits: &l.limits, KeepHead: l.o.Observe != nil || l.o.Body != nil || l.o.Trace != nil}
	if l.o.Body != nil && c.mux == nil {
		c.body.match = l.o.Body()
	}
	c.body.keep = l.o.Trace != nil
	if l.set.Chained() || c.body.wanted() {
		c.parser.OnBody = c.collect
	}
	if c.secure != nil {
		c.wire.Conn, c.wire.c = nil, c
		if l.plain == nil {
			l.plain = make([]byte, readSize)
		}
	}
	return c, nil
}

// unconnected fails the request that has waited longest: it is the one that the
// connection was for.
func (l *loop) unconnected(d *dialled) {
	p := &l.pools[d.endpoint]
	if p.waiting.len() == 0 {
		return
	}
	w := p.waiting.shift()
	l.agenda.blocked = false
	l.turns.active--
	class := classify(d.err, record.ConnectTimeout, record.ConnectFailed)
	l.live.ended(false, l.now-w.due)
	f := flight{pending: w, rec: l.record(w.target), warm: w.due < l.warmup, sent: l.now}
	l.count(&f)
	seen := Observation{Request: w.i, Target: int(w.target), Due: w.due, Sent: l.now, Done: l.now, Class: class}
	if l.o.Observe != nil && !f.warm {
		l.o.Observe(&seen)
	}
	if l.o.Trace != nil {
		l.o.Trace(&Trace{Observation: seen, Reason: d.err})
	}
	f.rec.Finish(&record.Outcome{Request: w.i, Target: int(w.target), Due: w.due, Sent: l.now, Done: l.now, Class: class})
	l.walked(&f.pending, false)
	if p.waiting.len() > 0 {
		l.grow(d.endpoint)
	}
}

// close closes c, and opens another where requests wait.
func (l *loop) close(c *conn) {
	endpoint := c.endpoint
	l.closeOnly(c)
	if l.pools[endpoint].waiting.len() > 0 {
		l.grow(endpoint)
	}
}

func (l *loop) closeOnly(c *conn) {
	if c.fd < 0 {
		return
	}
	p := &l.pools[c.endpoint]
	if c.place >= 0 {
		p.take(c)
	}
	if c.mux != nil && !c.mux.settled {
		p.settling--
	}
	l.poll.remove(c.fd)
	_ = unix.Close(c.fd)
	c.fd, c.out = -1, nil
	p.open--
	l.opened--
	l.slots.remove(c)
}
