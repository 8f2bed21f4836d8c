package engine

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/quic-go/quic-go/http3"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
	"github.com/seniorbackend/tools/shared/problem"
)

// startQUIC serves h over HTTP/3 on a free port, with the certificate that config
// trusts.
func startQUIC(t *testing.T, h http.HandlerFunc) (url string, config *tls.Config) {
	t.Helper()
	cert := startHTTP(t, true, h) // for its certificate
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http3.Server{Handler: h, TLSConfig: http3.ConfigureTLSConfig(cert.TLS.Clone())}
	var served sync.WaitGroup
	served.Go(func() { _ = s.Serve(socket) })
	t.Cleanup(func() {
		s.Close()
		socket.Close()
		served.Wait()
	})
	return "https://" + socket.LocalAddr().String(), trust(cert)
}

// HTTP/3 takes the schedule and the recorder of the other paths: the same requests
// against the same faults are counted as over HTTP/1.1.
func TestHTTP3CountsLikeHTTP1(t *testing.T) {
	plain := startHTTP(t, false, faults)
	secure, config := startQUIC(t, faults)
	save := []target.Save{{Name: "token", From: target.FromBody, Path: "token"}}
	use := []target.Field{{Name: "X-Token", Value: "{{$token}}"}}
	open := Options{Schedule: pace.Constant(40).For(0, 20)}
	for name, c := range map[string]struct {
		specs []target.Spec
		o     Options
		want  int64 // succeeded
	}{
		"plain":    {[]target.Spec{{URL: "/"}}, open, 20},
		"post":     {[]target.Spec{{URL: "/", Body: []byte(`{"a":1}`)}}, open, 20},
		"closed":   {[]target.Spec{{URL: "/"}}, Options{Concurrency: 3, Requests: 20}, 20},
		"both":     {[]target.Spec{{URL: "/slow"}}, with(open, func(o *Options) { o.Concurrency = 10 }), 20},
		"warm-up":  {[]target.Spec{{URL: "/"}}, Options{Schedule: pace.Constant(40).For(time.Second, 0), Warmup: 500 * time.Millisecond}, 20},
		"status":   {[]target.Spec{{URL: "/500"}}, open, 0},
		"timeout":  {[]target.Spec{{URL: "/late"}}, Options{Schedule: pace.Constant(40).For(0, 8), Timeout: soon}, 0},
		"too long": {[]target.Spec{{URL: "/long"}}, with(open, func(o *Options) { o.MaxBody = 1000 }), 0},
		"body":     {[]target.Spec{{URL: "/"}}, with(open, expecting("nobody")), 0},
		"packed":   {[]target.Spec{{URL: "/packed"}}, with(open, expecting("hello")), 20},
		"chain":    {[]target.Spec{{URL: "/packed", Save: save}, {URL: "/", Header: use}}, open, 40},
		"no value": {[]target.Spec{{URL: "/", Save: save}, {URL: "/", Header: use}}, open, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := func(base string) *target.Set {
				specs := make([]target.Spec, len(c.specs))
				for k, s := range c.specs {
					s.URL, s.Template = base+s.URL, true
					specs[k] = s
				}
				set, err := target.Compile(specs, target.Options{Chain: len(specs) > 1})
				if err != nil {
					t.Fatal(err)
				}
				return set
			}
			one := c.o
			one.Path = NetHTTPPath
			three := c.o
			three.Protocol, three.Dial.TLS = HTTP3, config
			got := runOne(t, to(secure), three)
			if d := cmp.Diff(counts(runOne(t, to(plain.URL), one)), counts(got)); d != "" {
				t.Errorf("HTTP/3 counts differently:\n%s", d)
			}
			if got.Record.Succeeded != c.want || got.Run.Path != "quic-go, HTTP/3" {
				t.Errorf("%d succeeded over %s", got.Record.Succeeded, got.Run.Path)
			}
		})
	}
}

// What goes out is HTTP/3, with the header of the target and nothing else.
func TestHTTP3Request(t *testing.T) {
	var mu sync.Mutex
	var got []string
	url, config := startQUIC(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r.Proto+" "+r.Method+" "+r.RequestURI+" "+r.Host+" "+string(body))
		for name, values := range r.Header {
			got = append(got, name+"="+strings.Join(values, ","))
		}
	})
	set, err := target.Compile([]target.Spec{{URL: url + "/a?b=c", Body: []byte("x"), NoAgent: true, Exact: true, Header: []target.Field{{Name: "Host", Value: "shop.example"}}}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	runOne(t, set, Options{Concurrency: 1, Requests: 1, Protocol: HTTP3, Dial: Dial{TLS: config}})
	want := []string{"HTTP/3.0 POST /a?b=c shop.example x", "Content-Length=1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A connection carries a hundred requests at a time, or one in all.
func TestHTTP3Connections(t *testing.T) {
	url, config := startQUIC(t, func(http.ResponseWriter, *http.Request) { time.Sleep(50 * time.Millisecond) })
	r := runOne(t, compileURL(t, url), Options{Concurrency: 150, Requests: 300, Protocol: HTTP3, Dial: Dial{TLS: config}})
	if c := r.Record.Connections; r.Record.Succeeded != 300 || c.Opened != 2 || c.Peak != 2 {
		t.Errorf("%d succeeded, %+v", r.Record.Succeeded, c)
	}
	r = runOne(t, compileURL(t, url), Options{Concurrency: 2, Requests: 10, Protocol: HTTP3, NoKeepAlive: true, Dial: Dial{TLS: config}})
	if c := r.Record.Connections; r.Record.Succeeded != 10 || c.Opened != 10 {
		t.Errorf("without keep-alive: %d succeeded, %+v", r.Record.Succeeded, c)
	}
	if n := r.Record.Phases[record.PhaseTLS].Count(); n != 10 {
		t.Errorf("%d handshakes are measured", n)
	}
}

func TestHTTP3Faults(t *testing.T) {
	url, config := startQUIC(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/reset":
			panic(http.ErrAbortHandler)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "too little")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		case "/head":
			w.Header().Set("X", strings.Repeat("x", 300<<10))
		case "/slow-body":
			_, _ = io.WriteString(w, "begun")
			w.(http.Flusher).Flush()
			time.Sleep(2 * soon)
		}
	})
	for path, want := range map[string]record.Class{
		"/reset": record.StreamReset, "/cut": record.StreamReset, "/head": record.TooLarge, "/slow-body": record.BodyTimeout,
	} {
		r := runOne(t, compileURL(t, url+path), Options{Concurrency: 1, Requests: 3, Protocol: HTTP3, Timeout: patience(want), Dial: Dial{TLS: config, Timeout: unhurried().Timeout}})
		if r.Record.Errors[want] != 3 {
			t.Errorf("%s: %v, want %s", path, named(r.Record), want.Key())
		}
	}
}

// A run that cannot begin says why.
func TestHTTP3Preflight(t *testing.T) {
	url, config := startQUIC(t, func(http.ResponseWriter, *http.Request) {})
	silent, err := net.ListenPacket("udp4", "127.0.0.1:0") // nobody reads of it
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, c := range map[string]struct {
		url  string
		dial Dial
		want string
		hint string
	}{
		"nobody":       {"https://" + silent.LocalAddr().String(), Dial{TLS: config, Timeout: soon}, "no QUIC handshake", "UDP"},
		"not trusted":  {url, Dial{}, "TLS with", "--ca-file"},
		"not secure":   {strings.Replace(url, "https", "http", 1), Dial{}, "--http3 needs https://", "encrypted"},
		"unix socket":  {url, Dial{Socket: "/tmp/s"}, "--http3 does not go over a unix socket", ""},
		"no such host": {"https://nobody.invalid", Dial{}, "unknown host nobody.invalid", "--resolve"},
	} {
		_, err := Run(t.Context(), compileURL(t, c.url), Options{Concurrency: 1, Requests: 1, Protocol: HTTP3, Dial: c.dial})
		var p *problem.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Error(), c.want) || !strings.Contains(p.Hint, c.hint) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
