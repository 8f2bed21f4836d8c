//go:build linux || darwin || freebsd

package engine

import (
	"bytes"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// This file is what a loop does for chains: an arrival begins a walk, and each
// step is due when the one before has ended.

// begins gives the first request of arrival i.
func (l *loop) begins(i uint64) (w pending, endpoint int) {
	if !l.set.Chained() {
		k, endpoint := l.set.Route(i)
		return pending{i: i, target: int32(k)}, endpoint
	}
	return pending{i: i, walk: l.set.Session(i)}, l.set.Targets[0].Endpoint
}

// request makes the bytes of w, and has c keep of the response what later steps
// need.
func (l *loop) request(c *conn, w *pending) target.Request {
	if w.walk == nil {
		return l.set.Request(w.i, &l.scratch)
	}
	header, body := w.walk.Wants()
	c.body.keep = body || l.o.Trace != nil
	c.parser.KeepHead = header || l.o.Observe != nil || c.body.wanted()
	request, _ := w.walk.Next(&l.scratch)
	return request
}

// walkOn shows a whole response to f's walk.
func (l *loop) walkOn(f *flight) target.Reply {
	if f.walk == nil {
		return target.Plain
	}
	c := f.conn
	return f.walk.Response(c.parser.Status, headerFields(c.parser.Head()), c.body.bytes)
}

// follows gives the next step after a whole response to f's. Without one the
// walk has ended.
func (l *loop) follows(f *flight) (next pending, more bool) {
	if f.walk == nil {
		return pending{}, false
	}
	k, more := f.walk.Step()
	if !more {
		l.walked(&f.pending, f.walk.Err() == nil)
	}
	return pending{i: f.i, due: l.now, target: int32(k), walk: f.walk}, more
}

// observation is what is told of f, which has ended.
func (l *loop) observation(f *flight, class record.Class, status int) Observation {
	head := f.conn.parser.Head()
	if f.stream != nil {
		head = f.stream.head
	}
	return Observation{
		Request: f.i, Target: int(f.target), Status: status, Head: head,
		Due: f.due, Sent: f.sent, Done: l.now, Class: class,
	}
}

// traced tells all of f, which has ended.
func (l *loop) traced(f *flight, class record.Class, status int) {
	t, look := f.trace, &f.conn.body
	if f.stream != nil {
		look = &f.stream.look
	}
	t.Observation = l.observation(f, class, status)
	t.Head, t.Body = bytes.Clone(t.Head), bytes.Clone(look.bytes)
	if status == 0 { // the parser may still hold the last response
		t.Head, t.Body = nil, nil
	}
	t.walked(f.walk)
	l.o.Trace(t)
}

// walked counts the end of w's walk, if it is one's.
func (l *loop) walked(w *pending, whole bool) {
	if w.walk != nil {
		l.record(w.target).Walk(w.due, whole, int(w.target))
	}
}

// goOn sends the next step of a walk.
func (l *loop) goOn(w pending) {
	l.turns.active++
	l.dispatch(l.set.Targets[w.target].Endpoint, w)
}

// collect sees the pieces of a body.
func (c *conn) collect(piece []byte) {
	if !c.body.begun {
		c.body.begin(encodingOf(c.parser.Head()))
	}
	c.body.feed(piece)
}
