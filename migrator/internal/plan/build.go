package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// build makes the nodes and their edges. apart holds the parts that must not
// be done by their parent's statement, because that would close a cycle.
func (p *planner) build(loose map[nodeKey]bool) {
	p.graph = newGraph()
	p.homing(loose)
	for _, s := range p.order {
		p.nodesOf(s)
	}
	p.retypeNodes()
	p.fillNodes()
	for _, s := range p.order {
		p.edgesOf(s)
	}
	p.fillEdges()
	p.nameEdges()
	p.mentionEdges()
	p.evaluationEdges()
	p.persistenceEdges()
	p.privilegesLast()
}

// homing decides which objects need no statement of their own, because the
// statement of what they are part of does it.
func (p *planner) homing(loose map[nodeKey]bool) {
	g := &p.graph
	home := func(id catalog.ID, ph phase, parent catalog.ID, parentPhase phase) {
		k := nodeKey{id, ph}
		if !loose[k] {
			g.homes[k] = nodeKey{parent, parentPhase}
			p.at(id).busy = true
		}
	}
	for _, s := range p.order {
		id := s.id
		if parent, ok := p.from.Parent(id); ok && s.gone && p.at(parent).gone && id.Kind != catalog.KindUserMapping {
			home(id, phaseDrop, parent, phaseDrop)
		}
		if p.holdsPartition(s) {
			delete(g.homes, nodeKey{id, phaseDrop}) // before the partitions leave
		}
		if up, ok := upperIndex(s.old); ok && s.gone && p.at(up).gone && !p.at(table(p.from, id)).gone && !p.at(table(p.from, id)).detach {
			home(id, phaseDrop, up, phaseDrop) // a partition's index goes with its parent's
		}
		if q, ok := s.oldSequence(); ok && s.gone && q.OwnedBy.Kind != "" && p.at(q.OwnedBy).gone {
			home(id, phaseDrop, q.OwnedBy, phaseDrop)
		}
		if parent, ok := p.to.Parent(id); ok && s.made() && p.at(parent).made() && p.inline(s) {
			home(id, phaseMake, parent, phaseMake)
		}
		if parent, ok := p.to.Parent(id); ok && s.made() && id.Kind == catalog.KindColumn && !p.at(parent).made() && p.at(parent).id.Kind == catalog.KindView {
			home(id, phaseMake, parent, phaseAlter) // CREATE OR REPLACE VIEW adds it
		}
		p.followParent(s, home)
		if other := p.namesake(s); other != nil {
			home(other.id, phaseDrop, s.id, phaseMake)
		}
	}
	for _, s := range p.order {
		if p.rebuilt(s) {
			p.partitionsGo(s, home)
		}
	}
}

// holdsPartition tells whether a foreign key from or to a partitioned table
// goes while a partition leaves: the partition would keep its copy of it.
func (p *planner) holdsPartition(s *state) bool {
	d, ok := detailOf[*catalog.Constraint](s.old)
	if !ok || d.Type != "f" || !s.gone {
		return false
	}
	return p.partitionLeaves(d.Table) || p.partitionLeaves(d.References)
}

// partitionLeaves tells whether a child of a table leaves, on any level.
func (p *planner) partitionLeaves(table catalog.ID) bool {
	return slices.ContainsFunc(p.oldChildren[table], func(child catalog.ID) bool {
		return p.at(child).detach || p.partitionLeaves(child)
	})
}

// foreignKeys are those from and to a table, in the old database.
func (p *planner) foreignKeys(table catalog.ID) []catalog.ID {
	var keys []catalog.ID
	for _, id := range p.oldParts.of(table) {
		if d, ok := detailOf[*catalog.Constraint](p.from.Objects[id]); ok && d.Type == "f" {
			keys = append(keys, id)
		}
	}
	return append(keys, p.keysTo[table]...)
}

// upperIndex is the index or key of the parent that a partition's is attached to.
func upperIndex(o *catalog.Object) (catalog.ID, bool) {
	if d, ok := detailOf[*catalog.Index](o); ok {
		return d.Parent, d.Parent.Kind != ""
	}
	if d, ok := detailOf[*catalog.Constraint](o); ok {
		return d.ParentIndex, d.ParentIndex.Kind != ""
	}
	return catalog.ID{}, false
}

func table(c *catalog.Catalog, part catalog.ID) catalog.ID {
	parent, _ := c.Parent(part)
	return parent
}

// inline tells whether a new part of a new object is written in the statement
// that creates it.
func (p *planner) inline(s *state) bool {
	switch d := s.new.Detail.(type) {
	case *catalog.Column, *catalog.ViewColumn, *catalog.Attribute, *catalog.Default:
		return true
	case *catalog.Constraint:
		if s.id.Kind == catalog.KindDomainConstraint {
			return d.Validated
		}
		return d.Type != "f" && d.Validated && !p.twin(s.id, d) && len(p.olderLike(s.new)) == 0
	}
	return false
}

// twin tells whether another key of a table has the same columns and comes first:
// CREATE TABLE would make one index for both. First comes the one that is its
// parent's, too, because ATTACH PARTITION takes the oldest that fits; else the
// oldest, because foreign keys take that.
func (p *planner) twin(id catalog.ID, d *catalog.Constraint) bool {
	if d.Type != "u" && d.Type != "p" {
		return false
	}
	var first catalog.ID
	for _, part := range p.newParts.of(d.Table) {
		other, ok := detailOf[*catalog.Constraint](p.to.Objects[part])
		if !ok || other.Type != "p" && other.Type != "u" || !slices.Equal(other.Columns, d.Columns) {
			continue
		}
		if first.Kind == "" || other.ParentIndex.Kind != "" || p.to.Objects[part].Age < p.to.Objects[first].Age {
			first = part
		}
		if other.ParentIndex.Kind != "" {
			break
		}
	}
	return first.Kind != "" && first != id
}

// followParent: what a child table inherits comes and goes with the parent's.
func (p *planner) followParent(s *state, home func(catalog.ID, phase, catalog.ID, phase)) {
	table, ok := p.inherits(s)
	if !ok {
		return
	}
	for _, parent := range table {
		up := p.at(catalog.ID{Kind: s.id.Kind, Schema: parent.Schema, Name: parent.Name, Sub: s.id.Sub})
		if s.gone && up.gone && !p.at(parent).gone && !declared(s.old) {
			home(s.id, phaseDrop, up.id, phaseDrop)
		}
		if s.made() && up.made() && !p.at(parent).made() && !declared(s.new) {
			home(s.id, phaseMake, up.id, phaseMake)
		}
	}
}

// inherits lists the parents that a column or check of a table that stays has
// in both databases.
func (p *planner) inherits(s *state) ([]catalog.ID, bool) {
	if s.id.Kind != catalog.KindColumn && s.id.Kind != catalog.KindConstraint {
		return nil, false
	}
	parent, ok := p.from.Parent(s.id)
	if !ok {
		if parent, ok = p.to.Parent(s.id); !ok {
			return nil, false
		}
	}
	t := p.at(parent)
	kept := p.keptParents(t)
	return kept, len(kept) > 0
}

// declared tells whether a part is declared on its own table, too.
func declared(o *catalog.Object) bool {
	switch d := o.Detail.(type) {
	case *catalog.Column:
		return d.Local || !d.Inherited
	case *catalog.Constraint:
		return d.Local || !d.Inherited
	}
	return true
}

// nodesOf makes the nodes of one object.
func (p *planner) nodesOf(s *state) {
	g := &p.graph
	own := func(ph phase) bool { _, away := g.homes[nodeKey{s.id, ph}]; return !away }
	if s.detach {
		p.chain(s.id, phaseDetach, p.detachTable(s))
	}
	if s.gone && own(phaseDrop) {
		p.chain(s.id, phaseDrop, p.dropObject(s))
		if s.swap {
			p.chain(s.id, phaseFinish, p.dropSwapped(s))
		}
	}
	if s.altered() && own(phaseAlter) {
		p.chain(s.id, phaseAlter, p.alterObject(s))
	}
	if s.made() && own(phaseMake) {
		p.chain(s.id, phaseMake, p.makeObject(s))
	}
	if p.exchangedTree(s) {
		p.chain(s.id, phaseFinish, p.exchangeTree(s))
	}
	if p.grantsApart(s) {
		p.chain(s.id, phaseOwn, p.grants(s.new, p.keptGrants(s), s.new.Grants))
	}
	if p.rebuilt(s) {
		p.chain(s.id, phaseRestore, p.restoreRows(s))
	}
	if s.attach && s.new != nil {
		p.chain(s.id, phaseAttach, p.attachTable(s))
	}
	if stmts := p.attachIndex(s); len(stmts) > 0 {
		p.chain(s.id, phaseAttach, stmts)
	}
	if stmts := p.releaseSequence(s); len(stmts) > 0 {
		p.chain(s.id, phaseDetach, stmts)
	}
	if stmts := p.giveSequence(s); len(stmts) > 0 {
		p.chain(s.id, phaseOwn, stmts)
	}
}

// retypeNodes makes the statements that change the types of columns, one for
// each table.
func (p *planner) retypeNodes() {
	g := &p.graph
	for _, s := range p.order {
		table := s.id
		if tableOf(s.new) == nil || p.split[table] {
			continue
		}
		columns := p.retypes(table)
		if len(columns) == 0 {
			continue
		}
		p.chain(table, phaseRetype, p.retypeSteps(table, columns))
		lead := g.nodes[nodeKey{table, phaseRetype}]
		for _, c := range columns {
			n := g.nodes[nodeKey{c.id, phaseAlter}]
			link(lead, n, false)
			n.lead = lead
		}
	}
}

// step is statements with the way in which they run.
type step struct {
	Statement
	apart bool
	late  bool // as far to the end as dependencies allow
}

// chain makes the nodes of one phase: one for each run of steps of one sort.
func (p *planner) chain(id catalog.ID, ph phase, steps []step) {
	g := &p.graph
	p.at(id).busy = true
	var tail *node
	for i, st := range steps {
		if tail == nil || st.apart != tail.apart || steps[i-1].late != st.late {
			n := &node{id: id, phase: ph, rank: rankOf(id.Kind, ph, st), order: p.at(id).rank, apart: st.apart, after: map[*node]bool{}}
			g.all = append(g.all, n)
			if tail == nil {
				g.nodes[nodeKey{id, ph}] = n
			} else {
				tail.next = n
				link(tail, n, false)
			}
			tail = n
		}
		tail.stmts = append(tail.stmts, st.Statement)
	}
	if s := p.at(id); ph == phaseMake && tail != nil && (p.exchanged(s) || p.namesake(s) != nil) {
		first := g.nodes[nodeKey{id, ph}]
		for n := first; n.next != nil && first.swapAt == nil; n = n.next {
			if n.apart && !n.next.apart {
				first.swapAt = n.next // what needs the old one may go as late as that
			}
		}
	}
	if tail == nil {
		n := &node{id: id, phase: ph, rank: rankOf(id.Kind, ph, step{}), order: p.at(id).rank, after: map[*node]bool{}}
		g.all = append(g.all, n)
		g.nodes[nodeKey{id, ph}] = n
	}
}

// detailOf is an object's detail when it is of type D.
func detailOf[D catalog.Detail](o *catalog.Object) (D, bool) {
	if o == nil {
		var none D
		return none, false
	}
	d, ok := o.Detail.(D)
	return d, ok
}
