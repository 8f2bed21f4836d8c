package pattern

import "slices"

// automaton is a pattern as positions: each is a set of characters, and says which ones
// can stand behind it. It is what a matcher that backtracks walks through, with all its
// ways: how many of these there are for one text is what it costs.
type automaton struct {
	sets    []mask
	follow  []map[int]int // position -> in how many ways
	members []set         // of each position, before they are masks
	next    [][]int       // follow, without what no character leads to
	tooBig  bool
}

// mostPositions bounds the work on a pattern; what is larger is taken for slow.
const mostPositions = 300

// asEndless is from where on a counted repetition is as bad as an endless one.
const asEndless = 16

// part is a part of the pattern: where it begins and ends, and whether it can be empty.
type part struct {
	first, last []int
	sure        []int // of last: the match is won there, whatever follows
	empty       bool
	surelyEmpty bool // without a condition such as $
}

// build makes the automaton of a pattern. What can be matched at any place of a text
// has a loop over all characters before it.
func build(root node) *automaton {
	a := &automaton{}
	whole := a.group(root)
	if !anchored(root) {
		any := a.position(anything)
		a.link([]int{any}, []int{any})
		a.link([]int{any}, whole.first)
	}
	if whole.surelyEmpty {
		return &automaton{} // it matches everything at once
	}
	a.cut(whole.sure)
	a.mask()
	return a
}

func (a *automaton) position(s set) int {
	if len(a.members) >= mostPositions {
		a.tooBig = true
		return 0
	}
	a.members = append(a.members, s)
	a.follow = append(a.follow, map[int]int{})
	return len(a.members) - 1
}

func (a *automaton) link(from, to []int) {
	for _, f := range from {
		for _, t := range to {
			a.follow[f][t]++
		}
	}
}

// cut takes out positions at which a match is won: nothing is tried after them.
func (a *automaton) cut(won []int) {
	for _, w := range won {
		a.follow[w] = map[int]int{}
		a.members[w] = nil
	}
}

// repeated is a part with its repetition.
func (a *automaton) repeated(n node) part {
	least, most := n.least, n.most
	if most >= asEndless {
		most = endless
	}
	if least >= asEndless {
		least = 1
	}
	if most == endless {
		out := part{empty: true, surelyEmpty: true}
		for range least - 1 {
			out = a.then(out, a.atom(n))
		}
		loop := a.atom(n)
		a.link(loop.last, loop.first)
		if least == 0 {
			loop.empty, loop.surelyEmpty = true, true
		}
		return a.then(out, loop)
	}
	out := part{empty: true, surelyEmpty: true}
	for i := range most {
		next := a.atom(n)
		if i >= least {
			next.empty, next.surelyEmpty = true, true
		}
		out = a.then(out, next)
		if a.tooBig {
			break
		}
	}
	return out
}

func (a *automaton) atom(n node) part {
	switch n.kind {
	case char:
		p := []int{a.position(n.set)}
		return part{first: p, last: p, sure: p}
	case group:
		return a.group(n)
	case ahead: // a way of its own, which ends where it is won
		body := a.group(n)
		if body.surelyEmpty {
			return part{empty: true}
		}
		a.cut(body.sure)
		return part{first: body.first, empty: true}
	case back, behind: // any text
		p := []int{a.position(anything)}
		a.link(p, p)
		return part{first: p, last: p, empty: true}
	}
	return part{empty: true}
}

func (a *automaton) group(n node) part {
	var out part
	for _, sequence := range n.alternatives {
		one := part{empty: true, surelyEmpty: true}
		for _, each := range sequence {
			one = a.then(one, a.repeated(each))
		}
		out.first = append(out.first, one.first...)
		out.last = append(out.last, one.last...)
		out.sure = append(out.sure, one.sure...)
		out.empty = out.empty || one.empty
		out.surelyEmpty = out.surelyEmpty || one.surelyEmpty
	}
	return out
}

// then is one part behind another.
func (a *automaton) then(x, y part) part {
	a.link(x.last, y.first)
	out := part{first: x.first, last: y.last, sure: y.sure, empty: x.empty && y.empty, surelyEmpty: x.surelyEmpty && y.surelyEmpty}
	if x.empty {
		out.first = append(append([]int{}, x.first...), y.first...)
	}
	if y.empty {
		out.last = append(append([]int{}, y.last...), x.last...)
	}
	if y.surelyEmpty {
		out.sure = append(append([]int{}, y.sure...), x.sure...)
	}
	return out
}

// anchored says that every alternative begins with ^.
func anchored(n node) bool {
	for _, sequence := range n.alternatives {
		if len(sequence) == 0 {
			return false
		}
		first := sequence[0]
		if first.kind != begin && !(first.kind == group && first.least > 0 && anchored(first)) {
			return false
		}
	}
	return true
}

// mask is a set as bits: one for each stretch of characters that no set divides.
type mask []uint64

func (m mask) meets(others ...mask) bool {
	for i, bits := range m {
		for _, o := range others {
			bits &= o[i]
		}
		if bits != 0 {
			return true
		}
	}
	return false
}

func (a *automaton) mask() {
	starts := map[rune]bool{}
	for _, s := range a.members {
		for _, r := range s {
			starts[r.from], starts[r.to+1] = true, true
		}
	}
	order := sortedRunes(starts)
	for _, s := range a.members {
		m := make(mask, len(order)/64+1)
		for i, r := range order {
			if s.contains(r) {
				m[i/64] |= 1 << (i % 64)
			}
		}
		a.sets = append(a.sets, m)
	}
	for p := range a.sets {
		var next []int
		for q := range a.follow[p] {
			if a.sets[q].meets() {
				next = append(next, q)
			}
		}
		slices.Sort(next)
		a.next = append(a.next, next)
	}
}
