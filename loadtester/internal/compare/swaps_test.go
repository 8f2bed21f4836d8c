package compare

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// steady is a server of 20 ms that gets 100 requests a second, interleaved with
// another; what happens in a second happens to both.
type steady struct {
	seconds int
	scale   float64 // of B's times
	tail    float64 // share of B's requests that take 300 ms more
}

func (w steady) compare(seed uint64) *Comparison {
	r := rand.New(rand.NewPCG(seed, 99))
	length := time.Duration(w.seconds) * time.Second
	var both [2]*result.Result
	for k := range both {
		both[k] = &result.Result{Record: record.New(), Run: result.Run{Arrival: "constant", Rate: 100, Sending: length, Elapsed: length}}
		both[k].Record.Series.Width = cell
	}
	level := 0.0
	for due := time.Duration(0); due < length; due += 10 * time.Millisecond {
		level = 0.95*level + 0.01*r.NormFloat64() // a slow wander that both share
		for k, side := range both {
			ms := 20 * (1 + level + 0.05*r.ExpFloat64())
			if k == 1 {
				ms *= w.scale
				if r.Float64() < w.tail {
					ms += 300
				}
			}
			side.Record.Start(due, due, 0)
			side.Record.End(due, due, due+time.Duration(ms*1e6), 200, true)
		}
	}
	return Of(both[0], both[1], Options{Pairs: Interleaved(both[0], both[1]), Seed: seed})
}

// simulations is how many pairs are made: few in an ordinary test, and as many
// as LOADTESTER_SIMULATE says.
func simulations(t *testing.T, few int) int {
	if n := os.Getenv("LOADTESTER_SIMULATE"); n != "" {
		if _, err := fmt.Sscan(n, &few); err != nil {
			t.Fatal(err)
		}
	}
	return few
}

// tally is what was said of many pairs.
type tally struct {
	pairs, called int            // any metric of a pair
	metrics       map[string]int // pairs in which a metric was called different
	held          map[string]int // pairs in which its interval held the truth
}

func (w steady) tally(t *testing.T, pairs int) tally {
	sum := tally{pairs: pairs, metrics: map[string]int{}, held: map[string]int{}}
	for k := range pairs {
		c := w.compare(uint64(k))
		switch c.Worst() {
		case Unknown:
			t.Errorf("pair %d was not judged", k)
		case Worse, Better:
			sum.called++
		}
		for _, d := range c.Differences {
			if d.Verdict == Worse || d.Verdict == Better {
				sum.metrics[d.Metric]++
			}
			// In steps of a distribution's resolution, 3 % and 0.1 %, the truth is a range.
			if d.metric.kind == latency && d.Low <= w.scale-1+0.001 && d.High >= w.scale-1-0.001 {
				sum.held[d.Metric]++
			}
		}
	}
	return sum
}

func (s tally) share(n int) float64 { return float64(n) / float64(s.pairs) }

// What is promised of interleaved pairs: equal ones have any figure called
// different in 1 % or less, and none that lasts 4 seconds goes unjudged. Where all
// requests are slower by the same share, so are the percentiles.
func TestSwaps(t *testing.T) {
	for name, c := range map[string]struct {
		steady
		from, to float64            // share of pairs that are called worse or better
		metrics  map[string]float64 // and in what share of pairs at least, a metric
	}{
		"equal, 4 s":          {steady{4, 1, 0}, 0, 0.01, nil},
		"equal, 8 s":          {steady{8, 1, 0}, 0, 0.01, nil},
		"5% slower, 8 s":      {steady{8, 1.05, 0}, 0.95, 1, map[string]float64{"mean": 0.95, "p50": 0.95, "p90": 0.95, "p95": 0.8}},
		"20% slower, 4 s":     {steady{4, 1.2, 0}, 1, 1, map[string]float64{"mean": 1, "p50": 1, "p90": 0.99, "p95": 0.95}},
		"20% slower, 8 s":     {steady{8, 1.2, 0}, 1, 1, map[string]float64{"mean": 1, "p50": 1, "p90": 1, "p95": 1}},
		"3% take 300 ms, 8 s": {steady{8, 1, 0.03}, 0.95, 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sum := c.tally(t, simulations(t, 20))
			t.Logf("%d of %d are called different: %v; intervals with the truth: %v", sum.called, sum.pairs, sum.metrics, sum.held)
			// One pair more is chance where pairs are few; three standard errors
			// of 1 % where they are many.
			slack := 1 / float64(sum.pairs)
			if sum.pairs >= 1000 {
				slack = 0.0095
			}
			if share := sum.share(sum.called); share < c.from-slack || c.from == 1 && share < 0.9999 || share > c.to+slack {
				t.Errorf("%.1f%% are called different, meant is %.0f%% to %.0f%%", 100*share, 100*c.from, 100*c.to)
			}
			for metric, least := range c.metrics {
				if share := sum.share(sum.metrics[metric]); share < least-slack {
					t.Errorf("%s is called different in %.1f%% of pairs, meant is %.0f%%", metric, 100*share, 100*least)
				}
			}
			for metric, n := range sum.held {
				if share := sum.share(n); c.tail == 0 && share < 0.99-slack {
					t.Errorf("the interval of %s holds the truth in %.1f%% of pairs", metric, 100*share)
				}
			}
		})
	}
}

// The seconds of a run begin behind its warm-up: no measured one is left out.
func TestBlocksAfterWarmup(t *testing.T) {
	r := &result.Result{Record: record.New(), Run: result.Run{Warmup: 2 * time.Second, Sending: 3 * time.Second}}
	for s := range 3 {
		r.Record.Start(time.Duration(s)*time.Second, time.Duration(s)*time.Second, 0)
	}
	if n := len(blocksOf(r).cells); n != 3 {
		t.Errorf("%d blocks of 3 measured seconds", n)
	}
}
