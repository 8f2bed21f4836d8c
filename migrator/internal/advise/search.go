package advise

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// search is the way from queries to the chosen indexes.
type search struct {
	planner Planner
	options Options
	facts   *Facts
	timed   bool
	queries []*Query
	refused []Refused
	total   float64 // milliseconds of all queries as things are
	left    float64 // and with what is chosen
	stored  float64 // bytes of all tables
	writes  map[*Table]*rates
	light   int // queries that were not given candidates

	ownBudget bool // none was given: indexes may take what the tables do
	crowded   bool // one was left out for it

	pool   []*entry
	chosen []*entry

	plans plans

	mu    sync.Mutex
	sizes map[*Index]Sized
	known map[string]*Index // candidates by ID: the same one whatever query asks for it
}

// entry is an index in the pool.
type entry struct {
	*Index
	id       string
	size     int64
	queries  []*Query        // that it may serve
	serves   map[*Query]bool // the same
	hope     float64         // milliseconds it saves beside what is chosen, as last known
	promise  float64         // … as the plans that use it promise
	most     float64         // milliseconds it saves at most, whatever else is there
	upkeep   float64         // milliseconds it costs when rows are written
	released bool            // a choice since its hope was made may have lowered it
}

// before plans every query as things are. Those that the server refuses are
// left out.
func (s *search) before(ctx context.Context) error {
	lost := make([]Refusal, len(s.queries))
	err := s.each(ctx, s.queries, "planning the queries as they are", func(ctx context.Context, n int, q *Query) error {
		s.plans.asked.Add(1)
		p, err := s.planner.Plan(ctx, q, nil)
		var r *Refusal
		if errors.As(err, &r) {
			lost[n] = *r
			return nil
		}
		q.Before = p
		return err
	})
	if err != nil {
		return err
	}
	var kept []*Query
	for n, q := range s.queries {
		if q.Before == nil {
			s.refused = append(s.refused, Refused{q.Statement, lost[n].Reason, lost[n].Rights})
			continue
		}
		q.Before.Cost = max(q.Before.Cost, leastCost)
		q.weight = q.milliseconds(s.timed)
		s.total += q.weight
		kept = append(kept, q)
	}
	s.queries, s.left = kept, s.total
	s.stored = 1
	for _, t := range s.facts.Tables {
		s.stored += max(t.Pages, 0) * pageBytes
	}
	if s.options.Budget <= 0 {
		s.options.Budget, s.ownBudget = max(int64(s.stored), leastRoom), true
	}
	return nil
}

// collect fills the pool: for every query all candidates at once, and what the
// plan uses of them; then again without the ones of a special kind, so that a
// plain index that serves many has its chance beside one that serves one best.
func (s *search) collect(ctx context.Context) error {
	rank := s.ranks()
	used := make([][]*Index, len(s.queries))
	least := s.heavy()
	err := s.each(ctx, s.queries, "trying indexes", func(ctx context.Context, n int, q *Query) error {
		if q.weight < least || !s.wanted(q) {
			return nil
		}
		all, err := s.makeable(ctx, s.ofTables(candidates(q, s.facts, rank)))
		if err != nil || len(all) == 0 {
			return err
		}
		for _, part := range rounds(all) {
			p, err := s.plan(ctx, q, part)
			var r *Refusal
			if errors.As(err, &r) {
				return nil
			}
			if err != nil {
				return err
			}
			if cost := q.believed(p); cost < q.Before.Cost*leastGain {
				used[n] = append(used[n], p.Used...)
				if q.bundle == nil || cost < q.best {
					q.bundle, q.best = p.Used, cost
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.fillPool(used)
	return s.floors(ctx)
}

const pageBytes = 8192

// leastRoom is what indexes may take without a budget where the tables take less: a
// small database pays little for them.
const leastRoom = 64 << 20

// leastCost stands for a plan that costs nothing, as one that can find no rows:
// shares are taken of it.
const leastCost = 0.01

// Bounds of what is worth to look at.
const (
	leastShare   = 0.0001 // of the workload's time, for a query
	mostExplored = 1000   // queries
	leastGain    = 0.98   // cost after / before, for a query to count as served
)

// heavy is the weight from which on a query is given candidates: the heaviest
// mostExplored are, and none that takes next to nothing. The others are planned,
// and counted.
func (s *search) heavy() float64 {
	weights := make([]float64, len(s.queries))
	for n, q := range s.queries {
		weights[n] = q.weight
	}
	slices.Sort(weights)
	least := s.total * leastShare
	if n := len(weights) - mostExplored; n > 0 {
		least = max(least, weights[n])
	}
	for _, w := range weights {
		if w < least {
			s.light++
		}
	}
	return least
}

// rounds are the subsets of a query's candidates that are tried at once.
func rounds(all []*Index) [][]*Index {
	plain := without(all, func(i *Index) bool { return len(i.Include) > 0 })
	whole := without(plain, func(i *Index) bool { return i.Partial() })
	single := without(whole, func(i *Index) bool { return len(i.Keys) > 1 })
	list := [][]*Index{all}
	for _, part := range [][]*Index{plain, whole, single} {
		if len(part) > 0 && len(part) < len(list[len(list)-1]) {
			list = append(list, part)
		}
	}
	return list
}

func without(list []*Index, drop func(*Index) bool) []*Index {
	return slices.DeleteFunc(slices.Clone(list), drop)
}

// ranks counts for every column how many queries fix it by equality.
func (s *search) ranks() func(*Table, string) int {
	type column struct {
		t    *Table
		name string
	}
	counts := map[column]int{}
	for _, q := range s.queries {
		for _, m := range q.Mentions {
			for _, name := range m.EqualColumns() {
				counts[column{m.Table, name}]++
			}
		}
	}
	return func(t *Table, name string) int { return counts[column{t, name}] }
}

// wanted says whether a query is about one of the tables that are asked for.
func (s *search) wanted(q *Query) bool {
	return slices.ContainsFunc(q.Mentions, func(m Mention) bool { return s.asked(m.Table) })
}

func (s *search) asked(t *Table) bool {
	return len(s.options.Tables) == 0 || slices.Contains(s.options.Tables, t.Name) || slices.Contains(s.options.Tables, t.String())
}

// ofTables are those for the tables that are asked for, each the same value that
// other queries have.
func (s *search) ofTables(list []*Index) []*Index {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept []*Index
	for _, i := range list {
		id := i.ID()
		if s.known[id] == nil {
			i.id = id
			s.known[id] = i
		}
		if s.asked(i.Table) {
			kept = append(kept, s.known[id])
		}
	}
	return kept
}

// makeable leaves out what the server would not make: an expression that is not
// immutable, a type without the operator class. It notes the others' sizes.
func (s *search) makeable(ctx context.Context, list []*Index) ([]*Index, error) {
	sizes, err := s.planner.Sizes(ctx, list)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept []*Index
	for n, i := range list {
		if sizes[n].Refused == nil {
			s.sizes[i] = sizes[n]
			kept = append(kept, i)
		}
	}
	return kept, nil
}

// fillPool makes the pool of what plans used, each with the queries that it may
// serve.
func (s *search) fillPool(used [][]*Index) {
	byID := map[string]*entry{}
	for n, list := range used {
		for at, i := range list {
			id := i.ID()
			if byID[id] == nil {
				byID[id] = &entry{Index: i, id: id, size: s.sizes[i].Bytes, upkeep: s.upkeep(i), serves: map[*Query]bool{}}
				s.pool = append(s.pool, byID[id])
			}
			if q := s.queries[n]; !slices.Contains(list[:at], i) {
				byID[id].promise += q.weight * (1 - q.best/q.Before.Cost)
			}
		}
	}
	slices.SortFunc(s.pool, func(a, b *entry) int { return cmp.Compare(a.id, b.id) })
	for _, e := range s.pool {
		s.hopes(e)
	}
}

// first is what is hoped of an index before it was asked about. With the promise
// alone some indexes were never asked about that would have saved most.
func (e *entry) first() float64 {
	const trust = 4
	return min(trust*e.promise, e.most)
}

// hopes finds the queries that an index may serve, and adds up what they may gain.
// The index is asked about in the order of what its plans promise: many that begin
// with one column may serve the same queries, and few are worth the questions.
func (s *search) hopes(e *entry) {
	for _, q := range s.queries {
		if q.bundle != nil && e.mayServe(q) {
			e.queries = append(e.queries, q)
			e.serves[q] = true
			e.most += q.weight * (1 - q.best/q.Before.Cost)
		}
	}
	e.hope = e.first()
}

// mayServe says whether a query asks for the index's first key.
func (e *entry) mayServe(q *Query) bool {
	first := e.Keys[0]
	is := func(column string, expr pgsql.Node) bool {
		if column != "" {
			return column == first.Column
		}
		text, ok := pgsql.Text(expr)
		return ok && text == first.Expr
	}
	for _, m := range q.Mentions {
		if m.Table != e.Table {
			continue
		}
		for i := range m.Predicates {
			if is(m.Predicates[i].Column, m.Predicates[i].Expr) {
				return true
			}
		}
		for _, list := range [][]pgsql.Key{m.Order, m.Group} {
			if len(list) > 0 && is(list[0].Column, list[0].Expr) {
				return true
			}
		}
		if e.Partial() {
			return true
		}
	}
	return false
}
