package plan

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// phase is which of an object's moments a node stands for.
type phase int

const (
	phaseDetach phase = iota // a child table leaves its parents
	phaseDrop
	phaseRetype // the columns of a table get other types
	phaseAlter
	phaseMake
	phaseAttach  // it joins them; an index joins its parent's
	phaseOwn     // a sequence is given to its column
	phaseFill    // what the user fills a table with
	phaseRestore // the rows of a table that was made anew come back
	phaseFinish  // a replaced type's old self goes
)

// node is a run of statements of one object that stay together.
type node struct {
	id       catalog.ID
	phase    phase
	rank     int // kinds in the order in which people expect them
	order    int
	apart    bool // its statements run outside of transactions
	stmts    []Statement
	after    map[*node]bool // what must come first; true when only preferred
	next     *node          // the following link of the same object's chain
	lead     *node          // of a column whose type changes: the statement of its table that changes it
	swapAt   *node          // where old and new change places, in the chain of one that is built beside the old
	waiting  int
	enabling []*node
}

type nodeKey struct {
	id    catalog.ID
	phase phase
}

// graph is what to do, and what must come before what.
type graph struct {
	nodes map[nodeKey]*node // the first link of each chain
	all   []*node
	homes map[nodeKey]nodeKey // parts that are done by another node
}

func newGraph() graph {
	return graph{nodes: map[nodeKey]*node{}, homes: map[nodeKey]nodeKey{}}
}

func (g *graph) find(id catalog.ID, ph phase) *node {
	k := nodeKey{id, ph}
	for range 8 { // parts of parts of parts
		home, ok := g.homes[k]
		if !ok {
			break
		}
		k = home
	}
	return g.nodes[k]
}

func (n *node) last() *node {
	for n.next != nil {
		n = n.next
	}
	return n
}

// before says that all of a comes before any of b.
func before(a, b *node, soft bool) {
	if a == nil || b == nil || a == b {
		return
	}
	if b.swapAt != nil && a.phase == phaseDrop && a.id != b.id {
		link(b, a, true)
		link(a.last(), b.swapAt, soft)
		return
	}
	if a.swapAt != nil {
		a = a.swapAt
	} else {
		a = a.last()
	}
	link(a, b, soft)
}

func link(a, b *node, soft bool) {
	if was, ok := b.after[a]; ok && !was {
		return
	}
	b.after[a] = soft
	if b.lead != nil && a != b.lead && a.lead != b.lead {
		link(a, b.lead, soft)
	}
}

// ready is a heap of the nodes whose predecessors are done.
type ready struct {
	nodes []*node
	apart bool // the kind of the segment that is being filled
}

func (r *ready) Len() int { return len(r.nodes) }
func (r *ready) Less(i, j int) bool {
	a, b := r.nodes[i], r.nodes[j]
	if a.apart != b.apart {
		return a.apart == r.apart
	}
	if n := cmp.Compare(a.rank, b.rank); n != 0 {
		return n < 0
	}
	return a.order < b.order
}
func (r *ready) Swap(i, j int) { r.nodes[i], r.nodes[j] = r.nodes[j], r.nodes[i] }

// Push is for container/heap.
func (r *ready) Push(x any) { r.nodes = append(r.nodes, x.(*node)) } //nolint:forcetypeassert // nothing else is pushed

// Pop is for container/heap.
func (r *ready) Pop() any {
	last := len(r.nodes) - 1
	n := r.nodes[last]
	r.nodes = r.nodes[:last]
	return n
}

// sorted puts the nodes in order. stuck are those of a cycle, when hard edges
// make one; preferences give way first.
func (g *graph) sorted() (order, stuck []*node) {
	for _, n := range g.all {
		n.waiting, n.enabling = len(n.after), nil
	}
	for _, n := range g.all {
		for a := range n.after {
			a.enabling = append(a.enabling, n)
		}
	}
	r := &ready{}
	done := map[*node]bool{}
	for _, n := range g.all {
		if n.waiting == 0 {
			r.nodes = append(r.nodes, n)
		}
	}
	heap.Init(r)
	for len(order) < len(g.all) {
		if r.Len() == 0 {
			if !g.relax(r, done) {
				return order, g.cycle(done)
			}
			continue
		}
		n := heap.Pop(r).(*node) //nolint:forcetypeassert // nothing else was pushed
		if done[n] {
			continue
		}
		done[n] = true
		order = append(order, n)
		if len(n.stmts) > 0 && n.apart != r.apart {
			r.apart = n.apart
			heap.Init(r)
		}
		for _, m := range n.enabling {
			if m.waiting--; m.waiting == 0 && !done[m] {
				heap.Push(r, m)
			}
		}
	}
	return order, nil
}

// relax frees the first node that only preferences hold back.
func (g *graph) relax(r *ready, done map[*node]bool) bool {
	var best *node
	for _, n := range g.all {
		if done[n] {
			continue
		}
		hard := false
		for a, soft := range n.after {
			hard = hard || !soft && !done[a]
		}
		if !hard && (best == nil || cmp.Or(cmp.Compare(n.rank, best.rank), cmp.Compare(n.order, best.order)) < 0) {
			best = n
		}
	}
	if best == nil {
		return false
	}
	best.waiting = -1 // what it was waiting for will not push it again
	heap.Push(r, best)
	return true
}

// cycle finds one cycle of hard edges among the nodes that are left.
func (g *graph) cycle(done map[*node]bool) []*node {
	var path []*node
	place := map[*node]int{}
	var n *node
	for _, m := range g.all {
		if !done[m] {
			n = m
			break
		}
	}
	for n != nil {
		if i, ok := place[n]; ok {
			return path[i:]
		}
		place[n] = len(path)
		path = append(path, n)
		var candidates []*node
		for a, soft := range n.after {
			if !done[a] && !soft {
				candidates = append(candidates, a)
			}
		}
		if len(candidates) == 0 {
			return path
		}
		n = slices.MinFunc(candidates, func(a, b *node) int { return cmp.Compare(a.order, b.order) })
	}
	return path
}
