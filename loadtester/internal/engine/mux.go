//go:build linux || darwin || freebsd

package engine

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/h2"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// multiplexer is HTTP/2's part of a loop: what goes over connections that carry several
// requests at a time, and the memory in which frames are laid out.
type multiplexer struct {
	*loop
	dirty    []*conn   // those that have something to write
	messages []message // of a static set, laid out once
	fields   []h2.Field
	block    []byte
	resized  []byte
}

// mux is HTTP/2 on a connection.
type mux struct {
	in      []byte // the beginning of a frame
	block   []byte // the beginning of a head that comes in pieces
	open    uint32 // the stream of that head; 0: none
	openEnd bool   // and the head ends its stream

	streams []*stream // by place; the length is a power of two
	active  int
	next    uint32 // the next stream's id
	resize  bool   // the server has changed the size of the table of headers
	owed    int    // answers that it has asked for since we last wrote
	vain    int    // frames in a row that brought no answer on; see inVain
	settled bool   // the server has said how many streams it wants; until then it is given one
	most    int    // streams at a time, by the server's wish
	limit   int    // and by ours
	going   bool   // the server wants no more streams

	window  int64     // what may be sent on the connection
	initial int64     // and on a new stream
	stalled []*stream // those whose body waits for a window, or for the socket
	held    bool      // one of them waits for the socket
	came    int64     // since our last word on the connection's window

	pending []byte // frames to be written
	writing []byte // frames that the connection is writing
	dirty   bool   // it is on the loop's list
	spare   []*stream
}

// stream is one request on an HTTP/2 connection.
type stream struct {
	flight flight
	id     uint32
	status int
	body   []byte // not yet sent
	window int64
	size   int64  // of the response's body so far
	length int64  // that the response's head gives it; -1: none
	came   int64  // since our last word on the stream's window
	look   body   // what is looked at of the response's
	head   []byte // kept for those who want to see it
	hints  int    // 1xx heads so far

	keepHead bool
}

func newMux(most int) *mux {
	return &mux{
		streams: make([]*stream, 256), next: 1, most: 1, limit: most,
		window: h2.DefaultWindow, initial: h2.DefaultWindow, pending: h2.AppendPreface(nil),
	}
}

func (m *mux) place(id uint32) int { return int(id>>1) & (len(m.streams) - 1) }

// stream finds an open stream; nil: it has ended.
func (m *mux) stream(id uint32) *stream {
	if s := m.streams[m.place(id)]; s != nil && s.id == id {
		return s
	}
	return nil
}

// add makes a stream with the next id whose place is free: a slow stream holds its
// own, and ids may be left out. So the table has room for what is open at a time,
// however many streams a slow one sees come and go.
func (m *mux) add() *stream {
	for m.streams[m.place(m.next)] != nil {
		if 2*m.active < len(m.streams) {
			m.next += 2
			continue
		}
		old := m.streams
		m.streams = make([]*stream, 2*len(old))
		for _, s := range old {
			if s != nil {
				m.streams[m.place(s.id)] = s
			}
		}
	}
	var s *stream
	if n := len(m.spare) - 1; n >= 0 {
		s, m.spare = m.spare[n], m.spare[:n]
		*s = stream{head: s.head[:0], look: s.look}
	} else {
		s = &stream{}
	}
	s.id, s.window = m.next, m.initial
	m.streams[m.place(s.id)] = s
	m.next += 2
	m.active++
	return s
}

func (m *mux) remove(s *stream) {
	m.streams[m.place(s.id)] = nil
	m.active--
	if len(s.body) > 0 {
		for k, other := range m.stalled {
			if other == s {
				m.stalled = append(m.stalled[:k], m.stalled[k+1:]...)
				break
			}
		}
	}
	m.spare = append(m.spare, s)
}

// room says whether another stream may begin.
func (m *mux) room() bool { return m.active < m.most && !m.leaving() }

// leaving says that no other stream begins here any more.
func (m *mux) leaving() bool { return m.going || m.next >= h2.MaxID-2*uint32(len(m.streams)) }

// message is a request as HTTP/2 sends it.
type message struct{ block, body []byte }

// always says that the request of w is always the same, so that it is laid out
// once.
func (l *multiplexer) always(w *pending) bool { return l.static && w.walk == nil }

// parts gives the request of w: of an arrival, or the step that its walk has come
// to.
func (l *multiplexer) parts(w *pending) target.Message {
	if w.walk == nil {
		return l.set.Message(w.i, &l.scratch)
	}
	m, _ := w.walk.NextMessage(&l.scratch)
	return m
}

// message lays the request of f out.
func (l *multiplexer) message(f *flight) message {
	w := &f.pending
	if l.always(w) && f.trace == nil {
		if l.messages == nil {
			l.messages = make([]message, l.set.Len())
		}
		if m := l.messages[w.target]; m.block != nil {
			return m
		}
	}
	from := l.parts(w)
	if f.trace != nil {
		f.trace.Wire = wireOf(&from, "HTTP/2")
	}
	l.fields = l.fields[:0]
	for _, f := range from.Fields {
		if name := strings.ToLower(f.Name); !ofConnection(name) {
			l.fields = append(l.fields, h2.Field{Name: name, Value: f.Value})
		}
	}
	if len(from.Body) > 0 {
		l.fields = append(l.fields, h2.Field{Name: "content-length", Value: strconv.Itoa(len(from.Body))})
	}
	if !l.always(w) || f.trace != nil {
		l.block = h2.AppendBlock(l.block[:0], from.Method, from.Scheme, from.Authority, from.Path, l.fields)
		return message{l.block, from.Body}
	}
	m := message{h2.AppendBlock(nil, from.Method, from.Scheme, from.Authority, from.Path, l.fields), append([]byte(nil), from.Body...)}
	l.messages[w.target] = m
	return m
}

// sized begins a header block with the size of our dynamic table, which is none,
// where the server has changed the most that it may be (RFC 7541, section 4.2).
func (l *multiplexer) sized(m *mux, block []byte) []byte {
	if !m.resize {
		return block
	}
	m.resize = false
	l.resized = append(append(l.resized[:0], h2.NoTable), block...)
	return l.resized
}

// beginStream sends w as a stream of c.
func (l *multiplexer) beginStream(c *conn, w pending) {
	m := c.mux
	s := m.add()
	s.flight = flight{pending: w, conn: c, stream: s, warm: w.due < l.warmup, rec: l.record(w.target)}
	l.lookAt(s)
	f := &s.flight
	if l.o.Trace != nil {
		f.trace = &Trace{}
	}
	f.sent = l.clock()
	l.flights.push(f)
	l.count(f)
	m.allow(framesLate)
	request := l.message(f)
	m.pending = h2.AppendHeaders(m.pending, s.id, l.sized(m, request.block), len(request.body) == 0)
	if s.body = request.body; len(s.body) > 0 {
		l.pump(m, s)
		if len(s.body) > 0 {
			if !l.always(&w) || f.trace != nil { // the scratch is used again
				s.body = append([]byte(nil), s.body...)
			}
			m.stalled = append(m.stalled, s)
		}
	}
	l.touch(c)
}

// lookAt has s keep of its response what the run and its walk want to see.
func (l *multiplexer) lookAt(s *stream) {
	header, body := false, false
	if w := s.flight.walk; w != nil {
		header, body = w.Wants()
	}
	if l.o.Body != nil && s.look.match == nil {
		s.look.match = l.o.Body()
	}
	s.look.reset(body || l.o.Trace != nil)
	s.keepHead = header || l.o.Observe != nil || s.look.wanted()
}

// mostPending is how much of bodies a connection lays out for a socket that has not
// taken it yet: windows may be larger than anybody's memory.
const mostPending = 256 << 10

// pump writes as much of a body as the windows and the socket allow.
func (l *multiplexer) pump(m *mux, s *stream) {
	for len(s.body) > 0 {
		if len(m.pending) >= mostPending {
			m.held = true
			return
		}
		n := min(int64(len(s.body)), h2.MaxFrame, m.window, s.window)
		if n <= 0 {
			return
		}
		flags := byte(0)
		if n == int64(len(s.body)) {
			flags = h2.EndStream
		}
		m.pending = h2.AppendFrame(m.pending, h2.Data, flags, s.id, s.body[:n])
		s.body = s.body[n:]
		m.window -= n
		s.window -= n
		m.allow(1 + int(n/windowUse))
	}
}

// pumpAll goes on with the bodies that waited.
func (l *multiplexer) pumpAll(c *conn) {
	m := c.mux
	waiting := m.stalled
	m.stalled, m.held = m.stalled[:0], false
	for _, s := range waiting {
		if l.pump(m, s); len(s.body) > 0 {
			m.stalled = append(m.stalled, s)
		}
	}
	l.touch(c)
}

// touch puts c on the list of those that have something to write.
func (l *multiplexer) touch(c *conn) {
	if !c.mux.dirty {
		c.mux.dirty = true
		l.dirty = append(l.dirty, c)
	}
}

// writeAll writes what the connections of HTTP/2 have gathered.
func (l *multiplexer) writeAll() {
	for k := 0; k < len(l.dirty); k++ { // a failure may add to the list
		c := l.dirty[k]
		c.mux.dirty = false
		if c.fd >= 0 {
			l.writeMux(c)
		}
	}
	clear(l.dirty)
	l.dirty = l.dirty[:0]
}

func (l *multiplexer) writeMux(c *conn) {
	m := c.mux
	if len(c.out) > 0 || len(m.pending) == 0 { // flush goes on with it
		return
	}
	m.pending, m.writing = m.writing[:0], m.pending
	m.owed = 0
	if number := c.write(m.writing); number != 0 {
		l.broken(c, number)
		return
	}
	if len(c.out) > 0 {
		if err := l.poll.writable(c.fd, c.token, true); err != nil {
			l.muxLost(c, record.SendFailed)
		}
		return
	}
	if m.held {
		l.pumpAll(c)
	}
}

// endStream records s, which has failed, and gives its place to the next request. On
// a connection whose socket takes nothing no other one begins: what is said of each
// would queue up.
func (l *multiplexer) endStream(c *conn, s *stream, class record.Class) {
	if class.Timeout() && len(c.out) > 0 {
		c.mux.going = true
	}
	l.leave(c, s, class, false)
	l.walked(&s.flight.pending, false)
	l.spaceIn(c)
}

// leave records s and takes it off its connection. expected: see ended.
func (l *multiplexer) leave(c *conn, s *stream, class record.Class, expected bool) {
	m := c.mux
	if len(s.body) > 0 || class != record.OK && !class.Answered() { // the server need not go on
		m.pending = h2.AppendCode(m.pending, h2.RstStream, s.id, h2.Cancel)
		l.touch(c)
	}
	m.remove(s)
	l.ended(&s.flight, class, s.status, expected)
}

// spaceIn lets c take requests again, or closes it when it is to go.
func (l *multiplexer) spaceIn(c *conn) {
	m, p := c.mux, &l.pools[c.endpoint]
	switch {
	case !m.room():
		if c.place >= 0 {
			p.take(c)
		}
		if m.active == 0 && m.leaving() {
			l.drop(c)
		}
		return
	case c.place < 0:
		p.push(c)
	}
	l.serve(c.endpoint)
}

// muxLost ends a connection of HTTP/2 and all that is on it.
func (l *multiplexer) muxLost(c *conn, class record.Class) {
	m := c.mux
	endpoint := c.endpoint
	broken := class == record.Malformed || class == record.TooLarge || class == record.Flooded
	for _, s := range m.streams {
		if s == nil {
			continue
		}
		m.remove(s)
		if !broken && c.stale(&s.flight, l.now) {
			l.requeue(&s.flight)
		} else {
			l.failed(s, class)
		}
	}
	l.records[l.groupOfEndpoint(endpoint)].Connections.Closed++
	l.closeOnly(c)
	if l.pools[endpoint].waiting.len() > 0 {
		l.grow(endpoint)
	}
}

// failed records s, which is off its connection already.
func (l *multiplexer) failed(s *stream, class record.Class) {
	l.ended(&s.flight, class, s.status, false)
	l.walked(&s.flight.pending, false)
}

// mostTries bounds how often a request is sent again that the server did not look
// at. That is always safe (RFC 9113, section 8.7), and must have an end.
const mostTries = 5

// requeue lets a request that met a closing connection wait for another.
func (l *multiplexer) requeue(f *flight) {
	l.flights.remove(f)
	w := f.pending
	w.again = true
	w.tries++
	l.records[l.groupOfEndpoint(f.conn.endpoint)].Connections.Retried++
	l.pools[f.conn.endpoint].waiting.unshift(w)
}
