package engine

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/h1"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// client is net/http as a load tester wants it: redirects as told, no compression,
// no cookies of its own, connections by our dialler.
type client struct {
	http *http.Client
}

// newClient makes the client of HTTP/1.1 and HTTP/2.
func (c *classic) newClient() *client {
	byAddress := map[string]int{}
	for k, e := range c.set.Endpoints {
		byAddress[e.Address()] = k
	}
	var t http.RoundTripper
	if c.o.muxed() || c.o.Dial.Proxy != nil {
		t = c.library(byAddress)
	} else {
		t = &serial{
			open: func(ctx context.Context, address string) (net.Conn, phases, error) {
				return c.connectTo(ctx, byAddress, address, c.dial.open)
			},
			again:  func(address string) { c.sentAgain(byAddress[address]) },
			limits: h1.Limits{Head: c.o.maxHead(), Body: c.o.maxBody()},
			once:   c.o.NoKeepAlive, mostIdle: c.o.maxConns(),
		}
	}
	return &client{http: &http.Client{Transport: t, CheckRedirect: c.redirected}}
}

// connectTo opens a connection to one of the run's endpoints, and counts it.
func (c *classic) connectTo(ctx context.Context, endpoints map[string]int, address string, open func(context.Context, target.Endpoint) (net.Conn, phases, error)) (net.Conn, phases, error) {
	k, ok := endpoints[address]
	if !ok {
		return nil, phases{}, fmt.Errorf("%s is not a host of this run", address)
	}
	conn, took, err := open(ctx, c.set.Endpoints[k])
	c.opened(k, took, err)
	return conn, took, err
}

// library is net/http's own transport: for HTTP/2, and through proxies.
func (c *classic) library(endpoints map[string]int) *http.Transport {
	r := c.run
	dial := func(open func(context.Context, target.Endpoint) (net.Conn, phases, error)) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, _, address string) (net.Conn, error) {
			conn, _, err := c.connectTo(ctx, endpoints, address, open)
			return conn, err
		}
	}
	t := &http.Transport{
		DialContext:            dial(r.dial.connect),
		DialTLSContext:         dial(r.dial.open),
		DisableCompression:     true,
		DisableKeepAlives:      r.o.NoKeepAlive,
		MaxIdleConnsPerHost:    r.o.maxConns(),
		MaxResponseHeaderBytes: int64(r.o.maxHead()),
		WriteBufferSize:        4 << 10,
		ReadBufferSize:         4 << 10,
	}
	if r.o.Dial.Proxy != nil {
		plain := &net.Dialer{Timeout: r.dial.timeout}
		t.DialTLSContext = nil
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			began := time.Now()
			conn, err := plain.DialContext(ctx, network, address)
			if err == nil {
				conn = r.dial.wrap(conn)
			}
			c.opened(0, phases{connect: time.Since(began)}, err) // to the proxy, whatever is behind it
			return conn, err
		}
		t.Proxy = http.ProxyURL(r.o.Dial.Proxy)
		t.TLSClientConfig = r.dial.tlsConfig(target.Endpoint{})
		t.TLSClientConfig.ServerName = r.o.Dial.ServerName
	}
	protocols := new(http.Protocols)
	switch r.o.Protocol {
	case HTTP2:
		protocols.SetHTTP2(true)
		t.ForceAttemptHTTP2 = true
	case H2C:
		protocols.SetUnencryptedHTTP2(true)
	default:
		protocols.SetHTTP1(true)
		t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	t.Protocols = protocols
	return t
}

func (c *client) close() { c.http.CloseIdleConnections() }

// request makes m a request of net/http to e. A Host header of the user's own
// is sent, and does not say where to.
func request(ctx context.Context, e *target.Endpoint, m *target.Message) (*http.Request, error) {
	var body io.Reader // none at all where it is empty: quic-go makes a buffer even for http.NoBody
	if len(m.Body) > 0 {
		body = bytes.NewReader(m.Body)
	}
	req, err := http.NewRequestWithContext(ctx, m.Method, e.Scheme+"://"+e.Authority+m.Path, body)
	if err != nil {
		return nil, err
	}
	if req.URL.RequestURI() != m.Path { // it is sent as it stands
		req.URL.Opaque = m.Path
	}
	req.Host = m.Authority
	for _, f := range m.Fields {
		req.Header[f.Name] = append(req.Header[f.Name], f.Value)
	}
	if _, given := req.Header["User-Agent"]; !given {
		req.Header["User-Agent"] = nil // none, instead of Go's
	}
	return req, nil
}

// reply is what came back of one request.
type reply struct {
	status int
	header http.Header
	body   []byte // kept only for chains
	hops   *hops  // where redirects led; nil: they are not followed
	bytes  int64
	look   record.Class  // what is said of the body
	first  time.Duration // since the start of the run; 0: no byte came
	err    error
}

// chainBody is as much of a body as a chain's steps can take values from.
const chainBody = 1 << 20

// send sends m and reads the whole response.
func (c *classic) send(ctx context.Context, m *target.Message, keep bool, follow *hops) (out reply) {
	out.hops = follow
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	// The transport may say so after the request was given up, from its own goroutine.
	var first atomic.Int64
	defer func() { out.first = time.Duration(first.Load()) }()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotFirstResponseByte: func() { first.Store(int64(c.now())) },
	})
	if follow != nil {
		ctx = context.WithValue(ctx, hopsKey{}, follow)
	}
	req, err := request(ctx, &c.set.Endpoints[m.Endpoint], m)
	if err != nil {
		out.err = err
		return out
	}
	resp, err := c.client.http.Do(req)
	if err != nil {
		out.err = err
		return out
	}
	defer resp.Body.Close()
	out.status, out.header = resp.StatusCode, resp.Header
	var look body
	if c.o.Body != nil {
		look.match = c.o.Body()
	}
	look.reset(keep)
	look.begin(strings.Join(resp.Header.Values("Content-Encoding"), ","))
	chunk, ok := c.chunks.Get().(*[]byte)
	if !ok {
		chunk = new(make([]byte, 16<<10))
	}
	defer c.chunks.Put(chunk)
	for {
		n, err := resp.Body.Read(*chunk)
		out.bytes += int64(n)
		look.feed((*chunk)[:n])
		if out.bytes > c.o.maxBody() {
			err = &dialError{record.TooLarge, fmt.Errorf("the body is longer than %d bytes", c.o.maxBody())}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if ctx.Err() != nil { // a stream of HTTP/3 says only that it was given up
				err = ctx.Err()
			}
			out.err = err
			return out
		}
	}
	out.look, out.body = look.end(), look.bytes
	return out
}
