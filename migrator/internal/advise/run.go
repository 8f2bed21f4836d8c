package advise

import (
	"context"
	"fmt"
	"sync"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Planner answers what a query would cost if some indexes were there. It may be
// called from several goroutines.
type Planner interface {
	// Facts are what is known of the relations of these names, and of those that
	// views among them read.
	Facts(ctx context.Context, names []Name) (*Facts, error)
	// Plan is the cheapest plan of a query with these indexes beside those that
	// are there. An *Refusal says that this query cannot be planned.
	Plan(ctx context.Context, q *Query, with []*Index) (*Plan, error)
	// Sizes says for each index how many bytes it would have, or that it cannot
	// be made.
	Sizes(ctx context.Context, list []*Index) ([]Sized, error)
	// Method says for people how the costs come about.
	Method() string
	// Workers is how many calls may run at once.
	Workers() int
}

// Plan is a plan and its cost, in units of the planner.
type Plan struct {
	Cost float64
	Rows float64  // that one run is expected to return
	Used []*Index // those of the indexes that might be made which it uses
	Text string   // as EXPLAIN prints it
	// Joins says how it joins which tables, in which order: plans that differ in it are
	// other ways to the answer, those that do not read a table in another way at most.
	Joins string
	// Looped is the part of the cost that is for reading new indexes once for each row
	// of another table; where they lead to rows of the table itself, twice that part.
	Looped float64
}

// Sized is an index's size, by estimate; Refused says why it cannot be made.
// Modelled says why plans with it are reckoned by a model and not by the server; ""
// where they are the server's.
type Sized struct {
	Bytes    int64
	Refused  error
	Modelled string
}

// Refusal is a query or an index that the server does not take.
type Refusal struct {
	Reason string
	Rights bool // the role lacks a privilege
}

// Error is the reason.
func (r *Refusal) Error() string { return r.Reason }

// Options bound what is suggested.
type Options struct {
	Budget  int64    // bytes of all indexes together; 0: what the workload's tables take
	Max     int      // how many; 0: DefaultMax
	MinGain float64  // share of the time that is left that an index must save; 0: DefaultMinGain
	Tables  []string // only for these tables, as name or schema.name; none: for all
	Explain bool     // keep the plans' texts
	// Patience bounds the questions to the planner for improving on the first choice,
	// as a multiple of those that it took to get there; 0: DefaultPatience. Time would
	// bound it otherwise on each machine.
	Patience float64
	// Log is told what is being done. It may be nil.
	Log func(done, total int, what string)
}

// The defaults of Options.
const (
	DefaultMax     = 20
	DefaultMinGain = 0.005

	DefaultPatience = 1

	leastImprovement = 500 // questions that are always allowed
)

// Result is the advice for a workload.
type Result struct {
	Suggestions []*Suggestion // the most worthy first
	Queries     []*Query      // what was looked at
	Refused     []Refused     // and what could not be
	Facts       *Facts
	Light       int     // queries that take too little to look for indexes for them
	Method      string  // how costs were estimated
	Before      float64 // milliseconds of the whole workload
	After       float64 // and with all suggestions
	Timed       bool    // whether those are measured, or made of costs
	// Tables is what the workload's tables take, in bytes. Crowded: without a budget
	// indexes may take as much, and some that would save enough were left out for it.
	Tables  int64
	Crowded bool
	// Doubtful are queries that get another plan, whose gain is within what the
	// planner errs by: they may become slower.
	Doubtful []*Query
}

// Run finds the indexes that a workload would gain most from.
func Run(ctx context.Context, planner Planner, w *workload.Workload, o Options) (*Result, error) {
	if o.Max <= 0 {
		o.Max = DefaultMax
	}
	if o.MinGain <= 0 {
		o.MinGain = DefaultMinGain
	}
	if o.Patience <= 0 {
		o.Patience = DefaultPatience
	}
	if o.Log == nil {
		o.Log = func(int, int, string) {}
	}
	list, refused := parse(w)
	facts, err := planner.Facts(ctx, names(list))
	if err != nil {
		return nil, fmt.Errorf("reading tables and statistics: %w", err)
	}
	s := &search{planner: planner, options: o, facts: facts, timed: w.Timed, refused: refused, known: map[string]*Index{}, sizes: map[*Index]Sized{}}
	s.queries = resolve(list, facts)
	if err := s.before(ctx); err != nil {
		return nil, err
	}
	s.measureWrites()
	if err := s.collect(ctx); err != nil {
		return nil, err
	}
	if err := s.choose(ctx); err != nil {
		return nil, err
	}
	if err := s.improve(ctx, max(leastImprovement, int64(o.Patience*float64(s.plans.asked.Load())))); err != nil {
		return nil, err
	}
	if _, err := s.merge(ctx); err != nil { // what the last round added
		return nil, err
	}
	if err := s.prune(ctx); err != nil {
		return nil, err
	}
	if err := s.weigh(ctx); err != nil {
		return nil, err
	}
	return s.result(ctx)
}

// each calls f for every query, some at once, and returns the first error.
func (s *search) each(ctx context.Context, queries []*Query, what string, f func(ctx context.Context, n int, q *Query) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wait sync.WaitGroup
	var mu sync.Mutex
	next := 0
	for range max(1, s.planner.Workers()) {
		wait.Go(func() {
			for {
				mu.Lock()
				n := next
				next++
				mu.Unlock()
				if n >= len(queries) || ctx.Err() != nil {
					return
				}
				if what != "" {
					s.options.Log(n, len(queries), what)
				}
				if err := f(ctx, n, queries[n]); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}
