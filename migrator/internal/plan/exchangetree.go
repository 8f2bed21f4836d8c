package plan

import (
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// The index of a partitioned table changes places with its successor as a whole:
// the successor is made on the table alone, the partitions' indexes are built
// concurrently, and then, in one short transaction, they are attached to it, the
// old one goes with all of its own and the new ones take their names. The tables
// are locked first, from the top, as queries do it: ATTACH locks the index of a
// partition, which a query may wait for that holds the table.

// exchangedTree tells whether a partitioned index or unique constraint is replaced
// in this way. A primary key is not: a table has one at a time.
func (p *planner) exchangedTree(s *state) bool {
	if !p.apartOK || p.plain[s.id] || !s.gone || s.new == nil || s.because != "" || !p.topOfTree(s.old) || !p.topOfTree(s.new) {
		return false
	}
	for need := range s.old.Needs() {
		if n := p.at(need); n.gone || n.retype || n.differs(catalog.FieldGenerated, catalog.FieldIdentity) {
			return false
		}
	}
	table, _ := p.to.Parent(s.id)
	if was, _ := p.from.Parent(s.id); was != table {
		return false
	}
	return p.treeSettled(table) && p.onlyLikeIt(s.id)
}

// topOfTree tells whether an object is an index or unique constraint of a
// partitioned table, and of no partition.
func (p *planner) topOfTree(o *catalog.Object) bool {
	if _, beneath := upperIndex(o); beneath {
		return false
	}
	switch d := o.Detail.(type) {
	case *catalog.Index:
		return d.Partitioned
	case *catalog.Constraint:
		t := tableOf(p.at(d.Table).new)
		return d.Type == "u" && d.Index != "" && t != nil && t.Partitioned()
	}
	return false
}

// treeSettled tells whether a table and its partitions are there from before, and
// stay where they are.
func (p *planner) treeSettled(table catalog.ID) bool {
	if !p.settled(table) || len(p.children[table]) != len(p.oldChildren[table]) {
		return false
	}
	for _, child := range p.children[table] {
		if !p.treeSettled(child) {
			return false
		}
	}
	return true
}

// onlyLikeIt tells whether nothing stands on an index or key but those of
// partitions, of the same kind: no foreign key.
func (p *planner) onlyLikeIt(index catalog.ID) bool {
	for _, user := range p.users.of(index) {
		if up, ok := upperIndex(p.at(user).old); user.Kind != index.Kind || !ok || up != index || !p.onlyLikeIt(user) {
			return false
		}
	}
	for _, s := range p.order {
		if up, ok := upperIndex(s.new); ok && up == index && s.id.Kind != index.Kind {
			return false
		}
	}
	return true
}

// treeOf is the partitioned index at the top of a partition's, where that is
// replaced as a whole.
func (p *planner) treeOf(o *catalog.Object) *state {
	for up, ok := upperIndex(o); ok; up, ok = upperIndex(p.at(up).new) {
		if s := p.at(up); p.exchangedTree(s) {
			return s
		}
	}
	return nil
}

// builtAs is the name that an index has until it takes its place.
func (p *planner) builtAs(id catalog.ID) catalog.ID {
	s := p.at(id)
	if s.old == nil || !s.made() {
		return id
	}
	if p.exchangedTree(s) || p.treeOf(s.new) != nil {
		return successor(id)
	}
	return id
}

// exchangeTree lets a partitioned index and its successor change places. The
// locks are on the table and all of its partitions.
func (p *planner) exchangeTree(s *state) []step {
	o := s.new
	table, _ := p.to.Parent(s.id)
	drop := say(o.ID, "DROP INDEX "+o.ID.SQL())
	if o.ID.Kind == catalog.KindConstraint {
		drop = do(o.ID, "ALTER TABLE %s DROP CONSTRAINT %s", o.ID.SQL(), catalog.Quote(o.ID.Sub))
	}
	steps := []step{do(o.ID, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table.SQL()).lock(accessExclusive, table)}
	for _, t := range p.order {
		if t.new != nil && p.treeOf(t.new) == s {
			up, _ := upperIndex(t.new)
			steps = append(steps, say(t.id, p.attachedTo(up, t.id)))
		}
	}
	steps = append(steps, p.uniqueLost(drop.lock(accessExclusive, table), s.old, o))
	for _, t := range p.order {
		id := t.id
		if id != o.ID && (t.new == nil || p.treeOf(t.new) != s) {
			continue
		}
		built := p.builtAs(id)
		if built == id {
			continue
		}
		switch d := t.new.Detail.(type) {
		case *catalog.Index:
			steps = append(steps, do(o.ID, "ALTER INDEX %s RENAME TO %s", built.SQL(), catalog.Quote(id.Name)).lock(shareUpdateExclusive, d.Table))
			steps = append(steps, indexSettings(t.new, &catalog.Index{}, d)...)
			steps = append(steps, p.replicaIdentity(d.Table, id.Name)...)
		case *catalog.Constraint:
			steps = append(steps, do(o.ID, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", id.SQL(), catalog.Quote(built.Sub), catalog.Quote(id.Sub)).lock(accessExclusive, d.Table))
			steps = append(steps, p.constraintExtras(t.new, d)...)
		}
		steps = append(steps, p.extras(t.new)...)
	}
	return steps
}

// besideKey adds a unique constraint under the name that it has until it takes
// its place.
func (p *planner) besideKey(o *catalog.Object, d *catalog.Constraint, built catalog.ID) []step {
	index := func(id catalog.ID) catalog.ID {
		return catalog.ID{Kind: catalog.KindIndex, Schema: id.Schema, Name: id.Sub}
	}
	beside, as := *o, *d
	beside.ID = built
	as.Index = renamedIndex(d.Index, index(o.ID), index(built))
	t := tableOf(p.at(d.Table).new)
	steps := p.makeKey(&beside, &as, func(text string) step {
		return do(o.ID, "ALTER TABLE %s ADD CONSTRAINT %s %s", p.tableName(d), catalog.Quote(built.Sub), text)
	}, t != nil && t.Partitioned())
	for i := range steps {
		steps[i].Object = o.ID
		if t != nil && !t.Partitioned() {
			steps[i] = steps[i].alone() // so that no lock on a partition is held when that on the table is taken
		}
	}
	return steps
}

// treeEdges: the places change when all of the partitions' indexes are built.
func (p *planner) treeEdges(s *state) {
	if top := p.treeOf(s.new); top != nil {
		before(p.graph.find(s.id, phaseMake), p.graph.find(top.id, phaseFinish), false)
	}
}

// attachedTo is ALTER INDEX … ATTACH PARTITION.
func (p *planner) attachedTo(parent, index catalog.ID) string {
	name := func(id catalog.ID) string {
		if id = p.builtAs(id); id.Kind == catalog.KindConstraint {
			return catalog.Quote(id.Schema) + "." + catalog.Quote(id.Sub)
		}
		return id.SQL()
	}
	return fmt.Sprintf("ALTER INDEX %s ATTACH PARTITION %s", name(parent), name(index))
}
