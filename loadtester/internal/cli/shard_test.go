package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Three machines send a run's parts from the same moment; merged they are the
// whole: each request once.
func TestShardsMergeToTheWhole(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	url, _ := echo(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.URL.Query().Get("n")]++
	})
	t.Setenv("JOB_COMPLETION_INDEX", "2")
	var files []string
	for ahead := 500 * time.Millisecond; files == nil; ahead *= 4 { // a busy machine is not ready so soon
		if ahead > time.Minute {
			t.Fatal("no shard is ever ready in time")
		}
		clear(seen)
		files = shards(t, url+"/?n={{seq}}", time.Now().Add(ahead))
	}
	if code, _, stderr := tool(t, files...); code != 0 {
		t.Fatal(stderr)
	}
	code, stdout, _ := tool(t, "report", files[2], "--format", "json")
	var got struct {
		Requests struct{ Sent, Scheduled int }
		Rate     struct{ Target float64 }
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || code != 0 {
		t.Fatal(err, code)
	}
	if got.Requests.Sent != 100 || got.Requests.Scheduled != 100 || got.Rate.Target < 99 || got.Rate.Target > 101 {
		t.Errorf("%+v", got)
	}
	if len(seen) != 100 {
		t.Errorf("%d different requests", len(seen))
	}
	if code, _, stderr := tool(t, "merge", "--output", "-", files[3], files[3]); code != 2 || !strings.Contains(stderr, "twice") {
		t.Errorf("the same shard twice: exit %d, %s", code, stderr)
	}
}

// shards sends the three parts of a run, and gives the command that merges them;
// nil: one was not ready in time.
func shards(t *testing.T, url string, start time.Time) (merge []string) {
	t.Helper()
	dir := t.TempDir()
	merge = []string{"merge", "--output", filepath.Join(dir, "all.ltr")}
	var all sync.WaitGroup
	var late atomic.Bool
	for i := range 3 {
		file := filepath.Join(dir, fmt.Sprintf("%d.ltr", i))
		merge = append(merge, file)
		shard := fmt.Sprintf("%d/3", i+1)
		if i == 2 {
			shard = "/3" // from the environment, as in a Kubernetes Indexed Job
		}
		args := []string{url, "--rate", "100", "--duration", "1", "--shard", shard, "--start-at", start.Format(time.RFC3339Nano), "--save", file, "--quiet"}
		all.Go(func() {
			switch code, stdout, stderr := toolEnv(args...); {
			case strings.Contains(stderr, "has passed"):
				late.Store(true)
			case code != 0:
				t.Errorf("%v: exit %d\n%s%s", args, code, stdout, stderr)
			}
		})
	}
	all.Wait()
	if late.Load() {
		return nil
	}
	return merge
}

func TestBadShards(t *testing.T) {
	url, _ := echo(t, nil)
	for _, args := range [][]string{
		{"--shard", "0/3"}, {"--shard", "4/3"}, {"--shard", "x"}, {"--shard", "1/0"}, {"--shard", "/3"},
		{"--start-at", "tomorrow"}, {"--start-at", "2001-01-01T00:00:00Z"},
	} {
		if code, _, stderr := tool(t, append([]string{url, "--rate", "1"}, args...)...); code != 2 || !strings.Contains(stderr, "hint: ") {
			t.Errorf("%v: exit %d, %s", args, code, stderr)
		}
	}
}

// freeAddress is one on which nobody listens.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// While a test runs, its metrics can be read.
func TestMetricsListen(t *testing.T) {
	url, _ := echo(t, nil)
	address := freeAddress(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if code, stdout, stderr := toolEnv(url, "--rate", "100", "--duration", "1.5", "--metrics-listen", address, "--quiet"); code != 0 {
			t.Errorf("exit %d\n%s%s", code, stdout, stderr)
		}
	}()
	for sent := ""; sent == ""; {
		select {
		case <-done:
			t.Fatal("no metrics were seen")
		case <-time.After(50 * time.Millisecond):
		}
		resp, err := http.Get("http://" + address + "/metrics")
		if err != nil {
			continue // not there yet
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		for line := range strings.Lines(string(text)) {
			if n, ok := strings.CutPrefix(line, "loadtester_requests_sent_total "); ok && strings.TrimSpace(n) != "0" {
				sent = n
			}
		}
	}
	<-done
}
