package engine

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// certificate is one for 127.0.0.1, as form changes it, signed by itself.
func certificate(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	change(form)
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// trusting is how to dial where these certificates are trusted.
func trusting(list ...tls.Certificate) Dial {
	roots := x509.NewCertPool()
	for _, c := range list {
		roots.AddCert(c.Leaf)
	}
	return Dial{TLS: &tls.Config{RootCAs: roots}}
}

// startTLS answers over TLS with the certificate that choose gives for each connection.
func startTLS(t *testing.T, choose func(connection int64) tls.Certificate) *rawServer {
	t.Helper()
	s := startRawOn(t, func(l net.Listener) net.Listener {
		var connections atomic.Int64
		return tls.NewListener(l, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			c := choose(connections.Add(1))
			return &c, nil
		}})
	}, func(c net.Conn, _ int64) bool { return say(c, ok) })
	return s
}

// A certificate that is not what was asked for is an error before the run; with
// Insecure it is none.
func TestBadCertificates(t *testing.T) {
	good := certificate(t, func(*x509.Certificate) {})
	other := certificate(t, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(10, 1, 1, 1)} })
	old := certificate(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) })
	for name, c := range map[string]struct {
		has, trusted tls.Certificate
		want         string
	}{
		"unknown authority": {good, old, "unknown authority"},
		"another host":      {other, other, "not 127.0.0.1"},
		"expired":           {old, old, "expired"},
	} {
		s := startTLS(t, func(int64) tls.Certificate { return c.has })
		set := compileURL(t, strings.Replace(s.url(), "http:", "https:", 1))
		paths(t, func(t *testing.T, p PathChoice) {
			o := Options{Concurrency: 1, Requests: 3, Path: p, Dial: trusting(c.trusted), Timeout: 20 * time.Second}
			if _, err := Run(t.Context(), set, o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
			}
			o.Dial.TLS.InsecureSkipVerify = true
			if r := runOne(t, set, o); r.Record.Succeeded != 3 {
				t.Errorf("%s, insecure: %v", name, named(r.Record))
			}
		})
	}
}

// A server whose certificate changes for the worse in the middle of a run fails
// the requests from then on, as TLS.
func TestCertificateGoesBad(t *testing.T) {
	good := certificate(t, func(*x509.Certificate) {})
	old := certificate(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) })
	paths(t, func(t *testing.T, p PathChoice) {
		s := startTLS(t, func(connection int64) tls.Certificate {
			if connection > 4 {
				return old
			}
			return good
		})
		set, err := target.Compile([]target.Spec{{URL: strings.Replace(s.url(), "http:", "https:", 1)}}, target.Options{Close: true})
		if err != nil {
			t.Fatal(err)
		}
		r := runOne(t, set, Options{Schedule: pace.Constant(50).For(0, 10), Path: p, Dial: trusting(good, old), NoKeepAlive: true, Timeout: 20 * time.Second})
		if r.Record.Succeeded > 4 || r.Record.Errors[record.TLSFailed] < 6 || r.Record.Sent != 10 {
			t.Errorf("sent %d, succeeded %d, %v", r.Record.Sent, r.Record.Succeeded, named(r.Record))
		}
	})
}

// A server that takes connections and never shakes hands costs the time that
// dialling has, and no more.
func TestHandshakeStalls(t *testing.T) {
	s := startRaw(t, func(net.Conn, int64) bool { return true }) // waits for the end of a head that never comes
	set := compileURL(t, strings.Replace(s.url(), "http:", "https:", 1))
	_, err := Run(t.Context(), set, Options{Concurrency: 1, Requests: 1, Timeout: soon})
	if err == nil || !strings.Contains(err.Error(), "no TLS handshake") {
		t.Errorf("%v", err)
	}
}

// A name that stops resolving is the cause DNS, whatever was known of it before.
func TestNameGoesAway(t *testing.T) {
	e := target.Endpoint{Scheme: "http", Host: "no-such-host.invalid", Port: "80"}
	d := newDialler(&Options{})
	d.names[e.Host] = lookup{[]netip.Addr{netip.MustParseAddr("127.0.0.1")}, time.Now().Add(-time.Second)}
	_, took, err := d.connect(t.Context(), e)
	if class := classify(err, record.ConnectTimeout, record.ConnectFailed); class != record.DNS || took.dns < 0 {
		t.Errorf("%s: %v", class, err)
	}
}

// ^C ends a run in all of its states, with a report from the moment on when there
// is something to report. Each of these would last a minute.
func TestInterruptedAnywhere(t *testing.T) {
	stalls := startRaw(t, func(net.Conn, int64) bool { time.Sleep(soon); return true })
	answers := startHTTP(t, false, func(http.ResponseWriter, *http.Request) {})
	secure := func(url string) string { return strings.Replace(url, "http:", "https:", 1) }
	paths(t, func(t *testing.T, p PathChoice) {
		for name, c := range map[string]struct {
			url    string
			o      Options
			report bool
		}{
			"in the handshake":     {secure(stalls.url()), Options{Schedule: pace.Constant(100).For(time.Minute, 0)}, false},
			"before the start":     {answers.URL, Options{Schedule: pace.Constant(100).For(time.Minute, 0), StartAt: time.Now().Add(time.Minute)}, false},
			"while all wait":       {stalls.url(), Options{Schedule: pace.Constant(1000).For(time.Minute, 0), MaxConns: 1}, true},
			"while it polls":       {answers.URL, Options{Schedule: pace.Constant(20000).For(time.Minute, 0)}, true},
			"after the last":       {stalls.url(), Options{Schedule: pace.Constant(100).For(100*time.Millisecond, 0)}, true},
			"closed, all stalling": {stalls.url(), Options{Concurrency: 50, Duration: time.Minute}, true},
		} {
			for _, after := range []time.Duration{0, 10 * time.Millisecond, 150 * time.Millisecond} {
				c.o.Timeout, c.o.Path = time.Minute, p
				ctx, cancel := context.WithCancel(t.Context())
				stop := time.AfterFunc(after, cancel)
				start := time.Now()
				results, err := Run(ctx, compileURL(t, c.url), c.o)
				took := time.Since(start)
				if took > 10*time.Second { // a second is the aim; this machine may be busy
					t.Errorf("%s, %s: it took %s", name, after, took)
				}
				if err != nil && ctx.Err() == nil || c.report && after > 100*time.Millisecond && (err != nil || !results[0].Run.Interrupted) {
					t.Errorf("%s, %s: %v, %v", name, after, err, results)
				}
				if err == nil && results[0].Run.Elapsed < 0 {
					t.Errorf("%s, %s: %s", name, after, results[0].Run.Elapsed)
				}
				stop.Stop()
				cancel()
			}
		}
	})
}

// Only what is named is contacted: not where redirects and hints point, not what
// the environment calls a proxy.
func TestOnlyNamedHosts(t *testing.T) {
	trap, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer trap.Close()
	var caught atomic.Int64
	go func() {
		for {
			c, err := trap.Accept()
			if err != nil {
				return
			}
			caught.Add(1)
			c.Close()
		}
	}()
	elsewhere := "http://" + trap.Addr().String()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, elsewhere)
	}
	s := startHTTP(t, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", fmt.Sprintf("<%s/style.css>; rel=preload", elsewhere))
		w.Header().Set("Alt-Svc", fmt.Sprintf(`h2="%s"`, trap.Addr()))
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Location", elsewhere)
		w.Header().Set("Refresh", "0; url="+elsewhere)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	paths(t, func(t *testing.T, p PathChoice) {
		for _, protocol := range []Protocol{HTTP1, H2C} {
			for _, follow := range []bool{false, true} {
				if follow && p == LoopPath {
					continue // it cannot
				}
				r := runOne(t, compileURL(t, s.URL), Options{Concurrency: 2, Requests: 10, Path: p, Protocol: protocol, FollowRedirects: follow})
				if r.Record.Statuses[307] != 10 {
					t.Errorf("statuses 307: %d, %v", r.Record.Statuses[307], named(r.Record))
				}
			}
		}
	})
	if n := caught.Load(); n > 0 {
		t.Errorf("%d connections to a host that nobody named", n)
	}
}
