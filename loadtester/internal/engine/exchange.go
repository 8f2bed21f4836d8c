package engine

import (
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
	group := c.o.group(message.Target)
	warm := j.due < c.warmup
	sent := c.now()
	c.mu.Lock()
	c.total.Sent++
	c.total.InFlight++
	rec := c.records[group]
	if warm {
		rec.Warmup++
	} else {
		rec.Start(j.due-c.warmup, sent-c.warmup, j.own)
	}
	c.mu.Unlock()

	out := c.send(ctx, &message, session != nil)
	done := c.now()
	class := c.class(ctx, &out)
	c.mu.Lock()
	c.settle(rec, message.Target, j.due, sent, done, &out, class, warm, ctx.Err() != nil)
	c.mu.Unlock()
	if c.o.Observe != nil && !warm {
		c.o.Observe(&Observation{
			Request: j.i, Target: message.Target, Status: out.status, Head: head(&out),
			Due: j.due, Sent: sent, Done: done, Class: class,
		})
	}
	if session == nil {
		return false
	}
	if out.err != nil {
		session.Broken(out.err)
	} else {
		session.Response(out.status, fields(&out), out.body)
	}
	return session.Err() == nil
}

// class is the cause of a failure; OK where a whole response came.
func (c *classic) class(ctx context.Context, out *reply) record.Class {
	if out.err == nil {
		if !out.match {
			return record.UnexpectedBody
		}
		return record.OK
	}
	timeout := record.NoAnswerTimeout
	if out.status != 0 {
		timeout = record.BodyTimeout
	}
	return classify(out.err, timeout, classOfText(out.err.Error()))
}

// classOfText knows the errors of net/http that have no type.
func classOfText(text string) record.Class {
	if strings.Contains(text, "headers exceeded") {
		return record.TooLarge
	}
	for _, word := range []string{"malformed", "invalid", "bad Content-Length"} {
		if strings.Contains(text, word) {
			return record.Malformed
		}
	}
	return record.Other
}

// settle records the end of a request. The caller holds the lock.
func (c *classic) settle(rec *record.Record, target int, due, sent, done time.Duration, out *reply, class record.Class, warm, stopped bool) {
	c.total.InFlight--
	if warm {
		return
	}
	rec.BytesIn += out.bytes
	due0, sent0, done0 := due-c.warmup, sent-c.warmup, done-c.warmup
	success := class == record.OK && c.ok[out.status%1000]
	if class == record.OK || !stopped {
		rec.Tally(target, done-due, class, out.status, success)
	}
	switch {
	case class == record.OK:
		rec.End(due0, sent0, done0, out.status, success)
		if out.first > 0 {
			rec.Phases[record.PhaseFirstByte].Record(out.first - sent)
			rec.Phases[record.PhaseBody].Record(done - out.first)
		}
	case stopped:
		rec.Unfinished++
		return
	default:
		rec.Fail(due0, sent0, done0, class)
	}
	if success {
		c.total.Succeeded++
		c.live.Succeeded++
	} else {
		c.total.Failed++
		c.live.Failed++
	}
	c.live.Record(done - due)
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
