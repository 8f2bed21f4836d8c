package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// segments cuts the ordered nodes in transactions, and runs of statements outside
// of any.
//
// A query of a view locks the view first and the tables beneath it then; one of a
// partitioned table locks its partitions after it. A transaction that has changed
// a table and goes on to the view above would wait for such a query, which waits
// for the table: one of the two is cancelled. So another transaction begins there,
// unless something would be missing in between.
func (p *planner) segments(order []*node) []Segment {
	var all []Segment
	locked := map[catalog.ID]bool{} // in the transaction that is being filled
	spans := p.spans(order)
	segmentOf := map[*node]int{}
	for i, n := range order {
		if len(n.stmts) == 0 {
			continue
		}
		last := len(all) - 1
		locks := p.strongLocks(n)
		crosses := !n.apart && p.apartOK && p.anyBeneath(locks, locked) && !slices.ContainsFunc(spans, func(s span) bool { return s.first < i && i <= s.last })
		if last < 0 || all[last].Transactional == n.apart || crosses {
			all = append(all, Segment{Transactional: !n.apart})
			last, locked = last+1, map[catalog.ID]bool{}
		}
		for _, id := range locks {
			locked[id] = true
		}
		segmentOf[n] = last
		for _, st := range n.stmts {
			p.budgets(&st)
			p.fillLock(&st)
			all[last].Statements = append(all[last].Statements, st)
		}
	}
	p.sayLapses(all, segmentOf)
	return all
}

// sayLapses adds a hazard to the statement that takes something away which comes
// back in a later transaction only. Indexes and constraints say so themselves.
func (p *planner) sayLapses(all []Segment, segmentOf map[*node]int) {
	for _, s := range p.order {
		id := s.id
		if !p.apartOK || !s.gone || s.new == nil {
			continue
		}
		switch id.Kind {
		case catalog.KindView, catalog.KindTrigger, catalog.KindPolicy, catalog.KindRule, catalog.KindFunction, catalog.KindProcedure, catalog.KindDefault:
		default:
			continue
		}
		drop, mk := p.graph.find(id, phaseDrop), p.graph.find(id, phaseMake)
		from, dropped := segmentOf[drop]
		to, made := segmentOf[mk]
		if !dropped || !made || from == to {
			continue
		}
		for i, st := range all[from].Statements {
			if st.Object == drop.id {
				all[from].Statements[i] = step{Statement: st}.danger(lint.Correctness, "%s is not there until it is made again, in a later transaction", id).Statement
				break
			}
		}
	}
}

// span is from the place in the order where something goes to where it is there
// again.
type span struct{ first, last int }

func (p *planner) spans(order []*node) []span {
	place := map[*node]int{}
	for i, n := range order {
		place[n] = i
	}
	var all []span
	for _, s := range p.order {
		id := s.id
		if !s.detach && (!s.gone || s.new == nil) {
			continue
		}
		one := span{len(order), -1}
		for ph := phaseDetach; ph <= phaseFinish; ph++ {
			for n := p.graph.find(id, ph); n != nil; n = n.next {
				one.first, one.last = min(one.first, place[n]), max(one.last, place[n])
			}
		}
		all = append(all, one)
	}
	return all
}

// strongLocks are the tables and views from before that a node keeps others from
// reading.
func (p *planner) strongLocks(n *node) []catalog.ID {
	var all []catalog.ID
	for _, st := range n.stmts {
		p.fillLock(&st)
		if st.Lock != accessExclusive {
			continue
		}
		if id, ok := p.lockedTable(st.Object); ok && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// anyBeneath tells whether a query of one of some relations locks one of others
// after it.
func (p *planner) anyBeneath(above []catalog.ID, locked map[catalog.ID]bool) bool {
	for _, id := range above {
		seen := map[catalog.ID]bool{}
		p.beneath(id, seen)
		for l := range seen {
			if l != id && locked[l] {
				return true
			}
		}
	}
	return false
}

// beneath collects what a query of a relation locks, in the schema before.
func (p *planner) beneath(id catalog.ID, seen map[catalog.ID]bool) {
	if seen[id] {
		return
	}
	seen[id] = true
	for _, child := range p.oldChildren[id] {
		p.beneath(child, seen)
	}
	o := p.from.Objects[id]
	if o == nil || id.Kind != catalog.KindView {
		return
	}
	for need := range o.Needs() {
		if need.Kind == catalog.KindColumn || need.Kind == catalog.KindTable || need.Kind == catalog.KindView {
			if relation, ok := p.from.Relation(need.Schema, need.Name); ok {
				p.beneath(relation, seen)
			}
		}
	}
}
