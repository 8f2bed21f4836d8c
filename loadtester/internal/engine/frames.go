//go:build linux || darwin || freebsd

package engine

import (
	"github.com/seniorbackend/tools/loadtester/internal/h1"
	"github.com/seniorbackend/tools/loadtester/internal/h2"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// takeMux takes bytes of an HTTP/2 connection.
func (l *multiplexer) takeMux(c *conn, data []byte) {
	m := c.mux
	if len(m.in) > 0 {
		m.in = append(m.in, data...)
		data = m.in
	}
	for {
		f, n, err := h2.Next(data)
		if err != nil {
			l.muxLost(c, record.Malformed)
			return
		}
		if n == 0 {
			break
		}
		whole := l.frame(c, f)
		if c.fd < 0 {
			return
		}
		if !whole {
			l.muxLost(c, record.Malformed)
			return
		}
		data = data[n:]
	}
	m.in = append(m.in[:0], data...)
}

// frame handles one frame; false: it breaks the protocol.
func (l *multiplexer) frame(c *conn, f h2.Frame) bool {
	m := c.mux
	if m.open != 0 && (f.Type != h2.Continuation || f.Stream != m.open) {
		return false
	}
	if m.vain++; m.vain > mostInVain {
		l.muxLost(c, record.Flooded)
		return true
	}
	switch f.Type {
	case h2.Data:
		return l.dataFrame(c, f)
	case h2.Headers:
		block, err := f.Body()
		if err != nil || f.Stream&1 == 0 {
			return false
		}
		end := f.Flags&h2.EndStream != 0
		if f.Flags&h2.EndHeaders != 0 {
			return l.headFrame(c, f.Stream, block, end)
		}
		m.open, m.openEnd, m.block = f.Stream, end, append(m.block[:0], block...)
	case h2.Continuation:
		if m.open == 0 {
			return false
		}
		if len(m.block)+len(f.Payload) > l.limits.Head {
			l.muxLost(c, record.TooLarge)
			return true
		}
		m.block = append(m.block, f.Payload...)
		if f.Flags&h2.EndHeaders != 0 {
			m.open = 0
			return l.headFrame(c, f.Stream, m.block, m.openEnd)
		}
	case h2.RstStream:
		return l.resetFrame(c, f)
	case h2.Settings:
		return l.settingsFrame(c, f)
	case h2.Ping:
		if len(f.Payload) != 8 || f.Stream != 0 {
			return false
		}
		if f.Flags&h2.Ack == 0 {
			m.pending = h2.AppendFrame(m.pending, h2.Ping, h2.Ack, 0, f.Payload)
			return l.owe(c)
		}
	case h2.GoAway:
		return l.goAwayFrame(c, f)
	case h2.WindowUpdate:
		return l.windowFrame(c, f)
	case h2.PushPromise: // we have forbidden it
		return false
	}
	return true
}

// mostInVain is how many frames in a row may come that bring no answer on: PRIORITY,
// DATA and CONTINUATION without bytes, resets of streams that nobody has opened, and
// so on. Any number of them is legal, and costs the server next to nothing
// (CVE-2019-9513, CVE-2019-9518, CVE-2024-27316 and others). A server may say once in
// windowUse bytes that it has read ours, and send framesLate for a request that was
// given up; mostAllowed bounds what it saves up of that.
const (
	mostInVain  = 10_000
	windowUse   = 64
	framesLate  = 100
	mostAllowed = 1 << 20
)

// allow lets n more frames come in vain.
func (m *mux) allow(n int) { m.vain = max(m.vain-n, -mostAllowed) }

// broughtOn says that a frame has brought an answer on.
func (m *mux) broughtOn() { m.vain = min(m.vain, 0) }

// headFrame takes a whole header block: interim, of the response, or trailers.
func (l *multiplexer) headFrame(c *conn, id uint32, block []byte, end bool) bool {
	head, err := h2.Read(block)
	status := head.Status
	if err != nil {
		return false
	}
	s := c.mux.stream(id)
	if s == nil { // ended before
		return true
	}
	f := &s.flight
	if f.first == 0 {
		f.first = l.now
	}
	f.rec.Receive(f.due, int64(h2.HeaderSize+len(block)))
	if head.Size > l.limits.Head {
		l.endStream(c, s, record.TooLarge)
		return true
	}
	switch {
	case s.status != 0: // trailers
		if !end {
			l.endStream(c, s, record.Malformed)
			return true
		}
	case status < 100 || end && status < 200:
		l.endStream(c, s, record.Malformed)
		return true
	case status < 200:
		if s.hints++; s.hints > h1.InterimLimit {
			l.endStream(c, s, record.Malformed)
		}
		return true
	default:
		c.mux.broughtOn()
		s.status, s.length = status, head.Length
		if s.keepHead {
			s.head = h2.AppendHead(s.head[:0], block, status)
		}
	}
	if end {
		l.whole(c, s)
	}
	return true
}

// windowLeft is how much of a window may be used up before it is renewed.
const windowLeft = h2.Window / 4

// dataFrame takes a piece of a body.
func (l *multiplexer) dataFrame(c *conn, f h2.Frame) bool {
	m := c.mux
	body, err := f.Body()
	if err != nil || f.Stream&1 == 0 {
		return false
	}
	if m.came += int64(len(f.Payload)); m.came > windowLeft {
		m.pending = h2.AppendCode(m.pending, h2.WindowUpdate, 0, uint32(m.came))
		m.came = 0
		l.touch(c)
	}
	s := m.stream(f.Stream)
	if s == nil {
		return true
	}
	s.flight.rec.Receive(s.flight.due, int64(h2.HeaderSize+len(f.Payload)))
	if s.status == 0 {
		l.endStream(c, s, record.Malformed)
		return true
	}
	if s.look.wanted() {
		if !s.look.begun {
			s.look.begin(encodingOf(s.head))
		}
		s.look.feed(body)
	}
	end := f.Flags&h2.EndStream != 0
	if len(body) > 0 {
		m.broughtOn()
	}
	if s.size += int64(len(body)); s.size > l.limits.Body {
		l.endStream(c, s, record.TooLarge)
		return true
	}
	if s.came += int64(len(f.Payload)); s.came > windowLeft && !end {
		m.pending = h2.AppendCode(m.pending, h2.WindowUpdate, s.id, uint32(s.came))
		s.came = 0
		l.touch(c)
	}
	if end {
		l.whole(c, s)
	}
	return true
}

// bodiless says that a response has no body, whatever length it gives (RFC 9110,
// section 6.4.1).
func (l *multiplexer) bodiless(s *stream) bool {
	return s.status == 204 || s.status == 304 || l.set.Targets[s.flight.target].Method == "HEAD"
}

// whole ends a stream whose response is complete, and goes on with its chain.
func (l *multiplexer) whole(c *conn, s *stream) {
	c.used++
	c.mux.broughtOn()
	if l.o.NoKeepAlive {
		c.mux.going = true
	}
	if s.length >= 0 && s.length != s.size && !l.bodiless(s) {
		l.endStream(c, s, record.Malformed)
		return
	}
	class := s.look.end()
	f, reply := &s.flight, target.Plain
	if f.walk != nil {
		reply = f.walk.Response(s.status, headerFields(s.head), s.look.bytes)
	}
	l.leave(c, s, worse(class, reply), reply == target.Expected)
	next, more := l.follows(f)
	l.spaceIn(c)
	if more {
		l.goOn(next)
	}
}

func (l *multiplexer) resetFrame(c *conn, f h2.Frame) bool {
	code, err := f.Code()
	if err != nil {
		return false
	}
	s := c.mux.stream(f.Stream)
	if s == nil {
		return true
	}
	s.body = nil
	c.mux.broughtOn()
	c.mux.remove(s)
	if code == h2.RefusedStream && s.flight.tries < mostTries { // it was not looked at
		l.requeue(&s.flight)
	} else {
		l.failed(s, record.StreamReset)
	}
	l.spaceIn(c)
	return true
}

func (l *multiplexer) settingsFrame(c *conn, f h2.Frame) bool {
	m := c.mux
	if f.Stream != 0 || len(f.Payload)%6 != 0 || f.Flags&h2.Ack != 0 && len(f.Payload) > 0 {
		return false
	}
	if f.Flags&h2.Ack != 0 {
		return true
	}
	changed, initial := !m.settled, m.initial
	if !m.settled {
		m.settled, m.most = true, m.limit
		l.pools[c.endpoint].settling--
	}
	for k := 0; ; k++ {
		id, value, ok := f.Setting(k)
		if !ok {
			break
		}
		switch id {
		case h2.SettingTableSize:
			m.resize = true
		case h2.SettingPush:
			if value != 0 { // a server has none to allow (RFC 9113, section 6.5.2)
				return false
			}
		case h2.SettingMaxFrame:
			if value < 1<<14 || value > 1<<24-1 {
				return false
			}
		case h2.SettingMaxStreams:
			m.most, changed = int(min(value, uint32(m.limit))), true
		case h2.SettingInitialWindow:
			if value > h2.Window {
				return false
			}
			initial, changed = int64(value), true
		}
	}
	if !m.begin(initial) {
		return false
	}
	m.pending = h2.AppendFrame(m.pending, h2.Settings, h2.Ack, 0, nil)
	if !l.owe(c) {
		return false
	}
	if changed {
		l.pumpAll(c)
		l.spaceIn(c)
	}
	return true
}

// begin changes the window that streams begin with, and those of the open ones by as
// much: once a frame, since one has room for 2,700 changes of mind. false: a window is
// larger than there can be.
func (m *mux) begin(initial int64) bool {
	change := initial - m.initial
	m.initial = initial
	if change == 0 {
		return true
	}
	for _, s := range m.streams {
		if s == nil {
			continue
		}
		if s.window += change; s.window > h2.Window {
			return false
		}
	}
	return true
}

// mostOwed bounds the answers to PING and SETTINGS that a server may ask for
// without taking them (CVE-2019-9512, CVE-2019-9515).
const mostOwed = 10_000

// owe counts an answer that waits to be written; false: the connection is lost.
func (l *multiplexer) owe(c *conn) bool {
	l.touch(c)
	c.mux.owed++
	if c.mux.owed <= mostOwed {
		return true
	}
	l.muxLost(c, record.Flooded)
	return true
}

func (l *multiplexer) goAwayFrame(c *conn, f h2.Frame) bool {
	last, err := f.Last()
	if err != nil {
		return false
	}
	m := c.mux
	m.going = true
	for _, s := range m.streams {
		if s == nil || s.id <= last {
			continue
		}
		s.body = nil
		m.remove(s)
		if s.flight.tries >= mostTries {
			l.failed(s, record.Closed)
		} else {
			l.requeue(&s.flight)
		}
	}
	endpoint := c.endpoint
	l.spaceIn(c)
	if l.pools[endpoint].waiting.len() > 0 {
		l.grow(endpoint)
	}
	return true
}

func (l *multiplexer) windowFrame(c *conn, f h2.Frame) bool {
	more, err := f.Code()
	if err != nil || more&h2.MaxID == 0 {
		return false
	}
	if f.Stream == 0 {
		if c.mux.window += int64(more & h2.MaxID); c.mux.window > h2.Window {
			return false
		}
	} else if s := c.mux.stream(f.Stream); s != nil {
		if s.window += int64(more & h2.MaxID); s.window > h2.Window {
			l.endStream(c, s, record.Malformed)
			return true
		}
	}
	if len(c.mux.stalled) > 0 {
		l.pumpAll(c)
	}
	return true
}
