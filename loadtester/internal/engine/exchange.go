package engine

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// one sends a request over net/http and records it. more is false when a chain
// has no further step.
func (c *classic) one(ctx context.Context, j job, session *target.Session) (more bool) {
	var scratch target.Scratch
	var message target.Message
	if session != nil {
		if message, more = session.NextMessage(&scratch); !more {
			return false
		}
	} else {
		message = c.set.Message(j.i, &scratch)
	}
	follow := c.follow(session, &message)
	group := c.o.group(message.Target)
	sent := c.now()
	c.mu.Lock()
	c.total.Sent++
	c.total.InFlight++
	rec := c.records[group]
	rec.Begin(j.due, sent, j.own)
	c.mu.Unlock()

	out := c.send(ctx, &message, session != nil || c.o.Trace != nil, follow)
	done := c.now()
	class, reply := c.class(ctx, &out), target.Plain
	if session != nil && out.err == nil {
		if follow != nil && follow.at != nil {
			session.Moved(follow.at)
		}
		reply = session.Response(out.status, fields(&out), out.body)
		if class == record.ForeignRedirect && reply == target.Expected {
			class = record.OK // a step that expects the redirect itself
		} else if class.Redirect() {
			session.Broken(fmt.Errorf("%s", class))
		}
		class = worse(class, reply)
	}
	ended := record.Outcome{
		Request: j.i, Target: message.Target, Due: j.due, Sent: sent, First: out.first, Done: done,
		Class: class, Status: out.status, Success: class == record.OK && (reply == target.Expected || c.ok[out.status%1000]),
	}
	c.mu.Lock()
	c.settle(rec, &ended, out.bytes, ctx.Err() != nil)
	if more = c.more(session, out.err); session != nil && !more && ctx.Err() == nil {
		rec.Walk(j.due, session.Err() == nil, message.Target)
	}
	c.mu.Unlock()
	if c.o.Observe == nil && c.o.Trace == nil {
		return more
	}
	seen := Observation{
		Request: j.i, Target: message.Target, Status: out.status, Head: head(&out),
		Due: j.due, Sent: sent, Done: done, Class: class,
	}
	if c.o.Observe != nil && !rec.Warm(j.due) {
		c.o.Observe(&seen)
	}
	if c.o.Trace != nil {
		t := &Trace{Observation: seen, Wire: wireOf(&message, c.o.version()), Body: out.body, Reason: out.err}
		t.walked(session)
		c.o.Trace(t)
	}
	return more
}

// more says whether a chain has a further step.
func (c *classic) more(session *target.Session, err error) bool {
	if session == nil {
		return false
	}
	if err != nil {
		session.Broken(err)
	}
	_, more := session.Step()
	return more
}

// class is the cause of a failure; OK where a whole response came.
func (c *classic) class(ctx context.Context, out *reply) record.Class {
	if out.err == nil {
		switch {
		case out.hops != nil && out.hops.class != record.OK && !c.expected(out):
			return out.hops.class
		}
		return out.look
	}
	timeout := record.NoAnswerTimeout
	if out.first != 0 {
		timeout = record.BodyTimeout
	}
	return classify(out.err, timeout, classOfText(out.err.Error()))
}

// expected says that a redirect elsewhere is what the user asked for by
// --expect-status. Nobody asks for a loop.
func (c *classic) expected(out *reply) bool {
	return out.hops.class == record.ForeignRedirect && c.o.Success != nil && c.ok[out.status%1000]
}

// classOfText knows the errors of net/http that have no type.
func classOfText(text string) record.Class {
	if strings.Contains(text, "headers exceeded") || strings.Contains(text, "headers too large") || strings.Contains(text, "HEADERS frame too large") {
		return record.TooLarge
	}
	for _, word := range []string{"malformed", "invalid", "bad Content-Length", "expected first frame"} {
		if strings.Contains(text, word) {
			return record.Malformed
		}
	}
	return record.Other
}

// settle records the end of a request; stopped: the run was interrupted, which
// may be what ended it. The caller holds the lock.
func (c *classic) settle(rec *record.Recorder, o *record.Outcome, bytes int64, stopped bool) {
	c.total.InFlight--
	rec.Receive(o.Due, bytes)
	if stopped && o.Class != record.OK && !o.Class.Answered() {
		rec.CutOff(o.Request, o.Target, o.Due, o.Sent, o.Done)
		return
	}
	rec.Finish(o)
	if o.Success {
		c.total.Succeeded++
		c.live.Succeeded++
	} else {
		c.total.Failed++
		c.live.Failed++
	}
	c.live.Record(o.Done - o.Due)
}

// worse is the cause of a failure in a whole response: of its body, or of what
// the chain finds in it.
func worse(class record.Class, reply target.Reply) record.Class {
	switch {
	case class != record.OK:
		return class
	case reply == target.Unwanted:
		return record.UnwantedStatus
	case reply == target.Nothing:
		return record.NothingSaved
	}
	return class
}

func fields(out *reply) []target.Field {
	var list []target.Field
	for name, values := range out.header {
		for _, v := range values {
			list = append(list, target.Field{Name: name, Value: v})
		}
	}
	return list
}

// head writes the response's head as HTTP/1.1 would.
func head(out *reply) []byte {
	if out.status == 0 {
		return nil
	}
	text := fmt.Appendf(nil, "HTTP/1.1 %d \r\n", out.status)
	for _, f := range fields(out) {
		text = fmt.Appendf(text, "%s: %s\r\n", f.Name, f.Value)
	}
	return append(text, "\r\n"...)
}

// headerFields reads the fields of a response's head.
func headerFields(head []byte) []target.Field {
	var list []target.Field
	_, rest, _ := bytes.Cut(head, []byte("\n"))
	for line := range bytes.Lines(rest) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if ok {
			list = append(list, target.Field{Name: string(name), Value: string(bytes.TrimSpace(value))})
		}
	}
	return list
}

// record adds the phases of a new connection.
func (p phases) record(rec *record.Record) {
	for phase, took := range map[record.Phase]time.Duration{
		record.PhaseDNS: p.dns, record.PhaseConnect: p.connect, record.PhaseTLS: p.tls,
	} {
		if took >= 0 {
			rec.Phases[phase].Record(took)
		}
	}
}
