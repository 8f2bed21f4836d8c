package advise

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Suggestion is one index to make.
type Suggestion struct {
	Index *Index
	Name  string
	Size  int64 // bytes, by estimate
	// Saved and Upkeep are milliseconds in the workload's window: what its
	// queries save through it beside the other suggestions, and what it costs
	// when rows are written.
	Saved, Upkeep float64
	Served        []Served // the most saving first
	// Modelled says why a model reckoned what it saves; "" where the server did.
	Modelled string
	// Replaces are indexes that it makes superfluous: it does all that they do.
	Replaces []*Existing
}

// Served is a query that an index serves.
type Served struct {
	Query         *Query
	Before, After float64 // planner cost of one call
	Saved         float64 // milliseconds in the window
	PlanBefore    string
	PlanAfter     string
}

// SQL is the statement that makes the index: concurrently, except on a partitioned
// table, where PostgreSQL allows that for the partitions only (the migration does
// it one by one).
func (s *Suggestion) SQL() string {
	return s.Index.Definition(s.Name, s.Index.Table.Kind != Partitioned)
}

// result turns what was chosen into suggestions.
func (s *search) result(ctx context.Context) (*Result, error) {
	r := &Result{Queries: s.queries, Refused: s.refused, Facts: s.facts, Light: s.light, Method: s.planner.Method(), Before: s.total, After: s.total, Timed: s.timed, Tables: int64(s.stored) - 1, Crowded: s.crowded}
	all := indexes(s.chosen)
	byIndex := map[*Index]*Suggestion{}
	for _, e := range s.chosen {
		g := &Suggestion{Index: e.Index, Size: e.size, Upkeep: e.upkeep, Modelled: s.sizes[e.Index].Modelled, Replaces: replaced(e.Index)}
		byIndex[e.Index] = g
		r.Suggestions = append(r.Suggestions, g)
	}
	for _, q := range s.queries {
		p, err := s.plan(ctx, q, all)
		var refusal *Refusal
		if errors.As(err, &refusal) {
			continue
		}
		if err != nil {
			return nil, err
		}
		saved := q.weight * (1 - p.Cost/q.Before.Cost)
		r.After -= saved
		if q.doubtful(p) {
			r.Doubtful = append(r.Doubtful, q)
		}
		if p.Cost >= q.Before.Cost {
			continue
		}
		for _, i := range p.Used {
			served := Served{Query: q, Before: q.Before.Cost, After: p.Cost, Saved: saved / float64(len(p.Used))}
			if s.options.Explain {
				served.PlanBefore, served.PlanAfter = q.Before.Text, p.Text
			}
			if g := byIndex[i]; g != nil {
				g.Served = append(g.Served, served)
				g.Saved += served.Saved
			}
		}
	}
	r.Suggestions = slices.DeleteFunc(r.Suggestions, func(g *Suggestion) bool { return len(g.Served) == 0 })
	slices.SortStableFunc(r.Suggestions, func(a, b *Suggestion) int { return cmp.Compare(b.Saved-b.Upkeep, a.Saved-a.Upkeep) })
	taken := s.names()
	for _, g := range r.Suggestions {
		r.After += g.Upkeep
		slices.SortStableFunc(g.Served, func(a, b Served) int { return cmp.Compare(b.Saved, a.Saved) })
		g.Name = g.Index.Name(taken[g.Index.Table.Schema])
		taken[g.Index.Table.Schema][g.Name] = true
	}
	return r, nil
}

// names are the names in use in each schema.
func (s *search) names() map[string]map[string]bool {
	taken := map[string]map[string]bool{}
	for _, t := range s.facts.Tables {
		if taken[t.Schema] == nil {
			taken[t.Schema] = map[string]bool{}
			for _, name := range s.facts.Taken[t.Schema] {
				taken[t.Schema][name] = true
			}
		}
	}
	return taken
}

// replaced are the indexes whose keys are the first ones of a new index: plain
// ones that no constraint stands on.
func replaced(i *Index) []*Existing {
	if i.Method != "btree" || i.Partial() {
		return nil
	}
	var all []*Existing
	for _, e := range i.Table.Indexes {
		if e.Unique || e.Constraint || e.Method != "btree" || e.Predicate != "" || len(e.Keys) > len(i.Keys) || len(e.Include) > 0 {
			continue
		}
		same := true
		for n, k := range e.Keys {
			same = same && k == i.Keys[n].SQL()
		}
		if same {
			all = append(all, e)
		}
	}
	return all
}

// Rollback is the statement that takes the index back.
func (s *Suggestion) Rollback() string {
	verb := "DROP INDEX CONCURRENTLY "
	if s.Index.Table.Kind == Partitioned {
		verb = "DROP INDEX "
	}
	return verb + catalog.Quote(s.Index.Table.Schema) + "." + catalog.Quote(s.Name)
}

// Unneeded is an index that is there and could go.
type Unneeded struct {
	Table  *Table
	Index  *Existing
	Reason string
}

// SQL is the statement that drops it.
func (u Unneeded) SQL() string {
	return "DROP INDEX CONCURRENTLY " + catalog.Quote(u.Table.Schema) + "." + catalog.Quote(u.Index.Name)
}

// Plain is the statement for a database that nobody uses.
func (u Unneeded) Plain() string {
	return "DROP INDEX " + catalog.Quote(u.Table.Schema) + "." + catalog.Quote(u.Index.Name)
}

// Unneeded are the indexes of the workload's tables that others make superfluous:
// those that a suggestion replaces, and those whose keys are the first ones of
// another that is there. No constraint stands on them.
func (r *Result) Unneeded() []Unneeded {
	var all []Unneeded
	for _, g := range r.Suggestions {
		for _, e := range g.Replaces {
			all = append(all, Unneeded{g.Index.Table, e, g.Name + " does all that it does"})
		}
	}
	for _, t := range r.Facts.Tables {
		if !t.Indexable() || t.Kind == Partitioned {
			continue
		}
		for _, e := range t.Indexes {
			if slices.ContainsFunc(all, func(u Unneeded) bool { return u.Index == e }) {
				continue
			}
			if wider := widerThan(e, t.Indexes); wider != nil {
				all = append(all, Unneeded{t, e, wider.Name + " does all that it does"})
			}
		}
	}
	return all
}

// widerThan is another index whose first keys are all of e's, or nil. Of two that
// are the same, the one that no constraint stands on goes, then the later name.
func widerThan(e *Existing, others []*Existing) *Existing {
	if e.Unique || e.Constraint || !e.Valid || e.Method != "btree" || len(e.Include) > 0 {
		return nil
	}
	for _, o := range others {
		if o == e || !o.Valid || o.Method != e.Method || o.Predicate != e.Predicate || len(o.Keys) < len(e.Keys) || !slices.Equal(o.Keys[:len(e.Keys)], e.Keys) {
			continue
		}
		same := len(o.Keys) == len(e.Keys) && len(o.Include) == 0 && !o.Unique
		if !same || o.Name < e.Name {
			return o
		}
	}
	return nil
}
