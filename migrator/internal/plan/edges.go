package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// edgesOf orders the nodes of one object after and before those of what it needs.
func (p *planner) edgesOf(s *state) {
	g := &p.graph
	id := s.id
	var drop, alter, mk, attach, detach *node
	if s.busy { // few are, in a large schema
		drop, alter, mk = g.find(id, phaseDrop), g.find(id, phaseAlter), g.find(id, phaseMake)
		attach, detach = g.find(id, phaseAttach), g.find(id, phaseDetach)
	}
	if s.old != nil && (s.busy || p.lastOf(s) != nil) {
		for need := range s.old.Needs() {
			n := p.at(need)
			if p.adopted(n) {
				continue // it only gets another owner
			}
			nDrop, nAlter := g.find(need, phaseDrop), g.find(need, phaseAlter)
			if p.exchanged(n) {
				before(drop, g.find(need, phaseMake), false)
			} else {
				before(drop, nDrop, false)
			}
			before(drop, nAlter, false)
			if fin := p.lastOf(s); fin != nil {
				if n.swap {
					before(fin, g.find(need, phaseFinish), false)
				} else {
					before(fin, nDrop, false)
				}
			}
			before(detach, nDrop, false)
			if n.swap {
				before(alter, g.find(need, phaseFinish), false)
				before(drop, g.find(need, phaseFinish), false)
			} else if !s.gone {
				before(alter, nDrop, n.new != nil)
			}
		}
	}
	if s.new != nil && s.busy {
		for need := range s.new.Needs() {
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
	if own := g.find(id, phaseOwn); own != nil && id.Kind == catalog.KindColumn {
		before(alter, own, false)
		before(g.find(table(p.to, id), phaseAlter), own, false)
	}
	p.treeEdges(s)
	p.retypedAbove(s)
	p.typedEdges(s, detach, attach)
	p.tableEdges(s, detach, attach)
	p.ownEdges(s)
	if s.busy {
		p.rebuildEdges(s)
	}
	p.inheritedDefault(s)
	p.keysBelow(s)
	p.inheritedGoes(s, drop)
	p.identityLetsGo(s, alter)
	if mk != nil {
		for _, index := range p.olderLike(s.new) {
			before(g.find(index, phaseMake), mk, false)
		}
	}
	if of, ok := p.rangeBeneath(s); ok {
		before(g.find(of, phaseDrop), alter, false) // which makes texts of the column's values
		for _, user := range p.users.of(s.id) {
			before(g.find(user, phaseDrop), g.find(of, phaseDrop), false)
		}
	}
}

// hasIndexOf tells whether a partition has an index that belongs to its parent's.
func (p *planner) hasIndexOf(child, index catalog.ID) bool {
	for _, part := range p.newParts.of(child) {
		if up, ok := upperIndex(p.at(part).new); ok && up == index {
			return true
		}
	}
	return false
}

// lastOf is the end of the old self of a type that was renamed away: until then
// it needs what it needed. A field's is that of its type.
func (p *planner) lastOf(s *state) *node {
	if s.id.Kind == catalog.KindAttribute {
		parent, _ := p.from.Parent(s.id)
		s = p.at(parent)
	}
	if _, isRange := detailOf[*catalog.Range](s.old); !s.swap || isRange || !p.stays(s) {
		return nil
	}
	return p.graph.find(s.id, phaseFinish)
}

// keysBelow: a partition that is made anew, because a column of its own partition
// key gets another type, has gone before that column changes above.
func (p *planner) keysBelow(s *state) {
	if s.id.Kind != catalog.KindColumn || !s.retype {
		return
	}
	g := &p.graph
	above, _ := p.from.Parent(s.id)
	var below func(catalog.ID)
	below = func(parent catalog.ID) {
		for _, child := range p.oldChildren[parent] {
			if p.at(child).gone {
				before(g.find(child, phaseDrop), g.find(s.id, phaseAlter), false)
			}
			below(child)
		}
	}
	below(above)
}

// inheritedDefault: a parent's column takes its children's along when its type
// changes, and a child's own default must be out of the way meanwhile.
func (p *planner) inheritedDefault(s *state) {
	g := &p.graph
	if s.id.Kind != catalog.KindDefault {
		return
	}
	if d, ok := detailOf[*catalog.Default](s.old); ok && d.Generated && s.gone {
		// A generated column lets go of what it was computed from by DROP EXPRESSION.
		column := g.find(catalog.ID{Kind: catalog.KindColumn, Schema: s.id.Schema, Name: s.id.Name, Sub: s.id.Sub}, phaseAlter)
		for need := range s.old.Needs() {
			before(column, g.find(need, phaseDrop), false)
			before(column, g.find(need, phaseAlter), false)
		}
	}
	t := tableOf(p.at(catalog.ID{Kind: catalog.KindTable, Schema: s.id.Schema, Name: s.id.Name}).new)
	if t == nil {
		return
	}
	for _, parent := range t.Inherits {
		up := g.find(catalog.ID{Kind: catalog.KindColumn, Schema: parent.Schema, Name: parent.Name, Sub: s.id.Sub}, phaseAlter)
		before(g.find(s.id, phaseDrop), up, false)
		before(up, g.find(s.id, phaseMake), false)
	}
}

// inheritedGoes: what a child table has of its own and from its parent, too, is no
// more inherited when the parent's has gone; only then can it be dropped.
func (p *planner) inheritedGoes(s *state, drop *node) {
	if drop == nil || drop.id != s.id || s.id.Kind != catalog.KindColumn && s.id.Kind != catalog.KindConstraint {
		return
	}
	t := tableOf(p.at(table(p.from, s.id)).old)
	if t == nil || t.Bound != "" {
		return
	}
	for _, parent := range t.Inherits {
		before(p.graph.find(catalog.ID{Kind: s.id.Kind, Schema: parent.Schema, Name: parent.Name, Sub: s.id.Sub}, phaseDrop), drop, true)
	}
}

// identityLetsGo: a column of the index by which a table tells its rows apart
// (REPLICA IDENTITY) may be null only when it goes by that no more, and must not be
// when it begins to.
func (p *planner) identityLetsGo(s *state, alter *node) {
	if alter == nil || s.id.Kind != catalog.KindColumn || !s.differs(catalog.FieldNotNull) {
		return
	}
	g, of := &p.graph, table(p.from, s.id)
	settings := g.find(of, phaseAlter)
	if index, ok := replicaIndex(tableOf(p.at(of).old), p.oldParts.of(of)); ok {
		if p.exchanged(p.at(index)) {
			before(g.find(index, phaseMake), alter, false)
		}
		before(g.find(index, phaseDrop), alter, false)
		if !catalog.As[*catalog.Column](s.new).NotNull {
			before(settings, alter, false)
		}
	}
	if index, ok := replicaIndex(tableOf(p.at(of).new), p.newParts.of(of)); ok && needs(p.to.Objects[index], s.id) && catalog.As[*catalog.Column](s.new).NotNull {
		before(alter, settings, false)
	}
}

// replicaIndex is the index or key, among the parts of a table, by which it tells its
// rows apart.
func replicaIndex(t *catalog.Table, parts []catalog.ID) (catalog.ID, bool) {
	if t == nil || t.ReplicaIdentity != "i" {
		return catalog.ID{}, false
	}
	for _, part := range parts {
		name := part.Name
		if part.Kind == catalog.KindConstraint {
			name = part.Sub
		}
		if t.ReplicaIndex == catalog.Quote(part.Schema)+"."+catalog.Quote(name) {
			return part, true
		}
	}
	return catalog.ID{}, false
}

// retypedAbove: what is set on a column that gets its type with its parent's is of
// that type.
func (p *planner) retypedAbove(s *state) {
	if d, ok := detailOf[*catalog.Column](s.old); !ok || !d.Inherited || !s.retype || !s.altered() {
		return
	}
	for _, parent := range p.keptParents(p.at(table(p.to, s.id))) {
		up := p.at(catalog.ID{Kind: catalog.KindColumn, Schema: parent.Schema, Name: parent.Name, Sub: s.id.Sub})
		if up.altered() && up.retype {
			before(p.graph.find(up.id, phaseAlter), p.graph.find(s.id, phaseAlter), false)
		}
	}
}

// keysBefore lets the foreign keys of all tables above one go before it leaves: it would
// keep its copies of them.
func (p *planner) keysBefore(detach *node, t *catalog.Table) {
	for _, parent := range t.Inherits {
		for _, key := range p.foreignKeys(parent) {
			before(p.graph.find(key, phaseDrop), detach, false)
		}
		p.keysBefore(detach, tableOf(p.at(parent).old))
	}
}

// tableEdges: the parts of a child table are in order before it is attached.
func (p *planner) tableEdges(s *state, detach, attach *node) {
	g := &p.graph
	if d, ok := detailOf[*catalog.Index](s.new); ok && d.Partitioned {
		for _, child := range p.children[d.Table] {
			if !p.hasIndexOf(child, s.id) {
				before(g.find(child, phaseAttach), g.find(s.id, phaseMake), false) // else the partition gets one like it
			}
		}
	}
	if d, ok := detailOf[*catalog.Index](s.new); ok && attach != nil {
		before(g.find(d.Parent, phaseMake), attach, false)
		before(g.find(d.Table, phaseAttach), attach, false)
		// An index of a partition that has partitions is valid when theirs are attached,
		// and only a valid one is found when that partition is attached.
		before(attach, g.find(table(p.to, d.Parent), phaseAttach), true)
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
		p.keysBefore(detach, tableOf(s.old))
		for _, parent := range tableOf(s.old).Inherits {
			for _, part := range p.oldParts.of(parent) { // whose copies the partition keeps
				if _, key := detailOf[*catalog.Constraint](p.at(part).old); part.Kind == catalog.KindIndex || key && !p.isForeignKey(part) {
					before(detach, g.find(part, phaseDrop), false)
				}
			}
		}
		for _, part := range p.oldParts.of(s.id) {
			before(detach, g.find(part, phaseDrop), false)
			before(detach, g.find(part, phaseAlter), false)
		}
	}
	if mk := g.find(s.id, phaseMake); mk != nil && t.Bound == "" {
		for _, parent := range t.Inherits {
			for _, part := range p.newParts.of(parent) {
				if part.Kind == catalog.KindColumn || part.Kind == catalog.KindConstraint {
					before(g.find(part, phaseMake), mk, true)
					before(g.find(part, phaseAlter), mk, true)
					for _, def := range p.newParts.of(part) { // the child copies it when it is made
						before(g.find(def, phaseMake), mk, true)
						before(g.find(def, phaseAlter), mk, true)
					}
				}
			}
		}
	}
	if attach == nil {
		return
	}
	for _, part := range p.newParts.of(s.id) {
		for need := range p.at(part).new.Needs() {
			if part.Kind == catalog.KindColumn && need.Kind == catalog.KindType {
				before(g.find(need, phaseAlter), attach, false) // the bounds may name a label that is new
			}
		}
		if d, ok := detailOf[*catalog.Constraint](p.at(part).new); ok && d.Type == "f" {
			continue
		}
		if d, ok := detailOf[*catalog.Trigger](p.at(part).new); ok && d.Clone {
			before(attach, g.find(part, phaseMake), false) // its parent's trigger comes with the attachment
			continue
		}
		before(g.find(part, phaseMake), attach, false)
		before(g.find(part, phaseAlter), attach, false)
	}
	for _, parent := range t.Inherits {
		before(g.find(parent, phaseMake), attach, false)
		for _, part := range p.newParts.of(parent) {
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

func (p *planner) isForeignKey(id catalog.ID) bool {
	d, ok := detailOf[*catalog.Constraint](p.at(id).old)
	return ok && d.Type == "f"
}

func (p *planner) ownEdges(s *state) {
	g := &p.graph
	own := g.find(s.id, phaseOwn)
	q, ok := detailOf[*catalog.Sequence](s.new)
	if old, is := detailOf[*catalog.Sequence](s.old); is && ok && old.OwnedBy.Kind != "" && old.OwnedBy != q.OwnedBy {
		before(g.find(s.id, phaseDetach), g.find(old.OwnedBy, phaseDrop), false)
	}
	if old, is := detailOf[*catalog.Sequence](s.old); is && ok && old.OwnedBy.Kind != "" && old.OwnedBy != q.OwnedBy && !p.at(old.OwnedBy).gone {
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
		before(g.find(table, phaseRestore), own, false)
	}
	before(g.find(q.OwnedBy, phaseMake), own, false)
	if old, ok := detailOf[*catalog.Sequence](s.old); ok && old.OwnedBy.Kind != "" {
		// It must be let go before its column takes it along.
		before(g.find(s.id, phaseDetach), g.find(old.OwnedBy, phaseDrop), false)
		before(g.find(s.id, phaseDetach), own, false)
	}
}
