package advise

import (
	"context"
	"slices"
)

// doubt is how far a planner's word is not believed on a plan that joins in another way
// than the present one: it counts as dearer by so much. What it promises to save by less
// may as well be lost, by rows that come otherwise than expected. What is looked up in a
// new index row by row counts twice, and three times where it leads on to the table's
// rows: in memory, a row at any place costs much more beside one in order than the prices
// of pages say. In TPC-H such plans took twice to three times what was promised, with
// every row as expected.
const doubt = 0.25

// aversion is how many times what may be lost counts: a query that becomes slower is
// noticed, one that becomes a little faster is not.
const aversion = 3

// believed is what a plan of a query is taken to cost.
func (q *Query) believed(p *Plan) float64 {
	if len(p.Used) == 0 {
		return p.Cost
	}
	more := p.Looped
	if p.Joins != q.Before.Joins {
		more = max(more, p.Cost*doubt)
	}
	return p.Cost + more
}

// doubtful says whether a plan uses new indexes and may be dearer than what is there.
func (q *Query) doubtful(p *Plan) bool { return len(p.Used) > 0 && q.believed(p) > q.Before.Cost }

// weigh takes back the indexes that put more at risk than they save: an index is chosen
// for the queries that gain much, and others take it too, for a plan that is hardly
// better by the planner's reckoning.
func (s *search) weigh(ctx context.Context) error {
	for {
		suspects, err := s.suspects(ctx)
		if err != nil {
			return err
		}
		var worst *entry
		least := 0.0
		for _, e := range suspects {
			net, err := s.net(ctx, e)
			if err != nil {
				return err
			}
			if net < least {
				worst, least = e, net
			}
		}
		if worst == nil {
			return nil
		}
		s.chosen = except(s.chosen, worst)
	}
}

// suspects are the chosen indexes that doubtful plans use.
func (s *search) suspects(ctx context.Context) (list []*entry, err error) {
	all := indexes(s.chosen)
	err = s.each(ctx, s.queries, "", func(ctx context.Context, _ int, q *Query) error {
		p, err := s.planned(ctx, q, all)
		if err != nil || p == nil || !q.doubtful(p) {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, e := range s.chosen {
			if slices.Contains(p.Used, e.Index) && !slices.Contains(list, e) {
				list = append(list, e)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b *entry) int { return slices.Index(s.chosen, a) - slices.Index(s.chosen, b) })
	return list, err
}

// net is what an index saves beside the others, less its upkeep and what it puts at
// risk, over all queries of its table.
func (s *search) net(ctx context.Context, e *entry) (float64, error) {
	with, without := indexes(s.chosen), indexes(except(s.chosen, e))
	sum := -e.upkeep
	for _, q := range s.queries {
		p, err := s.planned(ctx, q, with)
		if err != nil {
			return 0, err
		}
		if p == nil || !slices.Contains(p.Used, e.Index) {
			continue
		}
		o, err := s.planned(ctx, q, without)
		if err != nil {
			return 0, err
		}
		if o == nil {
			continue
		}
		gain := q.weight * (q.believed(o) - q.believed(p)) / q.Before.Cost
		if gain < 0 {
			gain *= aversion
		}
		sum += gain
	}
	return sum, nil
}
