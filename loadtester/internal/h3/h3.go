// Package h3 is HTTP/3, and the only door to quic-go: a pool of connections that
// net/http's client sends through. Where to connect and with which TLS its caller
// says; what is opened and why something failed goes back as values. Alt-Svc is
// not followed: a server speaks HTTP/3 because the user said so.
package h3

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// Options are how connections are made.
type Options struct {
	// Addresses are where host:port is reached, and how long the look-up took
	// (-1: none was needed).
	Addresses func(ctx context.Context, address string) ([]netip.AddrPort, time.Duration, error)
	TLS       func(address string) *tls.Config
	Local     netip.Addr    // source address; invalid: the system's choice
	Timeout   time.Duration // for the handshake
	MaxConns  int
	Streams   int  // requests that a connection carries before another one is opened
	Once      bool // a connection for each request
	MaxHead   int  // bytes of a response's head

	// Opened is told of each try to open a connection (QUIC connects and shakes
	// hands in one), Closed of the end of each one that was opened.
	Opened func(address string, dns, handshake time.Duration, err error)
	Closed func()
}

// Pool is an http.RoundTripper. It is safe for concurrent use.
type Pool struct {
	o Options

	mu    sync.Mutex // guards what follows
	lanes []*lane
}

// lane carries the requests of one connection. The library opens it with the
// first request, and another in its place when it ends.
type lane struct {
	transport *http3.Transport
	flying    int // requests that have not ended; guarded by the pool
}

// NewPool makes a pool without a connection.
func NewPool(o Options) *Pool {
	// The library writes to the log of the process that a socket's buffer is smaller
	// than it likes. That is our standard error, and no line of ours.
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	return &Pool{o: o}
}

func (p *Pool) newLane() *lane {
	return &lane{transport: &http3.Transport{
		Dial:                   p.dial,
		DisableCompression:     true,
		MaxResponseHeaderBytes: p.o.MaxHead,
	}}
}

// take gives a lane with room; if there is none, a new one, and at the limit the
// one with the fewest requests.
func (p *Pool) take() *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.o.Once {
		l := p.newLane()
		l.flying = 1
		return l
	}
	var least *lane
	for _, l := range p.lanes {
		if least == nil || l.flying < least.flying {
			least = l
		}
		if l.flying < p.o.Streams { // the first with room, so that few stay busy
			least = l
			break
		}
	}
	if least == nil || least.flying >= p.o.Streams && len(p.lanes) < p.o.MaxConns {
		least = p.newLane()
		p.lanes = append(p.lanes, least)
	}
	least.flying++
	return least
}

// done gives a request's place back.
func (p *Pool) done(l *lane) {
	p.mu.Lock()
	l.flying--
	p.mu.Unlock()
	if p.o.Once {
		l.transport.Close()
	}
}

// RoundTrip sends a request over one of the connections.
func (p *Pool) RoundTrip(req *http.Request) (*http.Response, error) {
	l := p.take()
	resp, err := l.transport.RoundTrip(req)
	if err != nil {
		p.done(l)
		return nil, err
	}
	resp.Body = &body{ReadCloser: resp.Body, done: sync.OnceFunc(func() { p.done(l) })}
	return resp, nil
}

// body tells when it is closed: then the request has ended.
type body struct {
	io.ReadCloser
	done func()
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.done()
	return err
}

// CloseIdleConnections closes all connections; http.Client asks for it by this name.
func (p *Pool) CloseIdleConnections() {
	p.mu.Lock()
	lanes := slices.Clone(p.lanes)
	p.lanes = nil
	p.mu.Unlock()
	for _, l := range lanes {
		l.transport.Close()
	}
}

// Try opens a connection to address and closes it again.
func (p *Pool) Try(ctx context.Context, address string) error {
	conn, _, _, err := p.open(ctx, address)
	if err != nil {
		return err
	}
	return conn.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeNoError), "")
}

// dial opens a connection for the library.
func (p *Pool) dial(ctx context.Context, address string, _ *tls.Config, _ *quic.Config) (*quic.Conn, error) {
	conn, dns, took, err := p.open(ctx, address)
	p.o.Opened(address, dns, took, err)
	if err == nil {
		context.AfterFunc(conn.Context(), p.o.Closed) //nolint:contextcheck // the connection outlives its dialling
	}
	return conn, err
}

// open shakes hands with the first address that answers.
func (p *Pool) open(ctx context.Context, address string) (conn *quic.Conn, dns, took time.Duration, err error) {
	addresses, dns, err := p.o.Addresses(ctx, address)
	if err != nil {
		return nil, dns, -1, &lookupError{err}
	}
	config := p.o.TLS(address)
	config.NextProtos = []string{http3.NextProtoH3}
	config.MinVersion = tls.VersionTLS13
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	start := time.Now()
	for _, a := range addresses {
		if conn, err = p.shake(ctx, a, config); err == nil || ctx.Err() != nil {
			break
		}
	}
	return conn, dns, time.Since(start), err
}

// shake opens a connection with a socket of its own, as each client has one: a
// server that spreads connections over its threads by their ports does so here.
func (p *Pool) shake(ctx context.Context, a netip.AddrPort, config *tls.Config) (*quic.Conn, error) {
	local := &net.UDPAddr{}
	if p.o.Local.IsValid() {
		local.IP = p.o.Local.AsSlice()
	}
	network := "udp6"
	if a.Addr().Is4() {
		network = "udp4"
	}
	socket, err := net.ListenUDP(network, local)
	if err != nil {
		return nil, err
	}
	transport := &quic.Transport{Conn: socket}
	conn, err := transport.Dial(ctx, net.UDPAddrFromAddrPort(a), config, &quic.Config{HandshakeIdleTimeout: p.o.Timeout})
	release := func() {
		transport.Close()
		socket.Close()
	}
	if err != nil {
		release()
		return nil, err
	}
	context.AfterFunc(conn.Context(), release) //nolint:contextcheck // the connection outlives its dialling
	return conn, nil
}
