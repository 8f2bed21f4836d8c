package compare

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/pace"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// Real servers of 20 ms, interleaved at 100/s: equal ones are not called
// different, one that is 20 % slower is in 4 seconds, and 5 % in 8, and each pair
// is judged. What else runs on the machine hits both. LOADTESTER_PAIRS=100 makes
// that many pairs of each kind.
func TestRealPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	pairs := realPairs(t, 3)
	server := sleeper(t)
	for _, c := range []struct {
		a, b   string
		length time.Duration
		most   int // that may have another verdict
		want   Verdict
		asked  bool // made only where a number of pairs is asked for
	}{
		{"20ms", "20ms", 4 * time.Second, max(pairs/100, 1), NoShown, false},
		{"20ms", "20ms", 8 * time.Second, max(pairs/100, 1), NoShown, true},
		{"20ms", "24ms", 4 * time.Second, 0, Worse, false},
		{"20ms", "24ms", 8 * time.Second, 0, Worse, true},
		{"20ms", "21ms", 8 * time.Second, max(pairs/20, 1), Worse, false},
		{"20ms", "20ms&tail=300ms", 8 * time.Second, max(pairs/20, 1), Worse, true},
	} {
		if c.asked && os.Getenv("LOADTESTER_PAIRS") == "" {
			continue
		}
		t.Run(c.a+" and "+c.b+" for "+c.length.String(), func(t *testing.T) {
			list := live(t, server, c.a, c.b, pairs, engine.Options{Schedule: pace.Constant(100).For(c.length, 0), Duration: c.length})
			wrong := 0
			metrics := map[string]int{}
			for k, got := range list {
				switch worst := got.Worst(); {
				case worst == Unknown:
					t.Errorf("pair %d was not judged", k)
				case worst != c.want:
					wrong++
					t.Logf("pair %d: %s: %+v", k, worst, got.Differences)
				}
				for _, d := range got.Differences {
					if d.Verdict == Worse || d.Verdict == Better {
						metrics[d.Metric]++
					}
				}
			}
			t.Logf("%d of %d are not %q; called different: %v", wrong, pairs, c.want, metrics)
			if wrong > c.most {
				t.Errorf("%d of %d are not %q, %d may be", wrong, pairs, c.want, c.most)
			}
		})
	}
}

// realPairs is how many pairs are made: few, or as many as LOADTESTER_PAIRS says.
func realPairs(t *testing.T, few int) int {
	if n := os.Getenv("LOADTESTER_PAIRS"); n != "" {
		if _, err := fmt.Sscan(n, &few); err != nil {
			t.Fatal(err)
		}
	}
	return few
}

// A closed loop's turns are judged the same way.
func TestRealTurns(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	server := sleeper(t)
	o := engine.Options{Concurrency: 4, Duration: 4 * time.Second}
	pairs := realPairs(t, 1)
	found, called := 0, 0
	for _, c := range live(t, server, "10ms", "20ms", pairs, o) {
		if c.Blocks != fewestTurns || c.A.Run.Duration != 4*time.Second || c.B.Run.Duration != 4*time.Second {
			t.Errorf("%d turns, %v and %v", c.Blocks, c.A.Run.Duration, c.B.Run.Duration)
		}
		for _, d := range c.Differences {
			if d.Metric == "p50" && d.Verdict == Worse {
				found++
			}
		}
	}
	if pairs > 1 {
		for _, c := range live(t, server, "10ms", "10ms", pairs, o) {
			if w := c.Worst(); w == Worse || w == Better {
				called++
			}
		}
	}
	t.Logf("twice as slow: p50 of %d of %d is called worse; equal: %d of %d are called different", found, pairs, called, pairs)
	if found < pairs-pairs/10 || called > max(pairs/30, 1) {
		t.Errorf("%d of %d are found, %d of equal ones are called different", found, pairs, called)
	}
	// Turns of a slow service are longer than asked, and so fewer.
	slow := live(t, server, "700ms", "700ms", 1, engine.Options{Concurrency: 2, Duration: 2 * time.Second})[0]
	if v := slow.Report(nil).Verdict; slow.A.Run.Elapsed > 6*time.Second || v.Word != "NOT JUDGED" || !strings.Contains(v.Text, "turns are too few to be judged, 9 are needed") {
		t.Errorf("a slow service: %v, %+v", slow.A.Run.Elapsed, v)
	}
	few := live(t, server, "1ms", "1ms", 1, engine.Options{Concurrency: 1, Requests: 50})[0]
	if few.A.Record.Sent != 50 || few.B.Record.Sent != 50 || few.Blocks != fewestTurns {
		t.Errorf("50 requests each: %d and %d in %d turns", few.A.Record.Sent, few.B.Record.Sent, few.Blocks)
	}
}

// sleeper answers after the time that it is asked for, and 3 % of requests after
// the time of the tail more.
func sleeper(t *testing.T) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, _ := time.ParseDuration(r.URL.Query().Get("d"))
		if tail, err := time.ParseDuration(r.URL.Query().Get("tail")); err == nil && rand.IntN(100) < 3 {
			d += tail
		}
		time.Sleep(d)
	}))
	t.Cleanup(server.Close)
	return server
}

// live compares servers that take so long, several times.
func live(t *testing.T, server *httptest.Server, a, b string, pairs int, o engine.Options) []*Comparison {
	list := make([]*Comparison, pairs)
	var all sync.WaitGroup
	few := make(chan struct{}, 4)
	for k := range list {
		few <- struct{}{}
		all.Go(func() {
			defer func() { <-few }()
			var specs [2][]target.Spec
			for i, d := range []string{a, b} {
				specs[i] = []target.Spec{{Method: "GET", URL: server.URL + "/?d=" + d}}
			}
			ra, rb, pairs, err := Live(t.Context(), specs, target.Options{Seed: uint64(k)}, o)
			if err != nil {
				t.Error(err)
				pairs = &Pairs{}
				ra = &result.Result{Record: record.New()}
				rb = ra
			}
			list[k] = Of(ra, rb, Options{Pairs: pairs, Seed: uint64(k)})
		})
	}
	all.Wait()
	return list
}
