package limiter

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

func TestParseQuota(t *testing.T) {
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for head, want := range map[string]quota{
		"Retry-After: 7\r\n":                                                                          {-1, -1, -1, -1, 7},
		"retry-after: Sun, 01 Mar 2026 10:00:30 GMT\r\n":                                              {-1, -1, -1, -1, 30},
		"RateLimit-Limit: 100\r\nRateLimit-Remaining: 99\r\nRateLimit-Reset: 60\r\n":                  {100, 99, 60, -1, -1},
		"RateLimit-Policy: 100;w=900\r\nRateLimit: limit=100, remaining=42, reset=8\r\n":              {100, 42, 8, 900, -1},
		"RateLimit-Policy: \"15-in-1min\"; q=15; w=60\r\nRateLimit: \"15-in-1min\"; r=14; t=60\r\n":   {15, 14, 60, 60, -1},
		"ratelimit-limit: 10, 10;w=1, 1000;w=3600\r\n":                                                {10, -1, -1, 1, -1},
		"X-RateLimit-Limit: 60\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1772359260\r\n":      {60, 0, 60, -1, -1},
		"X-Rate-Limit-Limit: 5\r\nX-Rate-Limit-Remaining: 1\r\nX-Rate-Limit-Reset: 1772359230000\r\n": {5, 1, 30, -1, -1},
		"X-RateLimit-Limit: many\r\nRetry-After: soon\r\nRateLimit-Reset: 1.2\r\nX-Request-Id: 1\r\n": {-1, -1, 2, -1, -1},
		"Content-Type: text/plain\r\n":                                                                {-1, -1, -1, -1, -1},
	} {
		if got := parseQuota([]byte("HTTP/1.1 429 Too Many Requests\r\n"+head), now); got != want {
			t.Errorf("%q: %+v, want %+v", head, got, want)
		}
	}
}

func FuzzParseQuota(f *testing.F) {
	f.Add([]byte("HTTP/1.1 429 x\r\nRateLimit-Policy: \"a\";q=1;w=2\r\nRetry-After: 1\r\n"))
	f.Fuzz(func(t *testing.T, head []byte) {
		q := parseQuota(head, time.Unix(1772359200, 0))
		if q.limit < -1 || q.remaining < -1 || q.reset < -1 || q.retryAfter < -1 || q.window < -1 {
			t.Fatalf("%+v", q)
		}
	})
}

// guard is a limiter that really limits. allow says whether a request passes,
// what remains, and how long until more do.
type guard struct {
	mu     sync.Mutex
	limit  int
	window time.Duration

	allow   func(g *guard, now time.Time) (ok bool, remaining int, wait time.Duration)
	headers func(h http.Header, g *guard, ok bool, remaining int, wait time.Duration)
	refuse  int // status of a refusal

	start  time.Time
	used   int
	tokens float64
	log    []time.Time
	n      int
}

func (g *guard) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n++
	ok, remaining, wait := g.allow(g, time.Now())
	if g.headers != nil {
		g.headers(w.Header(), g, ok, remaining, wait)
	}
	if !ok {
		w.WriteHeader(g.refuse)
		return
	}
	fmt.Fprint(w, "ok")
}

func fixed(g *guard, now time.Time) (bool, int, time.Duration) {
	if g.start.IsZero() || now.Sub(g.start) >= g.window {
		g.start, g.used = now, 0
	}
	g.used++
	return g.used <= g.limit, max(g.limit-g.used, 0), g.window - now.Sub(g.start)
}

func bucket(g *guard, now time.Time) (bool, int, time.Duration) {
	rate := float64(g.limit) / g.window.Seconds()
	if g.start.IsZero() {
		g.tokens = float64(g.limit)
	} else {
		g.tokens = min(g.tokens+now.Sub(g.start).Seconds()*rate, float64(g.limit))
	}
	g.start = now
	if g.tokens < 1 {
		return false, 0, time.Duration((1 - g.tokens) / rate * 1e9)
	}
	g.tokens--
	return true, int(g.tokens), g.window
}

func sliding(g *guard, now time.Time) (bool, int, time.Duration) {
	for len(g.log) > 0 && now.Sub(g.log[0]) >= g.window {
		g.log = g.log[1:]
	}
	if len(g.log) >= g.limit {
		return false, 0, g.window - now.Sub(g.log[0])
	}
	g.log = append(g.log, now)
	return true, g.limit - len(g.log), g.window
}

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// draft6 is what express-rate-limit writes with standardHeaders: true.
func draft6(h http.Header, g *guard, ok bool, remaining int, wait time.Duration) {
	h.Set("RateLimit-Policy", fmt.Sprintf("%d;w=%s", g.limit, seconds(g.window)))
	h.Set("RateLimit-Limit", strconv.Itoa(g.limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(remaining))
	h.Set("RateLimit-Reset", seconds(wait))
	if !ok {
		h.Set("Retry-After", seconds(wait))
	}
}

func retryOnly(h http.Header, _ *guard, ok bool, _ int, wait time.Duration) {
	if !ok {
		h.Set("Retry-After", seconds(wait))
	}
}

func verify(t *testing.T, g *guard, rate float64, length, wait time.Duration) (*Model, map[string]expect.Check) {
	t.Helper()
	if g.refuse == 0 {
		g.refuse = 429
	}
	srv := httptest.NewServer(g)
	t.Cleanup(srv.Close)
	set, err := target.Compile([]target.Spec{{URL: srv.URL + "/login"}}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := engine.Options{Schedule: pace.Constant(rate).For(length, 0), MaxConns: 50}
	if rate == 0 {
		o = engine.Options{Concurrency: 20, Duration: length}
	}
	_, m, err := Verify(t.Context(), set, o, wait)
	if err != nil {
		t.Fatal(err)
	}
	checks := map[string]expect.Check{}
	for _, c := range m.Checks() {
		checks[c.Name] = c
		t.Logf("%-22s %-5v %s (wanted %s) %s", c.Name, c.Pass, c.Got, c.Want, c.Note)
	}
	return m, checks
}

func wantFailed(t *testing.T, checks map[string]expect.Check, names ...string) {
	t.Helper()
	failed := map[string]bool{}
	for name, c := range checks {
		if !c.Pass {
			failed[name] = true
		}
	}
	for _, n := range names {
		if !failed[n] {
			t.Errorf("%q passed", n)
		}
		delete(failed, n)
	}
	for n := range failed {
		t.Errorf("%q failed", n)
	}
}

func near(got, want, tolerance float64) bool {
	return got >= want*(1-tolerance) && got <= want*(1+tolerance)
}

func TestFixedWindow(t *testing.T) {
	t.Parallel()
	m, checks := verify(t, &guard{limit: 30, window: time.Second, allow: fixed, headers: draft6}, 200, 4500*time.Millisecond, 5*time.Second)
	wantFailed(t, checks)
	if m.Kind != FixedWindow || m.Limit != 30 || !near(m.Window.Seconds(), 1, 0.1) || m.SaidLimit != 30 {
		t.Errorf("%+v", m)
	}
}

func TestFixedWindowClosedLoop(t *testing.T) {
	t.Parallel()
	m, checks := verify(t, &guard{limit: 100, window: time.Second, allow: fixed, headers: draft6}, 0, 3500*time.Millisecond, 5*time.Second)
	wantFailed(t, checks)
	if m.Kind != FixedWindow || m.Limit != 100 || !near(m.Window.Seconds(), 1, 0.1) {
		t.Errorf("%+v", m)
	}
}

func TestTokenBucket(t *testing.T) {
	t.Parallel()
	m, checks := verify(t, &guard{limit: 40, window: 2 * time.Second, allow: bucket, headers: retryOnly}, 200, 4*time.Second, 5*time.Second)
	wantFailed(t, checks)
	if m.Kind != Refill || !near(float64(m.Burst), 44, 0.2) || !near(m.Rate, 20, 0.15) {
		t.Errorf("%+v", m)
	}
}

func TestSlidingWindow(t *testing.T) {
	t.Parallel()
	m, checks := verify(t, &guard{limit: 30, window: time.Second, allow: sliding, headers: draft6}, 300, 4500*time.Millisecond, 5*time.Second)
	wantFailed(t, checks)
	if m.Kind != FixedWindow && m.Kind != Refill || !near(m.Rate, 30, 0.2) {
		t.Errorf("%+v", m)
	}
}

func TestLongWindow(t *testing.T) {
	t.Parallel()
	m, checks := verify(t, &guard{limit: 50, window: 15 * time.Minute, allow: fixed, headers: draft6}, 100, 2*time.Second, 3*time.Second)
	wantFailed(t, checks)
	if m.Kind != OneWindow || m.Limit != 50 || m.Window != 15*time.Minute || m.Tried {
		t.Errorf("%+v", m)
	}
	// The whole seconds that are left of the window when the last answer comes.
	if c := checks["lets in again"]; !regexp.MustCompile(`^not tried: it asked for (15m0s|14m5\ds)$`).MatchString(c.Got) {
		t.Errorf("%+v", c)
	}
}

// Each fault of a limiter fails its check, and no other.
func TestFaults(t *testing.T) {
	window := time.Second
	for name, c := range map[string]struct {
		guard  *guard
		failed []string
	}{
		"no limit":   {&guard{allow: func(*guard, time.Time) (bool, int, time.Duration) { return true, 0, 0 }}, []string{"limits the rate"}},
		"no headers": {&guard{limit: 20, window: window, allow: fixed}, []string{"says when to come back"}},
		"falls over": {&guard{limit: 20, window: window, allow: fixed, headers: retryOnly, refuse: 503}, []string{"limits the rate", "no server errors"}},
		"counts in four processes": {&guard{limit: 20, window: window, headers: func(h http.Header, g *guard, ok bool, r int, w time.Duration) {
			draft6(h, &guard{limit: 5, window: g.window}, ok, r/4, w)
		}, allow: fixed}, []string{"keeps its limit", "counts down"}},
		"remaining stands still": {&guard{limit: 20, window: window, allow: fixed, headers: func(h http.Header, g *guard, ok bool, _ int, w time.Duration) {
			draft6(h, g, ok, 7, w)
		}}, []string{"counts down"}},
		"refuses all": {&guard{allow: func(*guard, time.Time) (bool, int, time.Duration) { return false, 0, time.Second }, headers: retryOnly}, []string{"lets requests through"}},
		"lies about the wait": {&guard{limit: 20, window: time.Minute, allow: fixed, headers: func(h http.Header, _ *guard, ok bool, _ int, _ time.Duration) {
			if !ok {
				h.Set("Retry-After", "1")
			}
		}}, []string{"lets in again"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, checks := verify(t, c.guard, 100, 2500*time.Millisecond, 3*time.Second)
			wantFailed(t, checks, c.failed...)
		})
	}
}
