package compare

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

const (
	// fewestTurns each target gets of a closed loop, where there is the time.
	fewestTurns = 16
	// longestTurn is what a turn takes of a longer run: what drifts within two of
	// them hits both much alike.
	longestTurn = 2 * time.Second
)

// inTurn runs the closed loops. A coin decides who begins each two turns, so
// that their labels can be swapped.
func inTurn(ctx context.Context, specs [2][]target.Spec, to target.Options, o engine.Options) (a, b *result.Result, pairs *Pairs, err error) {
	var sets [2]*target.Set
	for k := range sets {
		if sets[k], err = target.Compile(specs[k], to); err != nil {
			return nil, nil, nil, err
		}
	}
	coin := rand.New(rand.NewPCG(to.Seed, 0x7a25))
	pairs = &Pairs{Turns: true}
	var both [2]*result.Result
	for _, turn := range turns(o) {
		var two [2]*result.Result
		first := coin.IntN(2)
		for _, k := range [2]int{first, 1 - first} {
			list, err := engine.Run(ctx, sets[k], turn)
			if err != nil {
				return nil, nil, nil, err
			}
			two[k] = list[0]
			if ctx.Err() != nil {
				break
			}
		}
		if two[0] != nil && two[1] != nil {
			pairs.add(two[0], two[1])
		}
		for k, r := range two {
			if r != nil {
				both[k] = follow(both[k], r)
			}
		}
		if ctx.Err() != nil || overdue(both, o.Duration-o.Warmup) {
			break
		}
	}
	for k := range both {
		if both[k] == nil { // interrupted before its first turn
			both[k] = &result.Result{Record: record.New(), Run: result.Run{Interrupted: true}}
		}
	}
	return both[0], both[1], pairs, nil
}

// overdue says that both have had half as much again as the time that was asked:
// a turn ends with its last answer, and a slow service makes turns longer.
func overdue(both [2]*result.Result, asked time.Duration) bool {
	if asked <= 0 {
		return false
	}
	for _, r := range both {
		if r == nil || r.Run.Elapsed < asked+asked/2 {
			return false
		}
	}
	return true
}

// turns shares a closed loop's time, or its number of requests, out to turns. The
// first has the warm-up.
func turns(o engine.Options) []engine.Options {
	n, length := fewestTurns, o.Duration-o.Warmup
	cells := uint64(max(length, 0) / cell)
	if length > 0 {
		n = min(max(n, int(length/longestTurn)), mostPairs, max(int(cells), 1))
	}
	if o.Requests > 0 {
		n = int(min(uint64(n), o.Requests))
	}
	list := make([]engine.Options, n)
	for i := range list {
		t := o
		t.Requests = part(o.Requests, i, n)
		if cells > 0 {
			t.Duration = o.Warmup + cell*time.Duration(part(cells, i, n))
		}
		if i > 0 {
			t.Duration, t.Warmup = max(t.Duration-o.Warmup, 0), 0
		}
		list[i] = t
	}
	return list
}

// part is how much the i-th of n gets of so many.
func part(of uint64, i, n int) uint64 {
	return of*uint64(i+1)/uint64(n) - of*uint64(i)/uint64(n)
}

// follow joins a later turn to what a target has had so far: its seconds come
// behind, everything else is added.
func follow(before, turn *result.Result) *result.Result {
	turn.Run.Duration -= turn.Run.Warmup
	turn.Run.Warmup = 0
	if turn.Run.Duration > 0 {
		turn.Record.Series.At(turn.Run.Duration - 1) // empty ones at its end count
	}
	if before == nil {
		return turn
	}
	series, cells := before.Record.Series, turn.Record.Series.Cells
	before.Record.Series, turn.Record.Series = record.Series{}, record.Series{}
	before.Record.Merge(turn.Record)
	series.Cells = append(series.Cells, cells...)
	before.Record.Series = series
	before.Record.Connections.Peak = max(before.Record.Connections.Peak-turn.Record.Connections.Peak, turn.Record.Connections.Peak)

	r := &before.Run
	r.Duration += turn.Run.Duration
	r.Sending += turn.Run.Sending
	r.Elapsed += turn.Run.Elapsed
	r.Interrupted = r.Interrupted || turn.Run.Interrupted
	g, o := &before.Generator, &turn.Generator
	g.CPUSeconds += o.CPUSeconds
	g.Spin += o.Spin
	g.Starved += o.Starved
	g.GCs += o.GCs
	g.GCPause += o.GCPause
	g.PeakRSS = max(g.PeakRSS, o.PeakRSS)
	return before
}
