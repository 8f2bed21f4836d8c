package advise

import (
	"context"
	"slices"
)

// markedly is the share of a query's cost, as things are, that an index must save
// beside the others to be kept for that query's sake alone.
const markedly = 0.1

// noticed is how many times MinGain of the time that is left at the end is as good as
// MinGain of the whole workload: an index that takes a tenth off what remains.
const noticed = 20

// prune takes back what is worth little beside the other indexes: less than
// MinGain of the whole workload, not much more of what is left, and of no query a
// good part.
// The choice measures gains by the time that is left, so that one monstrous query
// does not hide all others; at its end that is so little that an index may pay
// for a tenth of one query.
func (s *search) prune(ctx context.Context) error {
	if err := s.recount(ctx); err != nil {
		return err
	}
	for {
		var worst *entry
		least := 0.0
		for _, e := range s.chosen {
			gain, kept, err := s.marginal(ctx, e)
			if err != nil {
				return err
			}
			if !kept && (worst == nil || gain < least) {
				worst, least = e, gain
			}
		}
		if worst == nil {
			return nil
		}
		s.chosen = except(s.chosen, worst)
	}
}

// marginal is what a chosen index brings beside the others, in milliseconds, and
// whether that is enough.
func (s *search) marginal(ctx context.Context, e *entry) (gain float64, kept bool, err error) {
	others := except(s.chosen, e)
	for _, q := range e.queries {
		with, err := s.cost(ctx, q, serving(s.chosen, q))
		if err != nil {
			return 0, false, err
		}
		cost, err := s.cost(ctx, q, serving(others, q))
		if err != nil {
			return 0, false, err
		}
		gain += q.weight * (cost - with) / q.Before.Cost
		kept = kept || cost-with >= markedly*q.Before.Cost
	}
	return gain, kept || gain-e.upkeep >= s.options.MinGain*min(s.total, noticed*s.left), nil
}

func except(list []*entry, e *entry) []*entry {
	return slices.DeleteFunc(slices.Clone(list), func(o *entry) bool { return o == e })
}
