package advise

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// plans remembers what the planner said, and answers from it. A plan stays the
// cheapest while the indexes that it uses are there and none comes that it was
// not weighed against. So the plan of a set also holds for each smaller one that
// keeps what the plan uses; of all indexes one plan uses one or two.
type plans struct {
	mu      sync.Mutex
	numbers map[*Index]int
	known   map[*Query][]known
	asked   atomic.Int64 // questions to the planner
}

// known is a plan, with the indexes that were there and those that it uses.
type known struct {
	there, used set
	plan        *Plan
}

// find is a plan of a query with these indexes, or nil when nobody was asked yet.
func (p *plans) find(q *Query, with []*Index) *Plan {
	p.mu.Lock()
	defer p.mu.Unlock()
	wanted := p.set(with)
	for _, k := range slices.Backward(p.known[q]) {
		if k.used.within(wanted) && wanted.within(k.there) {
			return k.plan
		}
	}
	return nil
}

func (p *plans) remember(q *Query, with []*Index, plan *Plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known, p.numbers = map[*Query][]known{}, map[*Index]int{}
	}
	p.known[q] = append(p.known[q], known{p.set(with), p.set(plan.Used), plan})
}

func (p *plans) set(list []*Index) set {
	var s set
	for _, i := range list {
		n, ok := p.numbers[i]
		if !ok && p.numbers != nil {
			n = len(p.numbers)
			p.numbers[i] = n
		}
		for len(s) <= n/64 {
			s = append(s, 0)
		}
		s[n/64] |= 1 << (n % 64)
	}
	return s
}

// set is a set of numbers, a bit for each.
type set []uint64

// within says whether all of s is in o.
func (s set) within(o set) bool {
	for n, bits := range s {
		if n < len(o) {
			bits &^= o[n]
		}
		if bits != 0 {
			return false
		}
	}
	return true
}

// plan is the plan of a query with those of a set of indexes that concern it.
func (s *search) plan(ctx context.Context, q *Query, set []*Index) (*Plan, error) {
	var relevant []*Index
	for _, i := range set {
		if slices.ContainsFunc(q.Mentions, func(m Mention) bool { return m.Table == i.Table }) {
			relevant = append(relevant, i)
		}
	}
	if len(relevant) == 0 {
		return q.Before, nil
	}
	if p := s.plans.find(q, relevant); p != nil {
		return p, nil
	}
	s.plans.asked.Add(1)
	p, err := s.planner.Plan(ctx, q, relevant)
	if err != nil {
		return nil, err
	}
	s.plans.remember(q, relevant, p)
	return p, nil
}

// floors asks for each query's plan with all of the pool that may serve it: what
// uses the same has the same plan, and no choice makes it cheaper.
func (s *search) floors(ctx context.Context) error {
	serving := map[*Query][]*Index{}
	for _, e := range s.pool {
		for _, q := range e.queries {
			serving[q] = append(serving[q], e.Index)
		}
	}
	return s.each(ctx, s.queries, "", func(ctx context.Context, _ int, q *Query) error {
		if len(serving[q]) == 0 {
			return nil
		}
		cost, err := s.cost(ctx, q, serving[q])
		q.floor = cost
		return err
	})
}
