package engine

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h3"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// newQUIC makes the client of HTTP/3: that of net/http with another transport, so
// that schedule, recorder, chains and redirects are the same.
func (c *classic) newQUIC() *client {
	endpoints := map[string]int{}
	for k, e := range c.set.Endpoints {
		endpoints[e.Address()] = k
	}
	pool := newPool(c.run)
	pool.Opened = func(address string, dns, handshake time.Duration, err error) {
		if err == nil {
			c.connected.Add(1)
		}
		c.opened(endpoints[address], phases{dns: dns, connect: -1, tls: handshake}, err)
	}
	pool.Closed = c.disconnected
	return &client{http: &http.Client{Transport: h3.NewPool(pool), CheckRedirect: c.redirected}}
}

// newPool says how QUIC connects in this run.
func newPool(r *run) h3.Options {
	endpoint := func(address string) target.Endpoint {
		host, port, err := net.SplitHostPort(address)
		if err != nil { // the library gives what it got of us
			host = address
		}
		return target.Endpoint{Scheme: "https", Host: host, Port: port}
	}
	return h3.Options{
		Addresses: func(ctx context.Context, address string) ([]netip.AddrPort, time.Duration, error) {
			return r.dial.addresses(ctx, endpoint(address))
		},
		TLS:     func(address string) *tls.Config { return r.dial.tlsConfig(endpoint(address)) },
		Local:   r.dial.Local,
		Timeout: r.dial.timeout, MaxConns: r.o.maxConns(), Streams: r.o.perConn(), Once: r.o.NoKeepAlive, MaxHead: r.o.maxHead(),
	}
}

// try opens a connection to e and closes it.
func (r *run) try(ctx context.Context, e target.Endpoint) error {
	if r.o.Protocol == HTTP3 {
		return h3.NewPool(newPool(r)).Try(ctx, e.Address())
	}
	conn, _, err := r.dial.open(ctx, e)
	if err != nil {
		return err
	}
	return conn.Close()
}

// classOfQUIC is the cause that an error of QUIC's has; timeout is the class of one
// that came too late.
func classOfQUIC(err error, timeout record.Class) (record.Class, bool) {
	switch h3.FaultOf(err) {
	case h3.Lookup:
		return record.DNS, true
	case h3.TLS:
		return record.TLSFailed, true
	case h3.Silent:
		return timeout, true
	case h3.Reset:
		return record.Reset, true
	case h3.Closed:
		return record.Closed, true
	case h3.StreamEnd:
		return record.StreamReset, true
	case h3.Malformed:
		return record.Malformed, true
	}
	return record.Other, false
}
