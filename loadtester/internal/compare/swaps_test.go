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
	return Of(both[0], both[1], Options{Paired: true, Seed: seed})
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

// What is promised of interleaved pairs: equal ones have any figure called
// different in 1 % or less, and none that lasts 4 seconds goes unjudged.
func TestSwaps(t *testing.T) {
	for name, c := range map[string]struct {
		steady
		from, to float64 // share of pairs that are called worse or better
	}{
		"equal, 4 s":          {steady{4, 1, 0}, 0, 0.01},
		"equal, 8 s":          {steady{8, 1, 0}, 0, 0.01},
		"5% slower, 8 s":      {steady{8, 1.05, 0}, 0.95, 1},
		"20% slower, 4 s":     {steady{4, 1.2, 0}, 1, 1},
		"20% slower, 8 s":     {steady{8, 1.2, 0}, 1, 1},
		"3% take 300 ms, 8 s": {steady{8, 1, 0.03}, 0.95, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pairs, called := simulations(t, 20), 0
			for k := range pairs {
				switch c.compare(uint64(k)).Worst() {
				case Unknown:
					t.Errorf("pair %d was not judged", k)
				case Worse, Better:
					called++
				}
			}
			share := float64(called) / float64(pairs)
			t.Logf("%d of %d are called different", called, pairs)
			// One pair more is chance where pairs are few; three standard errors
			// of 1 % where they are many.
			slack := 1 / float64(pairs)
			if pairs >= 1000 {
				slack = 0.0095
			}
			if share < c.from-slack || c.from == 1 && share < 0.9999 || share > c.to+slack {
				t.Errorf("%.1f%% are called different, meant is %.0f%% to %.0f%%", 100*share, 100*c.from, 100*c.to)
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
