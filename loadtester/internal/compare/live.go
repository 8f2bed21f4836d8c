package compare

import (
	"context"
	"slices"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/loadtester/internal/target"
)

// cell is the width of an interleaved run's blocks: 4 seconds make 16 of them,
// and a power of two of it is the second that results are kept in.
const cell = 250 * time.Millisecond

// Live tests two servers at the same time, so that whatever else happens on the
// way hits both. specs are the same requests to each of them. The pairs say which
// stretches of both belong together.
//
// In an open loop one schedule of twice the rate goes to both, request by
// request, in pairs of random order: each gets the rate that was asked. In a
// closed loop the two would slow each other down; they take turns instead, each
// with all workers, and each for the whole duration in all.
func Live(ctx context.Context, specs [2][]target.Spec, to target.Options, o engine.Options) (a, b *result.Result, pairs *Pairs, err error) {
	o.Cell = cell
	if o.Schedule == nil {
		return inTurn(ctx, specs, to, o)
	}
	to.Paired = true
	set, err := target.Compile(slices.Concat(specs[0], specs[1]), to)
	if err != nil {
		return nil, nil, nil, err
	}
	o.Schedule, o.Groups = o.Schedule.Times(2), make([]int, len(set.Targets))
	for k := len(specs[0]); k < len(o.Groups); k++ {
		o.Groups[k] = 1
	}
	list, err := engine.Run(ctx, set, o)
	if err != nil {
		return nil, nil, nil, err
	}
	return list[0], list[1], Interleaved(list[0], list[1]), nil
}
