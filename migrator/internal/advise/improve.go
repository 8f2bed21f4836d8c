package advise

import (
	"cmp"
	"context"
	"slices"
)

// improve goes on from what the greedy choice found. The first indexes were taken
// when nothing else was there; now each of them is taken out, and the best that
// could stand in its place (another one, or none) put in, until nothing gets
// better or patience ends. What no plan needs any more falls out on the way.
func (s *search) improve(ctx context.Context, patience int64) error {
	end := s.plans.asked.Load() + patience
	if err := s.recount(ctx); err != nil {
		return err
	}
	for round := 0; round < 4; round++ {
		better := false
		order := slices.Clone(s.chosen)
		slices.SortStableFunc(order, func(a, b *entry) int { return cmp.Compare(a.hope, b.hope) })
		for n, e := range order {
			if round > 0 && s.plans.asked.Load() > end {
				return nil
			}
			s.options.Log(n, len(order), "improving the choice")
			changed, err := s.replace(ctx, e, end)
			if err != nil {
				return err
			}
			better = better || changed
		}
		merged, err := s.merge(ctx)
		if err != nil {
			return err
		}
		if better = better || merged; !better {
			return nil
		}
		if err := s.recount(ctx); err != nil {
			return err
		}
		before := len(s.chosen)
		for _, e := range s.pool {
			e.released, e.hope = true, e.first()
		}
		if err := s.choose(ctx); err != nil {
			return err
		}
		if len(s.chosen) == before && round > 1 {
			return nil
		}
	}
	return nil
}

// recount adds up what all queries take with the chosen indexes. Those that no
// index was looked for count as they are: they take little, and are many.
func (s *search) recount(ctx context.Context) error {
	s.left = 0
	for _, q := range s.queries {
		if q.bundle == nil {
			s.left += q.weight
			continue
		}
		cost, err := s.cost(ctx, q, serving(s.chosen, q))
		if err != nil {
			return err
		}
		s.left += q.weight * cost / q.Before.Cost
	}
	return nil
}

// replace puts the best index in the place of a chosen one, or none.
func (s *search) replace(ctx context.Context, e *entry, end int64) (changed bool, err error) {
	at := slices.Index(s.chosen, e)
	if at < 0 {
		return false, nil
	}
	all := s.chosen
	s.chosen = slices.Delete(slices.Clone(all), at, at+1)
	best, most := (*entry)(nil), 0.0
	worth, err := s.value(ctx, e, 0)
	if err != nil {
		return false, err
	}
	if worth > 0 {
		best, most = e, worth
	}
	for _, f := range s.rivals(e) {
		if s.plans.asked.Load() > end {
			break
		}
		// What it saves at most tells whether it is worth asking.
		if bound := f.most - f.upkeep - s.storage(f) - s.least(); bound <= most || !s.fits(f) {
			continue
		}
		const clearly = 1.001
		worth, err := s.value(ctx, f, most*clearly)
		if err != nil {
			return false, err
		}
		if worth > most*clearly {
			best, most = f, worth
		}
	}
	switch {
	case best == e:
		s.chosen = all
		return false, nil
	case best != nil:
		s.chosen = append(s.chosen, best)
	}
	return true, nil
}

// value is what an index brings beside the chosen ones, above what it must; where
// that is less than enough, it is what it brings at most.
func (s *search) value(ctx context.Context, e *entry, enough float64) (float64, error) {
	saved, _, err := s.saved(ctx, []*entry{e}, s.needed(e, enough+s.least()))
	e.hope = saved
	return s.worth(e) - s.least(), err
}

// rivals are the indexes that serve some of the queries which e serves, on its
// table.
func (s *search) rivals(e *entry) []*entry {
	var list []*entry
	for _, f := range s.pool {
		if f != e && f.Table == e.Table && !slices.Contains(s.chosen, f) && slices.ContainsFunc(f.queries, func(q *Query) bool { return e.serves[q] }) {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Compare(b.most, a.most) })
	return list
}
