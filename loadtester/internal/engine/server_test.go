package engine

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// rawServer answers each request by script: it is called with the connection
// after a request's head has been read, and returns whether to go on.
type rawServer struct {
	net.Listener
	conns atomic.Int64
	heads atomic.Int64
}

func startRaw(t *testing.T, script func(c net.Conn, request int64) bool) *rawServer {
	t.Helper()
	return startRawOn(t, func(l net.Listener) net.Listener { return l }, script)
}

// startRawOn is startRaw with something around its listener.
func startRawOn(t *testing.T, around func(net.Listener) net.Listener, script func(c net.Conn, request int64) bool) *rawServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l = around(l)
	s := &rawServer{Listener: l}
	var all sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.conns.Add(1)
			mu.Lock()
			open[c] = true
			mu.Unlock()
			all.Go(func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for {
					if !readHead(in) || !script(c, s.heads.Add(1)) {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for c := range open {
			c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return s
}

func readHead(in *bufio.Reader) bool {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == "\r\n" {
			return true
		}
	}
}

func (s *rawServer) url() string { return "http://" + s.Addr().String() + "/" }

// reset makes Close send RST.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

func say(c net.Conn, text string) bool {
	_, err := io.WriteString(c, text)
	return err == nil
}

func compileURL(t *testing.T, urls ...string) *target.Set {
	t.Helper()
	var specs []target.Spec
	for _, u := range urls {
		specs = append(specs, target.Spec{URL: u})
	}
	set, err := target.Compile(specs, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// runOne makes a run and gives its only result.
func runOne(t *testing.T, set *target.Set, o Options) *result.Result {
	t.Helper()
	return runIn(t, t.Context(), set, o)
}

func runIn(t *testing.T, ctx context.Context, set *target.Set, o Options) *result.Result {
	t.Helper()
	results, err := Run(ctx, set, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 {
		t.Fatalf("%d results", len(results))
	}
	balanced(t, results[0])
	return results[0]
}

// balanced holds for every run: each request has one end.
func balanced(t *testing.T, r *result.Result) {
	t.Helper()
	rec := r.Record
	if rec.Sent != rec.Succeeded+rec.Failed+rec.Unfinished {
		t.Errorf("sent %d, succeeded %d, failed %d, unfinished %d", rec.Sent, rec.Succeeded, rec.Failed, rec.Unfinished)
	}
	var inCells int64
	for _, c := range rec.Series.Cells {
		if c != nil {
			inCells += c.Sent
		}
	}
	if inCells != rec.Sent {
		t.Errorf("sent %d, in the seconds %d", rec.Sent, inCells)
	}
}

// paths calls f for each path of this system.
func paths(t *testing.T, f func(t *testing.T, p PathChoice)) {
	t.Run("nethttp", func(t *testing.T) { f(t, NetHTTPPath) })
	if loopsHere {
		t.Run("loop", func(t *testing.T) { f(t, LoopPath) })
	}
}

// startHTTP is an ordinary server, for what is not a fault.
func startHTTP(t *testing.T, secure bool, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Config.Protocols = new(http.Protocols)
		s.Config.Protocols.SetHTTP1(true)
		s.Config.Protocols.SetUnencryptedHTTP2(true)
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// trust is the TLS configuration that trusts s.
func trust(s *httptest.Server) *tls.Config {
	return s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// soon is a timeout that a fault test waits for.
const soon = 300 * time.Millisecond

var longHead = "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 300<<10) + "\r\n\r\n"

var localThree = netip.MustParseAddr("127.0.0.3")

func resolveTo(address string, to netip.AddrPort) map[string][]netip.AddrPort {
	return map[string][]netip.AddrPort{address: {to}}
}
