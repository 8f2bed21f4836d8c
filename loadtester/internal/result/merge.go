package result

import (
	"errors"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/record"
)

// Merge adds up results of generators that ran at the same time. Their clocks
// should have been started together (--start-at): the seconds of the run are
// merged by their distance from each start.
func Merge(list []*Result) (*Result, error) {
	if len(list) == 0 {
		return nil, errors.New("no results to merge")
	}
	all := &Result{Run: list[0].Run, Record: record.New(), Generator: list[0].Generator}
	all.Run.Rate, all.Run.Scheduled, all.Run.Concurrency, all.Run.Connections = 0, 0, 0, 0
	all.Generator = Generator{System: list[0].Generator.System}
	var shards []string
	for _, r := range list {
		if r.Run.Closed() != all.Run.Closed() {
			return nil, errors.New("an open and a closed loop cannot be merged")
		}
		if !slices.Equal(all.Run.Names, r.Run.Names) {
			r.Record.Targets = nil // other targets: their rows say nothing together
		}
		all.Record.Merge(r.Record)
		all.Run.add(&r.Run)
		all.Generator.add(&r.Generator)
		if r.Run.Shard != "" {
			shards = append(shards, r.Run.Shard)
		}
	}
	slices.Sort(shards)
	if dup := slices.Compact(slices.Clone(shards)); len(dup) != len(shards) {
		return nil, errors.New("the same shard is there twice: " + strings.Join(shards, ", "))
	}
	all.Run.Shard = strings.Join(shards, " + ")
	for _, r := range list[1:] {
		if !sameWanted(all.Run.Wanted, r.Run.Wanted) {
			return nil, errors.New("they were expected to do different things")
		}
		all.Run.Wanted.Limiter = slices.Concat(all.Run.Wanted.Limiter, r.Run.Wanted.Limiter)
	}
	return all, nil
}

// sameWanted leaves out what each found of a limiter.
func sameWanted(a, b Wanted) bool {
	return a.Statuses == b.Statuses && a.Body == b.Body && a.MaxBody == b.MaxBody && a.Objective == b.Objective
}

func (a *Run) add(b *Run) {
	a.Rate += b.Rate
	a.Scheduled += b.Scheduled
	a.Concurrency += b.Concurrency
	a.Connections += b.Connections
	a.Duration, a.Sending, a.Elapsed = max(a.Duration, b.Duration), max(a.Sending, b.Sending), max(a.Elapsed, b.Elapsed)
	a.Interrupted = a.Interrupted || b.Interrupted
	if b.Started.Before(a.Started) {
		a.Started = b.Started
	}
	for _, t := range b.Targets {
		if !slices.Contains(a.Targets, t) {
			a.Targets = append(slices.Clone(a.Targets), t)
		}
	}
}

func (g *Generator) add(o *Generator) {
	if g.System != o.System {
		g.System = "several"
	}
	g.CPUs += o.CPUs
	g.Loops += o.Loops
	g.CPUSeconds += o.CPUSeconds
	g.Spin += o.Spin
	g.Starved += o.Starved
	g.PeakRSS = max(g.PeakRSS, o.PeakRSS)
	g.GCs += o.GCs
	g.GCPause += o.GCPause
	g.OpenFile = max(g.OpenFile, o.OpenFile)
	g.Ports = max(g.Ports, o.Ports)
	g.Hosts += max(o.Hosts, 1)
}
