package engine

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// Ordinary runs of all kinds, plain and TLS, on each path.
func TestRuns(t *testing.T) {
	big := strings.Repeat("x", 200<<10)
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/big":
			_, _ = io.WriteString(w, big)
		case "/chunked":
			_, _ = io.WriteString(w, "a")
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, "b")
		case "/echo":
			n, _ := io.Copy(io.Discard, r.Body)
			if n != 3<<20 {
				w.WriteHeader(400)
			}
		case "/teapot":
			w.WriteHeader(418)
		default:
			_, _ = io.WriteString(w, "hello")
		}
	}
	for _, speak := range []struct {
		name     string
		secure   bool
		protocol Protocol
		answers  string
	}{{"plain", false, Auto, "HTTP/1.1"}, {"tls", true, Auto, "HTTP/1.1"}, {"http2", true, HTTP2, "HTTP/2.0"}, {"h2c", false, H2C, "HTTP/2.0"}} {
		s := startHTTP(t, speak.secure, func(w http.ResponseWriter, r *http.Request) {
			if r.Proto != speak.answers {
				w.WriteHeader(505)
				return
			}
			handler(w, r)
		})
		dial := Dial{}
		if speak.secure {
			dial.TLS = trust(s)
		}
		t.Run(speak.name, func(t *testing.T) {
			paths(t, func(t *testing.T, p PathChoice) {
				base := Options{Dial: dial, Path: p, Protocol: speak.protocol}
				for _, c := range []struct {
					name string
					path string
					body int
					set  func(*Options)
					sent int64
				}{
					{"open", "/", 0, func(o *Options) { o.Schedule = pace.Constant(200).For(0, 100) }, 100},
					{"poisson", "/", 0, func(o *Options) { o.Schedule = pace.Constant(200).Poisson(1).For(0, 100) }, 100},
					{"closed", "/", 0, func(o *Options) { o.Concurrency, o.Requests = 7, 100 }, 100},
					{"three loops", "/", 0, func(o *Options) { o.Concurrency, o.Requests, o.Loops = 7, 100, 3 }, 100},
					{"open, three loops", "/", 0, func(o *Options) { o.Schedule, o.Loops = pace.Constant(300).For(0, 100), 3 }, 100},
					{"no keep-alive", "/", 0, func(o *Options) { o.Concurrency, o.Requests, o.NoKeepAlive = 3, 30, true }, 30},
					{"chunked", "/chunked", 0, func(o *Options) { o.Concurrency, o.Requests = 2, 50 }, 50},
					{"big response", "/big", 0, func(o *Options) { o.Concurrency, o.Requests = 2, 20 }, 20},
					{"big request", "/echo", 3 << 20, func(o *Options) { o.Concurrency, o.Requests = 2, 6 }, 6},
					{"one connection", "/", 0, func(o *Options) { o.Schedule, o.MaxConns = pace.Constant(1000).For(0, 100), 1 }, 100},
				} {
					t.Run(c.name, func(t *testing.T) {
						set, err := target.Compile([]target.Spec{{URL: s.URL + c.path, Body: make([]byte, c.body)}}, target.Options{Close: base.NoKeepAlive})
						if err != nil {
							t.Fatal(err)
						}
						o := base
						c.set(&o)
						r := runOne(t, set, o)
						if r.Record.Sent != c.sent || r.Record.Succeeded != c.sent || r.Record.Shortfall != 0 {
							t.Errorf("sent %d, succeeded %d, shortfall %d, errors %v", r.Record.Sent, r.Record.Succeeded, r.Record.Shortfall, named(r.Record))
						}
					})
				}
				t.Run("statuses", func(t *testing.T) {
					o := base
					o.Concurrency, o.Requests = 2, 10
					if r := runOne(t, compileURL(t, s.URL+"/teapot"), o); r.Record.Failed != 10 || r.Record.Statuses[418] != 10 {
						t.Errorf("failed %d, 418: %d", r.Record.Failed, r.Record.Statuses[418])
					}
					o.Success = func(status int) bool { return status == 418 }
					if r := runOne(t, compileURL(t, s.URL+"/teapot"), o); r.Record.Succeeded != 10 {
						t.Errorf("succeeded %d", r.Record.Succeeded)
					}
				})
			})
		})
	}
}

// Templates are rendered for each request, also when a body takes many writes.
func TestTemplates(t *testing.T) {
	var sum atomic.Int64
	s := startHTTP(t, false, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.HasPrefix(string(body), r.URL.Query().Get("n")+" ") {
			sum.Add(1)
		}
	})
	set, err := target.Compile([]target.Spec{{URL: s.URL + "/?n={{seq}}", Body: []byte("{{seq}} " + strings.Repeat("y", 2<<20)), Template: true}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	paths(t, func(t *testing.T, p PathChoice) {
		sum.Store(0)
		r := runOne(t, set, Options{Concurrency: 4, Requests: 24, Path: p})
		if r.Record.Succeeded != 24 || sum.Load() != 24 {
			t.Errorf("succeeded %d, right at the server %d", r.Record.Succeeded, sum.Load())
		}
	})
}

// With no connection free, requests wait, or are dropped, or fail, as asked.
func TestSaturation(t *testing.T) {
	s := startHTTP(t, false, func(http.ResponseWriter, *http.Request) { time.Sleep(20 * time.Millisecond) })
	paths(t, func(t *testing.T, p PathChoice) {
		for _, how := range []Saturation{Queue, Drop, Fail} {
			r := runOne(t, compileURL(t, s.URL), Options{Schedule: pace.Constant(500).For(0, 50), MaxConns: 2, Saturation: how, Path: p})
			rec := r.Record
			switch how {
			case Queue:
				if rec.Sent != 50 || rec.Latency.Max() < 300*time.Millisecond || rec.Service.Quantile(.5) > rec.Latency.Quantile(.5) {
					t.Errorf("queue: sent %d, longest %s, service %s", rec.Sent, rec.Latency.Max(), rec.Service.Quantile(.5))
				}
			case Drop:
				if rec.Dropped == 0 || rec.Sent+rec.Dropped != 50 || rec.Shortfall != rec.Dropped {
					t.Errorf("drop: sent %d, dropped %d, shortfall %d", rec.Sent, rec.Dropped, rec.Shortfall)
				}
			case Fail:
				if rec.Sent != 50 || rec.Errors[record.Saturated] == 0 {
					t.Errorf("fail: sent %d, %v", rec.Sent, named(rec))
				}
			}
		}
	})
}

// What could not be sent in time is a printed shortfall; the run ends.
func TestShortfall(t *testing.T) {
	s := startHTTP(t, false, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(time.Second):
		}
	})
	paths(t, func(t *testing.T, p PathChoice) {
		start := time.Now()
		r := runOne(t, compileURL(t, s.URL), Options{Schedule: pace.Constant(100).For(500*time.Millisecond, 0), MaxConns: 1, Timeout: 200 * time.Millisecond, Path: p})
		rec := r.Record
		if rec.Shortfall == 0 || rec.Sent+rec.Shortfall != 50 || rec.Errors[record.NoAnswerTimeout] != rec.Sent {
			t.Errorf("sent %d, shortfall %d, %v", rec.Sent, rec.Shortfall, named(rec))
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// ^C ends the run at once, whatever it waits for.
func TestInterrupted(t *testing.T) {
	arrived := make(chan struct{}, 1)
	s := startHTTP(t, false, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case arrived <- struct{}{}:
		default:
		}
		<-r.Context().Done()
	})
	paths(t, func(t *testing.T, p PathChoice) {
		for _, o := range []Options{
			{Schedule: pace.Constant(100).For(time.Minute, 0), Timeout: time.Minute, Path: p},
			{Schedule: pace.Constant(100).For(time.Minute, 0), MaxConns: 2, Timeout: time.Minute, Path: p},
			{Concurrency: 4, Duration: time.Minute, Timeout: time.Minute, Path: p},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			select {
			case <-arrived: // of the run before
			default:
			}
			go func() {
				<-arrived // something is on its way, also where the machine is busy
				time.Sleep(100 * time.Millisecond)
				cancel()
			}()
			start := time.Now()
			r := runIn(t, ctx, compileURL(t, s.URL), o)
			if !r.Run.Interrupted || r.Record.Unfinished == 0 {
				t.Errorf("%+v", r.Record.Unfinished)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %s", took)
			}
		}
	})
}

// Two targets on one schedule fill two results, also on different servers.
func TestGroups(t *testing.T) {
	a := startHTTP(t, false, func(http.ResponseWriter, *http.Request) {})
	b := startHTTP(t, false, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	paths(t, func(t *testing.T, p PathChoice) {
		results, err := Run(t.Context(), compileURL(t, a.URL, b.URL), Options{Schedule: pace.Constant(200).For(0, 100), Groups: []int{0, 1}, Path: p})
		if err != nil {
			t.Fatal(err)
		}
		if len(results) != 2 || results[0].Record.Succeeded != 50 || results[1].Record.Statuses[500] != 50 {
			t.Errorf("%d results, %d succeeded", len(results), results[0].Record.Succeeded)
		}
		for _, r := range results {
			balanced(t, r)
		}
	})
}

// What is sent in the warm-up is not counted.
func TestWarmup(t *testing.T) {
	s := startHTTP(t, false, func(http.ResponseWriter, *http.Request) {})
	paths(t, func(t *testing.T, p PathChoice) {
		r := runOne(t, compileURL(t, s.URL), Options{Schedule: pace.Constant(100).For(time.Second, 0), Warmup: 500 * time.Millisecond, Path: p})
		if r.Record.Warmup != 50 || r.Record.Sent != 50 || r.Record.Latency.Count() != 50 {
			t.Errorf("warm-up %d, sent %d", r.Record.Warmup, r.Record.Sent)
		}
	})
}

// Connections go where the options say: a unix socket, a given address, from a
// given address.
func TestWhereTo(t *testing.T) {
	s := startHTTP(t, false, func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		if r.Host != "api.example.invalid" && host != "127.0.0.3" {
			w.WriteHeader(404)
		}
	})
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	server := &http.Server{Handler: s.Config.Handler}
	go func() {
		defer close(served)
		_ = server.Serve(l)
	}()
	defer func() {
		server.Close()
		<-served
	}()
	address := s.Listener.Addr().(*net.TCPAddr).AddrPort()
	paths(t, func(t *testing.T, p PathChoice) {
		for name, c := range map[string]struct {
			url  string
			dial Dial
		}{
			"socket":  {"http://api.example.invalid/", Dial{Socket: socket}},
			"resolve": {"http://api.example.invalid/", Dial{Resolve: resolveTo("api.example.invalid:80", address)}},
			"local":   {s.URL, Dial{Local: localThree}},
		} {
			r := runOne(t, compileURL(t, c.url), Options{Concurrency: 2, Requests: 10, Dial: c.dial, Path: p})
			if r.Record.Succeeded != 10 {
				t.Errorf("%s: %d succeeded, %v", name, r.Record.Succeeded, named(r.Record))
			}
		}
	})
}

// A wrong address is an error before the run.
func TestPreflight(t *testing.T) {
	s := startHTTP(t, true, func(http.ResponseWriter, *http.Request) {})
	plain := startHTTP(t, false, func(http.ResponseWriter, *http.Request) {})
	for url, want := range map[string]string{
		s.URL: "certificate",
		strings.Replace(plain.URL, "http:", "https:", 1): "TLS",
		"http://no-such-host.invalid/":                   "unknown host",
	} {
		if _, err := Run(t.Context(), compileURL(t, url), Options{Concurrency: 1, Requests: 1}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// Bodies are matched, and every end of a request is observed.
func TestMatchAndObserve(t *testing.T) {
	s := startHTTP(t, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Seen", "yes")
		_, _ = io.WriteString(w, "hello")
	})
	paths(t, func(t *testing.T, p PathChoice) {
		var seen atomic.Int64
		r := runOne(t, compileURL(t, s.URL), Options{
			Concurrency: 2, Requests: 20, Path: p,
			Body: func() BodyMatcher { return &never{} },
			Observe: func(o *Observation) {
				if strings.Contains(string(o.Head), "X-Seen: yes\r\n") && o.Status == 200 && o.Done >= o.Sent {
					seen.Add(1)
				}
			},
		})
		if r.Record.Errors[record.UnexpectedBody] != 20 || seen.Load() != 20 {
			t.Errorf("%v, seen %d", named(r.Record), seen.Load())
		}
	})
}

// never is a matcher that nothing suits.
type never struct{}

func (*never) Reset()      {}
func (*never) Feed([]byte) {}
func (*never) End() bool   { return false }

// Random arrivals by count go on after the expected end, however short the
// timeout is. A machine that stands still for longer than that loses some for once.
func TestPoissonByCount(t *testing.T) {
	s := startHTTP(t, false, func(http.ResponseWriter, *http.Request) {})
	paths(t, func(t *testing.T, p PathChoice) {
		for seed := range uint64(3) {
			whole := false
			for attempt := 0; attempt < 3 && !whole; attempt++ {
				r := runOne(t, compileURL(t, s.URL), Options{Schedule: pace.Constant(200).Poisson(seed).For(0, 60), Timeout: 300 * time.Millisecond, Path: p})
				whole = r.Record.Sent == 60 && r.Record.Shortfall == 0
				t.Logf("seed %d: sent %d, shortfall %d", seed, r.Record.Sent, r.Record.Shortfall)
			}
			if !whole {
				t.Errorf("seed %d: never all", seed)
			}
		}
	})
}
