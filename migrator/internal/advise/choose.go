package advise

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// choose takes the index that brings most, again and again: lazily, since what
// one brings only falls while others are taken. Where single ones bring nothing
// any more, the indexes of one query's best plan are tried together.
func (s *search) choose(ctx context.Context) error {
	for _, e := range s.pool {
		e.released = true
	}
	for len(s.chosen) < s.options.Max {
		best, err := s.best(ctx)
		if err != nil {
			return err
		}
		if best == nil {
			added, err := s.together(ctx)
			if err != nil {
				return err
			}
			if !added {
				return nil
			}
			continue
		}
		s.take(best)
		s.options.Log(len(s.chosen), s.options.Max, "choosing indexes")
	}
	return nil
}

func (s *search) take(e *entry) {
	s.chosen = append(s.chosen, e)
	s.left -= max(e.hope-e.upkeep, 0)
	for _, o := range s.pool {
		o.released = true
	}
}

// best is the index that brings most now, or nil when none brings enough.
func (s *search) best(ctx context.Context) (*entry, error) {
	for {
		var top, second *entry
		for _, e := range s.pool {
			switch {
			case slices.Contains(s.chosen, e) || !s.fits(e):
			case top == nil || s.worth(e) > s.worth(top):
				top, second = e, top
			case second == nil || s.worth(e) > s.worth(second):
				second = e
			}
		}
		if top == nil || s.worth(top) < s.least() {
			return nil, nil
		}
		if !top.released {
			return top, nil
		}
		enough := s.least()
		if second != nil {
			enough = max(enough, s.worth(second))
		}
		saved, whole, err := s.saved(ctx, []*entry{top}, s.needed(top, enough))
		if err != nil {
			return nil, err
		}
		top.hope, top.released = saved, !whole
	}
}

// least is what an index has to save.
func (s *search) least() float64 { return s.rest() * s.options.MinGain }

// rest is the time that gains are measured by: what is left, so that one monstrous
// query does not make all others look like nothing; but not less than a hundredth
// of the whole, or the last microseconds would be worth an index.
func (s *search) rest() float64 { return max(s.left, s.total/100) }

// worth is what an index brings: saved minus what it costs to keep, and to store;
// a little less for each further column, so that of two equals the plainer wins.
func (s *search) worth(e *entry) float64 { return e.hope*e.plain() - e.upkeep - s.storage(e) }

// needed is what an index has to save to be worth so much.
func (s *search) needed(e *entry, worth float64) float64 {
	return (worth + e.upkeep + s.storage(e)) / e.plain()
}

// plain is how much of what an index saves counts.
func (e *entry) plain() float64 {
	const plainer = 0.01
	further := len(e.Keys) - 1 + len(e.Include)
	if e.Partial() {
		further++
	}
	return 1 - plainer*float64(further)
}

// storagePrice is what room costs: an index as large as all tables together has
// to save this share of the time that is left. Without a price every query gets
// a covering index of its own.
const storagePrice = 0.15

// storage is the price of an index's size in milliseconds.
func (s *search) storage(e *entry) float64 {
	return s.rest() * storagePrice * float64(e.size) / s.stored
}

func (s *search) fits(e *entry) bool {
	if s.options.Budget <= 0 {
		return true
	}
	sum := e.size
	for _, c := range s.chosen {
		sum += c.size
	}
	if sum > s.options.Budget {
		s.crowded = s.crowded || s.ownBudget && s.worth(e) >= s.least()
		return false
	}
	return true
}

// clearlyLess is how far what an index saves at most must be below what is asked, for
// the rest not to be asked for. Of two that save the same each was below the other by
// a last digit, by turns, and the choice did not end.
const clearlyLess = 0.99

// saved is how many milliseconds some more indexes save beside the chosen ones. Where
// it turns out to be less than enough, the rest is not asked for: whole is false then,
// and the sum is what they save at most.
func (s *search) saved(ctx context.Context, more []*entry, enough float64) (sum float64, whole bool, err error) {
	queries, err := s.openTo(ctx, more)
	if err != nil {
		return 0, false, err
	}
	rest := 0.0
	for _, q := range queries {
		rest += q.left()
	}
	const some = 8 // queries that are asked about before the sum is looked at
	for len(queries) > 0 {
		part := queries[:min(some, len(queries))]
		queries = queries[len(part):]
		gains := make([]float64, len(part))
		err := s.each(ctx, part, "", func(ctx context.Context, n int, q *Query) error {
			after, err := s.cost(ctx, q, append(serving(s.chosen, q), serving(more, q)...))
			gains[n] = q.weight * (q.now - after) / q.Before.Cost
			return err
		})
		if err != nil {
			return 0, false, err
		}
		for n, q := range part {
			sum, rest = sum+gains[n], rest-q.left()
		}
		if len(queries) > 0 && sum+rest < clearlyLess*enough {
			return sum + rest, false, nil
		}
	}
	return sum, true, nil
}

// overlooked is the share of what an index must save that may be overlooked.
const overlooked = 0.05

// gaining are the queries that some indexes may serve, those that may gain most
// first, without the many at the end that could not gain enough together to
// matter.
func (s *search) gaining(more []*entry) []*Query {
	var queries []*Query
	for _, e := range more {
		for _, q := range e.queries {
			if len(more) == 1 || !slices.Contains(queries, q) {
				queries = append(queries, q)
			}
		}
	}
	return s.heaviest(queries, (*Query).most)
}

// openTo are those of them that may gain most beside the chosen indexes.
func (s *search) openTo(ctx context.Context, more []*entry) ([]*Query, error) {
	queries := s.gaining(more)
	err := s.each(ctx, queries, "", func(ctx context.Context, _ int, q *Query) (err error) {
		q.now, err = s.cost(ctx, q, serving(s.chosen, q))
		return err
	})
	return s.heaviest(queries, (*Query).left), err
}

// heaviest sorts queries by what they may gain, and leaves out the end.
func (s *search) heaviest(queries []*Query, may func(*Query) float64) []*Query {
	slices.SortStableFunc(queries, func(a, b *Query) int { return cmp.Compare(may(b), may(a)) })
	for rest := 0.0; len(queries) > 0; queries = queries[:len(queries)-1] {
		rest += may(queries[len(queries)-1])
		if rest > s.least()*overlooked {
			break
		}
	}
	return queries
}

// most is what a query may gain at most, in milliseconds.
func (q *Query) most() float64 { return q.weight * max(q.Before.Cost-q.floor, 0) / q.Before.Cost }

// left is what it may still gain beside the chosen indexes.
func (q *Query) left() float64 { return q.weight * max(q.now-q.floor, 0) / q.Before.Cost }

// serving are the indexes that may serve a query: others change nothing in its
// plan, and a question without them was more likely asked before.
func serving(list []*entry, q *Query) []*Index {
	var all []*Index
	for _, e := range list {
		if e.serves[q] {
			all = append(all, e.Index)
		}
	}
	return all
}

// cost is what a query is believed to cost with a set of indexes; a query that cannot be planned
// with them costs what it did.
func (s *search) cost(ctx context.Context, q *Query, set []*Index) (float64, error) {
	p, err := s.planned(ctx, q, set)
	if err != nil {
		return 0, err
	}
	if p == nil {
		return q.Before.Cost, nil
	}
	return q.believed(p), nil
}

// planned is a query's plan with a set of indexes, nil where it cannot be planned.
func (s *search) planned(ctx context.Context, q *Query, set []*Index) (*Plan, error) {
	p, err := s.plan(ctx, q, set)
	var r *Refusal
	if errors.As(err, &r) {
		return nil, nil
	}
	return p, err
}

// together tries the indexes of each query's best plan at once: a nested loop may
// want two of them.
func (s *search) together(ctx context.Context) (added bool, err error) {
	var best []*entry
	most := 0.0
	for _, q := range s.queries {
		var rest []*entry
		for _, i := range q.bundle {
			for _, e := range s.pool {
				if e.id == i.ID() && !slices.Contains(s.chosen, e) {
					rest = append(rest, e)
				}
			}
		}
		if len(rest) < 2 || len(rest) > 4 || len(s.chosen)+len(rest) > s.options.Max || q.weight*(1-q.best/q.Before.Cost) < s.least()*float64(len(rest)) {
			continue
		}
		saved, _, err := s.saved(ctx, rest, 0)
		if err != nil {
			return false, err
		}
		upkeep, size := 0.0, int64(0)
		for _, e := range append(slices.Clone(rest), s.chosen...) {
			size += e.size
		}
		for _, e := range rest {
			upkeep += e.upkeep + s.storage(e)
		}
		if s.options.Budget > 0 && size > s.options.Budget {
			continue
		}
		if worth := (saved - upkeep) / float64(len(rest)); worth >= s.least() && worth > most {
			best, most = rest, worth
		}
	}
	for _, e := range best {
		e.hope = e.upkeep + most // each its part of what they bring together
		s.take(e)
	}
	return len(best) > 0, nil
}

func indexes(list []*entry) []*Index {
	all := make([]*Index, len(list))
	for n, e := range list {
		all[n] = e.Index
	}
	return all
}
