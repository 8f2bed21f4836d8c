package engine

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h1"
	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// staleSlack is added to the round trips within which a connection may turn out to
// have been closed before its request came, for the delays of a busy machine.
const staleSlack = 5 * time.Millisecond

// serial is the transport of HTTP/1.1 beneath net/http's client: one request at a
// time on a connection, as the event loop does it and read by the same parser. So
// what is a response, and which request is sent again, is one thing on both
// paths. (Transports of the library take other responses, and send only some
// methods again.)
type serial struct {
	open     func(ctx context.Context, address string) (net.Conn, phases, error)
	again    func(address string) // a request is sent again
	limits   h1.Limits
	once     bool // a connection for each request
	mostIdle int  // at each address

	mu   sync.Mutex
	idle map[string][]*serialConn // by address; the one used last comes first
}

// serialConn is one of its connections.
type serialConn struct {
	net.Conn
	address string
	parser  h1.Parser
	out     *bufio.Writer
	in      []byte
	body    []byte        // of the response, not yet read
	used    int           // responses so far
	grace   time.Duration // within which an end is no answer; see conn.stale
	since   time.Time     // idle
}

// RoundTrip sends req, and once more where the server had closed the connection
// just before.
func (s *serial) RoundTrip(req *http.Request) (*http.Response, error) {
	address := addressOf(req.URL)
	c, err := s.take(req.Context(), address)
	if err != nil {
		return nil, err
	}
	resp, err := s.exchange(c, req)
	var stale *staleError
	if !errors.As(err, &stale) {
		return resp, err
	}
	anew := *req
	if req.GetBody != nil {
		if anew.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	s.again(address)
	// Other idle connections are as old: a fresh one is sure.
	if c, err = s.dial(req.Context(), address); err != nil {
		return nil, err
	}
	return s.exchange(c, &anew)
}

// take gives a connection: the idle one that was used last, or a new one.
func (s *serial) take(ctx context.Context, address string) (*serialConn, error) {
	for {
		s.mu.Lock()
		list := s.idle[address]
		if len(list) == 0 {
			s.mu.Unlock()
			return s.dial(ctx, address)
		}
		c := list[len(list)-1]
		s.idle[address] = list[:len(list)-1]
		s.mu.Unlock()
		if c.quiet() {
			return c, nil
		}
		c.Close()
	}
}

func (s *serial) dial(ctx context.Context, address string) (*serialConn, error) {
	raw, took, err := s.open(ctx, address)
	if err != nil {
		return nil, err
	}
	c := &serialConn{Conn: raw, address: address, in: make([]byte, 4<<10), grace: 2*took.connect + staleSlack}
	c.parser = h1.Parser{Limits: &s.limits, KeepHead: true, OnBody: func(piece []byte) { c.body = append(c.body, piece...) }}
	c.out = bufio.NewWriterSize(raw, 4<<10)
	return c, nil
}

// longIdle is how long a connection is idle before it is worth a look whether the
// server has said something meanwhile, such as 408.
const longIdle = time.Second

// quiet says that nothing has come on an idle connection.
func (c *serialConn) quiet() bool {
	if time.Since(c.since) < longIdle {
		return true
	}
	_ = c.SetReadDeadline(time.Now().Add(50 * time.Microsecond))
	n, err := c.Read(c.in[:1])
	_ = c.SetReadDeadline(time.Time{})
	var nerr net.Error
	return n == 0 && errors.As(err, &nerr) && nerr.Timeout()
}

// staleError is the end of a connection that the server had closed before the
// request came.
type staleError struct{ error }

func (e *staleError) Unwrap() error { return e.error }

// mostBlank bounds the line ends between two responses: a server sends one, if any.
const mostBlank = 1 << 10

// largeBody is what is written while the response may already come.
const largeBody = 32 << 10

// exchange sends req over c and reads the head of the response.
func (s *serial) exchange(c *serialConn, req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	c.parser.Reset(req.Method == http.MethodHead)
	c.body = c.body[:0]
	began := time.Now()
	// When the request's time is over, what waits for the connection ends.
	b := &serialBody{pool: s, c: c, ctx: ctx, stop: context.AfterFunc(ctx, func() { _ = c.SetDeadline(began) })}
	if req.ContentLength > largeBody {
		b.written = make(chan error, 1)
		go func() { b.written <- c.send(req) }()
	} else {
		// A server that refuses a request answers and closes: there may be a
		// response to read, whatever became of writing.
		_ = c.send(req)
	}
	blank := 0
	for first := true; c.parser.InHead(); {
		n, err := c.Read(c.in)
		if first && h1.Blank(c.in[:n]) { // it belongs to the response before
			if blank += n; blank > mostBlank {
				err = &dialError{record.Malformed, h1.ErrMalformed}
			}
			n = 0
		}
		if n > 0 && first {
			first = false
			if trace := httptrace.ContextClientTrace(ctx); trace != nil && trace.GotFirstResponseByte != nil {
				trace.GotFirstResponseByte()
			}
		}
		if err := b.took(c.in[:n], err); err != nil {
			b.end(false)
			if first && c.used > 0 && ctx.Err() == nil && time.Since(began) <= c.grace {
				return nil, &staleError{err}
			}
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: c.parser.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: headerOf(c.parser.Head()), Body: b, ContentLength: -1, Request: req,
	}, nil
}

func (c *serialConn) send(req *http.Request) error {
	c.out.Reset(c.Conn)
	if err := req.Write(c.out); err != nil {
		return err
	}
	return c.out.Flush()
}

// serialBody is the body of a response, and what the exchange has still to do.
type serialBody struct {
	pool    *serial
	c       *serialConn // nil: it is off the connection
	ctx     context.Context
	stop    func() bool
	written chan error // of a large request; nil: it is out
	whole   bool
}

// took takes what was read, and how reading ended.
func (b *serialBody) took(data []byte, err error) error {
	c := b.c
	n, whole, wrong := c.parser.Feed(data)
	switch {
	case errors.Is(wrong, h1.ErrTooLarge):
		return &dialError{record.TooLarge, wrong}
	case wrong != nil, whole && !h1.Blank(data[n:]): // more bytes than the response has
		return &dialError{record.Malformed, h1.ErrMalformed}
	case whole:
		b.whole = true
		return nil
	case err == nil:
		return nil
	case b.ctx.Err() != nil:
		return b.ctx.Err()
	case errors.Is(err, io.EOF) && c.parser.EOF():
		b.whole = true
		return nil
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	}
	return err
}

func (b *serialBody) Read(p []byte) (int, error) {
	for {
		if b.c == nil {
			return 0, io.EOF
		}
		if c := b.c; len(c.body) > 0 {
			n := copy(p, c.body)
			c.body = append(c.body[:0], c.body[n:]...)
			return n, nil
		}
		if b.whole {
			b.end(true)
			return 0, io.EOF
		}
		n, err := b.c.Read(b.c.in)
		if err := b.took(b.c.in[:n], err); err != nil {
			b.end(false)
			return 0, err
		}
	}
}

func (b *serialBody) Close() error {
	b.end(b.whole)
	return nil
}

// end gives the connection back after a whole response, or closes it.
func (b *serialBody) end(whole bool) {
	c := b.c
	if c == nil {
		return
	}
	b.c = nil
	idle := b.stop() && whole && !c.parser.Close() && !b.pool.once
	if b.written != nil {
		select {
		case err := <-b.written:
			idle = idle && err == nil
		default: // it has answered before it has read
			idle = false
		}
	}
	c.used++
	if !idle || !b.pool.keep(c) {
		c.Close()
	}
}

// keep makes c one of the idle connections, if they are not enough.
func (s *serial) keep(c *serialConn) bool {
	c.since = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle == nil {
		s.idle = map[string][]*serialConn{}
	}
	if len(s.idle[c.address]) >= s.mostIdle {
		return false
	}
	s.idle[c.address] = append(s.idle[c.address], c)
	return true
}

// CloseIdleConnections is what http.Client calls.
func (s *serial) CloseIdleConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, list := range s.idle {
		for _, c := range list {
			c.Close()
		}
	}
	clear(s.idle)
}

// headerOf is a response's head as net/http has it.
func headerOf(head []byte) http.Header {
	h := http.Header{}
	for _, f := range headerFields(head) {
		name := textproto.CanonicalMIMEHeaderKey(f.Name)
		h[name] = append(h[name], f.Value)
	}
	return h
}
