package cli

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/shared/problem"
)

// ^C, whatever a command is doing: it ends at once with an exit code of its own.
// Where something was sent it says so, and shows what there is. The interrupt comes
// when the server has seen what the case is about, not at a moment of the clock.
func TestInterruptAnyState(t *testing.T) {
	stalled, stalls := echo(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	fine, hits := echo(t, nil)
	var first atomic.Int64
	limited, asked := echo(t, func(w http.ResponseWriter, _ *http.Request) {
		if first.Add(1) <= 3 {
			return
		}
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(429)
	})
	mute, accepted := accepts(t)
	chain := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(chain, []byte("base: "+stalled+"\nchain:\n  - {get: /a}\n  - {get: /b}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const interrupted = `"interrupted": true` // the heading may be that the machine was busy
	for name, c := range map[string]struct {
		args  []string
		seen  *atomic.Int64 // by the server, since the case began
		least int64
		out   string // what is on stdout; "": nothing
	}{
		"open loop":        {[]string{fine, "--rate", "100"}, hits, 5, interrupted},
		"closed loop":      {[]string{stalled, "-c", "5"}, stalls, 5, interrupted},
		"handshake":        {[]string{"https://" + mute, "--rate", "1"}, accepted, 1, ""},
		"before the start": {[]string{"http://" + mute, "--rate", "1", "--start-at", time.Now().Add(time.Hour).Format(time.RFC3339)}, accepted, 1, ""},
		"warm-up":          {[]string{fine, "--rate", "100", "--warmup", "60"}, hits, 5, interrupted},
		"chain":            {[]string{"run", "--targets", chain, "--rate", "20"}, stalls, 2, interrupted},
		"comparison":       {[]string{"compare", fine, stalled, "--rate", "20"}, stalls, 2, "Comparison"},
		"capacity":         {[]string{"capacity", fine, "--from", "20", "--step", "60"}, hits, 2, "Capacity"},
		"rate limiter":     {[]string{limited, "--rate", "20", "--expect-rate-limit"}, asked, 5, interrupted},
		"limiter recovers": {[]string{limited, "--rate", "50", "--requests", "10", "--expect-rate-limit"}, asked, 10, interrupted},
	} {
		first.Store(0)
		ctx, cancel := context.WithCancel(t.Context())
		at := make(chan time.Time, 1)
		goal := c.seen.Load() + c.least
		go func() {
			for c.seen.Load() < goal && ctx.Err() == nil {
				time.Sleep(5 * time.Millisecond)
			}
			at <- time.Now()
			cancel()
		}()
		if c.out == interrupted && !slices.Contains(c.args, "--format") {
			c.args = append(c.args, "--format", "json")
		}
		if name != "limiter recovers" && name != "capacity" && name != "handshake" && name != "before the start" {
			c.args = append(c.args, "--duration", "60")
		}
		code, stdout, stderr := toolIn(t, ctx, append(c.args, "-q", "--timeout", "60")...)
		cancel()
		took := time.Since(<-at)
		if code != problem.Interrupted || c.out == "" && stdout != "" || c.out != "" && !strings.Contains(stderr, "interrupted") || !strings.Contains(stdout, c.out) {
			t.Errorf("%s: exit %d\n%s%s", name, code, stdout, stderr)
		}
		if took > 30*time.Second { // a second is the aim; by itself each would take a minute
			t.Errorf("%s: it took %s", name, took)
		}
	}
}

// accepts is a server that takes connections, counts them, and says nothing.
func accepts(t *testing.T) (address string, n *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	n = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.Add(1)
			t.Cleanup(func() { c.Close() })
		}
	}()
	return l.Addr().String(), n
}
