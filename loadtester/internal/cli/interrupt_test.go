package cli

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seniorbackend/tools/shared/problem"
)

// ^C, whatever a command is doing: it ends within a second with an exit code of its
// own. Where something was sent it says so, and shows what there is.
func TestInterruptAnyState(t *testing.T) {
	stalled, _ := echo(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	fine, _ := echo(t, nil)
	var asked atomic.Int64
	limited, _ := echo(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) <= 3 {
			return
		}
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(429)
	})
	mute, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mute.Close() })
	chain := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(chain, []byte("base: "+stalled+"\nchain:\n  - {get: /a}\n  - {get: /b}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		out  string // what is on stdout; "": nothing
	}{
		"open loop":        {[]string{fine, "--rate", "100"}, "INTERRUPTED"},
		"closed loop":      {[]string{stalled, "-c", "5"}, "INTERRUPTED"},
		"to a file":        {[]string{fine, "--rate", "100", "--format", "json"}, `"interrupted": true`},
		"handshake":        {[]string{"https://" + mute.Addr().String(), "--rate", "1"}, ""},
		"before the start": {[]string{fine, "--rate", "1", "--start-at", time.Now().Add(time.Hour).Format(time.RFC3339)}, ""},
		"warm-up":          {[]string{fine, "--rate", "100", "--warmup", "60"}, "INTERRUPTED"},
		"chain":            {[]string{"run", "--targets", chain, "--rate", "20"}, "INTERRUPTED"},
		"comparison":       {[]string{"compare", fine, stalled, "--rate", "20"}, "Comparison"},
		"capacity":         {[]string{"capacity", fine, "--from", "20", "--step", "60"}, "Capacity"},
		"rate limiter":     {[]string{limited, "--rate", "20", "--expect-rate-limit"}, "INTERRUPTED"},
		"limiter recovers": {[]string{limited, "--rate", "50", "--requests", "10", "--expect-rate-limit"}, "INTERRUPTED"},
	} {
		asked.Store(0)
		ctx, cancel := context.WithCancel(t.Context())
		var at time.Time
		time.AfterFunc(400*time.Millisecond, func() {
			at = time.Now()
			cancel()
		})
		if name != "limiter recovers" && name != "capacity" && name != "handshake" && name != "before the start" {
			c.args = append(c.args, "--duration", "60")
		}
		code, stdout, stderr := toolIn(t, ctx, append(c.args, "-q")...)
		took := time.Since(at)
		cancel()
		if code != problem.Interrupted || c.out == "" && stdout != "" || c.out != "" && !strings.Contains(stderr, "interrupted") || !strings.Contains(stdout, c.out) {
			t.Errorf("%s: exit %d\n%s%s", name, code, stdout, stderr)
		}
		if took > time.Second {
			t.Errorf("%s: it took %s", name, took)
		}
	}
}
