package advise

import (
	"context"
	"slices"
)

// mostMerged is how many columns may ride along in an index that stands for two.
const mostMerged = 8

// merge puts one index in the place of two where that is worth it: each was chosen
// for queries of its own, so that three covering indexes may begin with the same
// column. What one index holds in full goes without asking: nobody keeps an index
// that is the beginning of another.
func (s *search) merge(ctx context.Context) (changed bool, err error) {
	for again := true; again; {
		again = false
		for _, pair := range s.pairs() {
			if !slices.Contains(s.chosen, pair[0]) || !slices.Contains(s.chosen, pair[1]) {
				continue
			}
			merged, err := s.merged(ctx, pair[0], pair[1])
			if err != nil {
				return false, err
			}
			if merged == nil {
				continue
			}
			rest := except(except(except(s.chosen, pair[0]), pair[1]), merged)
			worth, err := s.instead(ctx, pair, merged, rest)
			if err != nil {
				return false, err
			}
			if worth > 0 {
				s.chosen, again, changed = append(rest, merged), true, true
			}
		}
	}
	return changed, nil
}

// pairs are the chosen indexes of which the first's keys are the first keys of the
// second, the ones with most in common first.
func (s *search) pairs() [][2]*entry {
	var list [][2]*entry
	for _, a := range s.chosen {
		for _, b := range s.chosen {
			if a != b && a.begins(b.Index) && (len(a.Keys) < len(b.Keys) || a.id < b.id) {
				list = append(list, [2]*entry{a, b})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y [2]*entry) int { return further(x[0], x[1]) - further(y[0], y[1]) })
	return list
}

// further is how many columns the first has that the second has not.
func further(a, b *entry) int {
	n := 0
	for _, c := range a.Include {
		if !slices.Contains(b.Columns(), c) {
			n++
		}
	}
	return n
}

// begins says whether an index is of the same rows and kind as another, and has its
// first keys.
func (i *Index) begins(o *Index) bool {
	return i.Table == o.Table && i.Method == o.Method && i.Method == "btree" && i.Where() == o.Where() &&
		len(i.Keys) <= len(o.Keys) && slices.Equal(i.Keys, o.Keys[:len(i.Keys)])
}

// merged is the index that does what two do, nil when it would be too wide.
func (s *search) merged(ctx context.Context, a, b *entry) (*entry, error) {
	include := slices.Clone(b.Include)
	for _, c := range a.Include {
		if !slices.Contains(b.Columns(), c) {
			include = append(include, c)
		}
	}
	if len(include) == len(b.Include) {
		return b, nil
	}
	width := 0.0
	for _, c := range include {
		width += a.Table.Column(c).Width
	}
	if len(include) > mostMerged || width > widestRide {
		return nil, nil
	}
	slices.Sort(include)
	list, err := s.makeable(ctx, s.ofTables([]*Index{{Table: b.Table, Method: b.Method, Keys: b.Keys, Include: include, Conditions: b.Conditions}}))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for _, e := range s.pool {
		if e.Index == list[0] {
			return e, nil
		}
	}
	return s.admit(list[0]), nil
}

// admit takes a further index into the pool.
func (s *search) admit(i *Index) *entry {
	e := &entry{Index: i, id: i.ID(), size: s.sizes[i].Bytes, upkeep: s.upkeep(i), serves: map[*Query]bool{}, released: true}
	s.pool = append(s.pool, e)
	s.hopes(e)
	return e
}

// instead is what it brings, in milliseconds, to have one index in the place of two
// beside the rest.
func (s *search) instead(ctx context.Context, pair [2]*entry, merged *entry, rest []*entry) (float64, error) {
	if merged == pair[1] {
		return 1, nil
	}
	worth := s.least() + s.storage(pair[0]) + s.storage(pair[1]) - s.storage(merged) + pair[0].upkeep + pair[1].upkeep - merged.upkeep
	two, one := slices.Concat(rest, pair[:]), append(slices.Clone(rest), merged)
	for _, q := range s.gaining(pair[:]) {
		before, err := s.cost(ctx, q, serving(two, q))
		if err != nil {
			return 0, err
		}
		after, err := s.cost(ctx, q, serving(one, q))
		if err != nil {
			return 0, err
		}
		worth -= q.weight * (after - before) / q.Before.Cost
	}
	return worth, nil
}
