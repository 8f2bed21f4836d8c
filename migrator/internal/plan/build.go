package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// build makes the nodes and their edges. apart holds the parts that must not
// be done by their parent's statement, because that would close a cycle.
func (p *planner) build(loose map[nodeKey]bool) {
	p.graph = newGraph()
	p.homing(loose)
	for _, id := range p.order {
		p.nodesOf(p.states[id])
	}
	for _, id := range p.order {
		p.edgesOf(p.states[id])
	}
	p.nameEdges()
	p.mentionEdges()
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
		}
	}
	for _, id := range p.order {
		s := p.states[id]
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
	}
}

// holdsPartition tells whether a foreign key from or to a partitioned table
// goes while a partition leaves: the partition would keep its copy of it.
func (p *planner) holdsPartition(s *state) bool {
	d, ok := detailOf[*catalog.Constraint](s.old)
	if !ok || d.Type != "f" || !s.gone {
		return false
	}
	for _, table := range []catalog.ID{d.Table, d.References} {
		for _, child := range p.oldChildren[table] {
			if p.at(child).detach {
				return true
			}
		}
	}
	return false
}

// foreignKeys are those from and to a table, in the old database.
func (p *planner) foreignKeys(table catalog.ID) []catalog.ID {
	var keys []catalog.ID
	for _, id := range p.oldParts[table] {
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
		return d.Type != "f" && d.Validated
	}
	return false
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
	now := tableOf(t.new)
	if now == nil || t.gone || t.old == nil || t.detach || t.attach {
		return nil, false
	}
	return now.Inherits, len(now.Inherits) > 0
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
	if s.attach && s.new != nil {
		p.chain(s.id, phaseAttach, p.attachTable(s))
	}
	if stmts := p.attachIndex(s); len(stmts) > 0 {
		p.chain(s.id, phaseAttach, stmts)
	}
	if stmts := p.giveSequence(s); len(stmts) > 0 {
		p.chain(s.id, phaseOwn, stmts)
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
	var tail *node
	for i, st := range steps {
		if tail == nil || st.apart != tail.apart || steps[i-1].late != st.late {
			n := &node{id: id, phase: ph, rank: rankOf(id.Kind, ph, st), order: p.rank[id], apart: st.apart, after: map[*node]bool{}}
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
	if tail == nil {
		n := &node{id: id, phase: ph, rank: rankOf(id.Kind, ph, step{}), order: p.rank[id], after: map[*node]bool{}}
		g.all = append(g.all, n)
		g.nodes[nodeKey{id, ph}] = n
	}
}

// edgesOf orders the nodes of one object after and before those of what it needs.
func (p *planner) edgesOf(s *state) {
	g := &p.graph
	id := s.id
	drop, alter, mk := g.find(id, phaseDrop), g.find(id, phaseAlter), g.find(id, phaseMake)
	attach, detach := g.find(id, phaseAttach), g.find(id, phaseDetach)
	if s.old != nil {
		for _, need := range s.old.Needs {
			n := p.at(need)
			nDrop, nAlter := g.find(need, phaseDrop), g.find(need, phaseAlter)
			before(drop, nDrop, false)
			before(drop, nAlter, false)
			before(detach, nDrop, false)
			if n.swap {
				before(alter, g.find(need, phaseFinish), false)
				before(drop, g.find(need, phaseFinish), false)
			} else if !s.gone {
				before(alter, nDrop, n.new != nil)
			}
		}
	}
	if s.new != nil {
		for _, need := range s.new.Needs {
			nMake, nAlter := g.find(need, phaseMake), g.find(need, phaseAlter)
			before(nMake, alter, false)
			before(nMake, mk, false)
			before(nAlter, mk, false)
			before(nAlter, alter, true)
			before(g.find(need, phaseAttach), mk, true)
			if parent := need; attach != nil && id.Kind != catalog.KindColumn {
				before(g.find(parent, phaseMake), attach, false)
				before(g.find(parent, phaseAlter), attach, false)
			}
		}
	}
	before(drop, mk, false)
	before(detach, drop, false)
	before(detach, alter, false)
	before(mk, attach, false)
	before(alter, attach, false)
	before(mk, g.find(id, phaseFinish), false)
	p.tableEdges(s, detach, attach)
	p.ownEdges(s)
}

// tableEdges: the parts of a child table are in order before it is attached.
func (p *planner) tableEdges(s *state, detach, attach *node) {
	g := &p.graph
	if d, ok := detailOf[*catalog.Index](s.new); ok && attach != nil {
		before(g.find(d.Parent, phaseMake), attach, false)
		before(g.find(d.Table, phaseAttach), attach, false)
		return
	}
	if d, ok := detailOf[*catalog.Constraint](s.new); ok && attach != nil {
		before(g.find(d.ParentIndex, phaseMake), attach, false)
		before(g.find(d.Table, phaseAttach), attach, false)
		return
	}
	t := tableOf(s.new)
	if t == nil {
		return
	}
	if detach != nil {
		for _, parent := range tableOf(s.old).Inherits {
			for _, key := range p.foreignKeys(parent) {
				before(g.find(key, phaseDrop), detach, false)
			}
		}
		for _, part := range p.oldParts[s.id] {
			before(detach, g.find(part, phaseDrop), false)
			before(detach, g.find(part, phaseAlter), false)
		}
	}
	if mk := g.find(s.id, phaseMake); mk != nil && t.Bound == "" {
		for _, parent := range t.Inherits {
			for _, part := range p.newParts[parent] {
				if part.Kind == catalog.KindColumn || part.Kind == catalog.KindConstraint {
					before(g.find(part, phaseMake), mk, true)
					before(g.find(part, phaseAlter), mk, true)
				}
			}
		}
	}
	if attach == nil {
		return
	}
	for _, part := range p.newParts[s.id] {
		if d, ok := detailOf[*catalog.Constraint](p.at(part).new); ok && d.Type == "f" {
			continue
		}
		before(g.find(part, phaseMake), attach, false)
		before(g.find(part, phaseAlter), attach, false)
	}
	for _, parent := range t.Inherits {
		before(g.find(parent, phaseMake), attach, false)
		for _, part := range p.newParts[parent] {
			switch part.Kind {
			case catalog.KindColumn, catalog.KindConstraint:
				if d, ok := detailOf[*catalog.Constraint](p.at(part).new); ok && d.Type == "f" {
					continue
				}
				before(g.find(part, phaseMake), attach, true)
				before(g.find(part, phaseAlter), attach, true)
			}
		}
	}
}

func (p *planner) ownEdges(s *state) {
	g := &p.graph
	own := g.find(s.id, phaseOwn)
	q, ok := detailOf[*catalog.Sequence](s.new)
	if old, is := detailOf[*catalog.Sequence](s.old); is && ok && old.OwnedBy.Kind != "" && old.OwnedBy != q.OwnedBy {
		before(g.find(s.id, phaseAlter), g.find(old.OwnedBy, phaseDrop), false)
	}
	if !ok || own == nil {
		return
	}
	before(g.find(s.id, phaseMake), own, false)
	before(g.find(s.id, phaseAlter), own, true)
	if table, ok := p.to.Parent(q.OwnedBy); ok {
		before(g.find(table, phaseMake), own, false)
		before(g.find(table, phaseAlter), own, false) // its owner may change, and must be the same
	}
	before(g.find(q.OwnedBy, phaseMake), own, false)
	if old, ok := detailOf[*catalog.Sequence](s.old); ok && old.OwnedBy.Kind != "" {
		// It must be let go before its column takes it along.
		before(own, g.find(old.OwnedBy, phaseDrop), false)
	}
}

// privilegesLast: what is made gets the default privileges of the old database,
// with which grants counts; so these change when everything is made.
func (p *planner) privilegesLast() {
	var last []*node
	for _, n := range p.graph.all {
		if n.id.Kind == catalog.KindDefaultPrivileges {
			last = append(last, n)
		}
	}
	for _, n := range p.graph.all {
		if n.phase == phaseMake && defaultType(n.id.Kind) != "" {
			for _, l := range last {
				before(n, l, true)
			}
		}
	}
}

// nameEdges: a name must be free before another object takes it.
func (p *planner) nameEdges() {
	g := &p.graph
	type place struct{ space, schema, name string }
	freed := map[place][]catalog.ID{}
	for _, id := range p.order {
		if p.states[id].gone {
			for _, space := range spaces(id, p.states[id].old) {
				k := place{space, id.Schema, takenName(id)}
				freed[k] = append(freed[k], id)
			}
		}
	}
	for _, id := range p.order {
		p.identityNames(p.states[id])
		if !p.states[id].made() {
			continue
		}
		for _, space := range spaces(id, p.states[id].new) {
			for _, other := range freed[place{space, id.Schema, takenName(id)}] {
				if other != id {
					before(g.find(other, phaseDrop), g.find(id, phaseMake), false)
				}
			}
		}
	}
}

// identityNames: the sequence of an identity column takes a name, too.
func (p *planner) identityNames(s *state) {
	g := &p.graph
	name := func(o *catalog.Object) catalog.ID {
		d, ok := detailOf[*catalog.Column](o)
		if !ok || d.SequenceName == "" {
			return catalog.ID{}
		}
		id := catalog.ID{Kind: catalog.KindSequence, Schema: o.ID.Schema}
		id.Name = strings.ReplaceAll(strings.Trim(strings.TrimPrefix(d.SequenceName, catalog.Quote(o.ID.Schema)+"."), `"`), `""`, `"`)
		return id
	}
	was, is := name(s.old), name(s.new)
	if was == is {
		return
	}
	if is.Kind != "" {
		before(g.find(is, phaseDrop), g.find(s.id, phaseAlter), false)
		before(g.find(is, phaseDrop), g.find(s.id, phaseMake), false)
	}
	if was.Kind != "" {
		before(g.find(s.id, phaseAlter), g.find(was, phaseMake), false)
		before(g.find(s.id, phaseDrop), g.find(was, phaseMake), false)
	}
}

func takenName(id catalog.ID) string {
	switch id.Kind {
	case catalog.KindConstraint, catalog.KindTrigger, catalog.KindPolicy, catalog.KindRule:
		return id.Sub
	case catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate:
		return id.Name + "(" + id.Sub + ")"
	}
	return id.Name
}

// spaces are the name spaces in which an object takes a name.
func spaces(id catalog.ID, o *catalog.Object) []string {
	switch id.Kind {
	case catalog.KindTable, catalog.KindForeignTable, catalog.KindView, catalog.KindMaterializedView:
		return []string{"relation", "type"}
	case catalog.KindSequence, catalog.KindIndex:
		return []string{"relation"}
	case catalog.KindType, catalog.KindDomain:
		if _, ok := o.Detail.(*catalog.Composite); ok {
			return []string{"relation", "type"}
		}
		return []string{"type"}
	case catalog.KindConstraint:
		if d := o.Detail.(*catalog.Constraint); d.Type == "p" || d.Type == "u" || d.Type == "x" {
			return []string{"relation", "constraint of " + id.Name}
		}
		return []string{"constraint of " + id.Name}
	case catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate:
		return []string{"function"}
	}
	return nil
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
