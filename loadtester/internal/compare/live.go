package compare

import (
	"context"
	"slices"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// cell is the width of an interleaved run's blocks: 4 seconds make 16 of them,
// and a power of two of it is the second that results are kept in.
const cell = 250 * time.Millisecond

// turns is how many each target of a closed loop gets.
const turns = 4

// Live tests two servers at the same time, so that whatever else happens on the
// way hits both. specs are the same requests to each of them.
//
// In an open loop one schedule of twice the rate goes to both, request by
// request, in pairs of random order: each gets the rate that was asked. In a
// closed loop the two would slow each other down; they take turns instead (A B B
// A A B B A), each with all workers, and each for the whole duration in all.
func Live(ctx context.Context, specs [2][]target.Spec, to target.Options, o engine.Options) (a, b *result.Result, paired bool, err error) {
	if o.Schedule != nil {
		to.Paired = true
		set, err := target.Compile(slices.Concat(specs[0], specs[1]), to)
		if err != nil {
			return nil, nil, false, err
		}
		o.Cell = cell
		o.Schedule, o.Groups = o.Schedule.Times(2), make([]int, len(set.Targets))
		for k := len(specs[0]); k < len(o.Groups); k++ {
			o.Groups[k] = 1
		}
		list, err := engine.Run(ctx, set, o)
		if err != nil {
			return nil, nil, false, err
		}
		return list[0], list[1], true, nil
	}
	a, b, err = inTurn(ctx, specs, to, o)
	return a, b, false, err
}

// inTurn runs the closed loops.
func inTurn(ctx context.Context, specs [2][]target.Spec, to target.Options, o engine.Options) (a, b *result.Result, err error) {
	var sets [2]*target.Set
	for k := range sets {
		if sets[k], err = target.Compile(specs[k], to); err != nil {
			return nil, nil, err
		}
	}
	turn := o
	turn.Duration = (o.Duration - o.Warmup) / turns
	if whole := turn.Duration.Truncate(time.Second); whole > 0 {
		turn.Duration = whole // the seconds are the blocks that are compared
	}
	turn.Duration += o.Warmup
	turn.Requests = o.Requests / turns
	if o.Requests > 0 {
		turn.Requests = max(turn.Requests, 1)
	}
	var both [2]*result.Result
	for i := range 2 * turns {
		k := (i + 1) / 2 % 2 // A B B A A B B A
		list, err := engine.Run(ctx, sets[k], turn)
		if err != nil {
			return nil, nil, err
		}
		both[k] = follow(both[k], list[0])
		if ctx.Err() != nil {
			break
		}
	}
	for k := range both {
		if both[k] == nil { // interrupted before its first turn
			both[k] = &result.Result{Record: record.New(), Run: result.Run{Interrupted: true}}
		}
	}
	return both[0], both[1], nil
}

// follow joins a later turn to what a target has had so far: its seconds come
// behind, everything else is added.
func follow(before, turn *result.Result) *result.Result {
	turn.Run.Duration -= turn.Run.Warmup
	cells := withoutWarmup(turn)
	turn.Run.Warmup = 0
	if before == nil {
		turn.Record.Series.Cells = cells
		return turn
	}
	series := before.Record.Series
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

// withoutWarmup are a turn's whole seconds after its warm-up.
func withoutWarmup(r *result.Result) []*record.Cell {
	return blocksOf(r).cells
}
