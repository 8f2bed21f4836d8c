package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// dialler opens connections, for all paths of the engine. It is safe for
// concurrent use.
type dialler struct {
	Dial
	timeout time.Duration
	alpn    []string
	wrap    func(net.Conn) net.Conn // around each new connection, beneath TLS; nil: nothing

	mu    sync.Mutex
	names map[string]lookup
}

type lookup struct {
	addresses []netip.Addr
	until     time.Time
}

// lookupTTL is how long an address is used before the name is looked up again:
// not for each connection, which would test the name server, and not for ever,
// since services move in long runs.
const lookupTTL = 30 * time.Second

// phases are how long the steps of opening a connection took; -1: not taken.
type phases struct{ dns, connect, tls time.Duration }

func newDialler(o *Options, alpn ...string) *dialler {
	d := &dialler{Dial: o.Dial, timeout: o.Dial.Timeout, alpn: alpn, names: map[string]lookup{}}
	if d.timeout <= 0 {
		d.timeout = o.timeout()
	}
	return d
}

// dialError is a failed connection with its cause's class.
type dialError struct {
	class record.Class
	err   error
}

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// connect opens a connection without TLS.
func (d *dialler) connect(ctx context.Context, e target.Endpoint) (net.Conn, phases, error) {
	took := phases{-1, -1, -1}
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	if d.Socket != "" {
		start := time.Now()
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", d.Socket)
		took.connect = time.Since(start)
		return d.wrapped(conn, err), took, d.fault(err, record.ConnectTimeout)
	}
	addresses, waited, err := d.addresses(ctx, e)
	took.dns = waited
	if err != nil {
		if ctx.Err() != nil {
			return nil, took, &dialError{record.ConnectTimeout, err}
		}
		return nil, took, &dialError{record.DNS, err}
	}
	start := time.Now()
	conn, err := d.race(ctx, addresses)
	took.connect = time.Since(start)
	return d.wrapped(conn, err), took, d.fault(err, record.ConnectTimeout)
}

func (d *dialler) wrapped(conn net.Conn, err error) net.Conn {
	if err != nil || d.wrap == nil {
		return conn
	}
	return d.wrap(conn)
}

// open is connect, with TLS where the endpoint asks for it.
func (d *dialler) open(ctx context.Context, e target.Endpoint) (net.Conn, phases, error) {
	conn, took, err := d.connect(ctx, e)
	if err != nil || !e.TLS() {
		return conn, took, err
	}
	secure, spent, err := d.handshake(ctx, conn, e)
	took.tls = spent
	if err != nil {
		conn.Close()
		return nil, took, err
	}
	return secure, took, nil
}

// certificateAsked is a handshake that failed after the server had asked for a
// client certificate and got none.
type certificateAsked struct{ error }

func (c *certificateAsked) Unwrap() error { return c.error }

var errNoHTTP2 = errors.New("the server does not speak HTTP/2")

// handshake makes TLS of conn. The caller closes conn when it fails.
func (d *dialler) handshake(ctx context.Context, conn net.Conn, e target.Endpoint) (*tls.Conn, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	config, asked := d.tlsConfig(e), false
	if len(config.Certificates) == 0 && config.GetClientCertificate == nil {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			asked = true
			return new(tls.Certificate), nil
		}
	}
	secure := tls.Client(conn, config)
	start := time.Now()
	err := secure.HandshakeContext(ctx)
	spent := time.Since(start)
	if err != nil {
		if ctx.Err() != nil {
			return nil, spent, &dialError{record.TLSTimeout, err}
		}
		if asked {
			err = &certificateAsked{err}
		}
		return nil, spent, &dialError{record.TLSFailed, err}
	}
	if len(d.alpn) == 1 && d.alpn[0] == "h2" && secure.ConnectionState().NegotiatedProtocol != "h2" {
		return nil, spent, &dialError{record.TLSFailed, errNoHTTP2}
	}
	return secure, spent, nil
}

func (d *dialler) tlsConfig(e target.Endpoint) *tls.Config {
	c := d.TLS.Clone()
	if c == nil {
		c = &tls.Config{}
	}
	c.ServerName = e.Host
	if d.ServerName != "" {
		c.ServerName = d.ServerName
	}
	c.NextProtos = d.alpn
	return c
}

// addresses are where e may be reached, and how long the look-up took (-1: none
// was needed).
func (d *dialler) addresses(ctx context.Context, e target.Endpoint) ([]netip.AddrPort, time.Duration, error) {
	if instead := d.Resolve[e.Address()]; len(instead) > 0 {
		return instead, -1, nil
	}
	n, err := strconv.ParseUint(e.Port, 10, 16)
	if err != nil {
		return nil, -1, fmt.Errorf("port %q", e.Port)
	}
	port := uint16(n)
	if a, err := netip.ParseAddr(e.Host); err == nil {
		return []netip.AddrPort{netip.AddrPortFrom(a, port)}, -1, nil
	}
	d.mu.Lock()
	known, ok := d.names[e.Host]
	d.mu.Unlock()
	took := time.Duration(-1)
	if !ok || time.Now().After(known.until) {
		start := time.Now()
		found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", e.Host)
		took = time.Since(start)
		if err != nil {
			return nil, took, err
		}
		known = lookup{interleave(found), time.Now().Add(lookupTTL)}
		d.mu.Lock()
		d.names[e.Host] = known
		d.mu.Unlock()
	}
	ports := make([]netip.AddrPort, 0, len(known.addresses))
	for _, a := range known.addresses {
		if d.Local.IsValid() && d.Local.Is4() != a.Is4() {
			continue
		}
		ports = append(ports, netip.AddrPortFrom(a, port))
	}
	if len(ports) == 0 {
		return nil, took, errors.New("no address of the family of the local address")
	}
	return ports, took, nil
}

// interleave puts IPv6 and IPv4 addresses in turn (RFC 8305).
func interleave(found []netip.Addr) []netip.Addr {
	var six, four, out []netip.Addr
	for _, a := range found {
		if a = a.Unmap(); a.Is4() {
			four = append(four, a)
		} else {
			six = append(six, a)
		}
	}
	for i := range max(len(six), len(four)) {
		if i < len(six) {
			out = append(out, six[i])
		}
		if i < len(four) {
			out = append(out, four[i])
		}
	}
	return out
}

// stagger is how long an address has before the next is tried beside it (RFC 8305).
const stagger = 250 * time.Millisecond

// race connects to the first address that answers.
func (d *dialler) race(ctx context.Context, addresses []netip.AddrPort) (net.Conn, error) {
	plain := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: false}}
	if d.Local.IsValid() {
		plain.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(d.Local, 0))
	}
	if len(addresses) == 1 {
		return plain.DialContext(ctx, "tcp", addresses[0].String())
	}
	type attempt struct {
		conn net.Conn
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan attempt, len(addresses))
	started, ended := 0, 0
	var first error
	for {
		if started < len(addresses) {
			a := addresses[started]
			started++
			go func() {
				conn, err := plain.DialContext(ctx, "tcp", a.String())
				results <- attempt{conn, err}
			}()
		}
		var next <-chan time.Time
		if started < len(addresses) {
			next = time.After(stagger)
		}
		select {
		case r := <-results:
			if ended++; r.err == nil {
				go func() { // the losers
					for range started - ended {
						if late := <-results; late.conn != nil {
							late.conn.Close()
						}
					}
				}()
				return r.conn, nil
			}
			if first == nil {
				first = r.err
			}
			if ended == len(addresses) {
				return nil, first
			}
		case <-next:
		}
	}
}

func (d *dialler) fault(err error, timeout record.Class) error {
	if err == nil {
		return nil
	}
	return &dialError{classify(err, timeout, record.ConnectFailed), err}
}
