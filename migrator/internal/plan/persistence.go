package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// persistenceEdges: a logged table must never reference an unlogged one. On the
// way to logged the referenced table goes first, on the way to unlogged last;
// keys that go, go before.
func (p *planner) persistenceEdges() {
	g := &p.graph
	for _, s := range p.order {
		id := s.id
		if q, ok := detailOf[*catalog.Sequence](s.new); ok && q.OwnedBy.Kind != "" {
			if table, ok := p.to.Parent(q.OwnedBy); ok && p.at(table).differs(catalog.FieldPersistence) {
				before(g.find(table, phaseAlter), g.find(id, phaseOwn), true) // what it does not own yet stays as it is
			}
		}
		d, ok := detailOf[*catalog.Constraint](s.old)
		if !ok || d.Type != "f" {
			continue
		}
		child, parent := p.at(d.Table), p.at(d.References)
		for _, t := range []*state{child, parent} {
			if t.differs(catalog.FieldPersistence) {
				before(g.find(id, phaseDrop), g.find(t.id, phaseAlter), true)
			}
		}
		if !child.differs(catalog.FieldPersistence) || !parent.differs(catalog.FieldPersistence) || child == parent {
			continue
		}
		first, last := parent, child
		if now := tableOf(child.new); now != nil && now.Persistence == "u" {
			first, last = child, parent
		}
		before(g.find(first.id, phaseAlter), g.find(last.id, phaseAlter), true)
	}
}

// loggedSequences is the first version in which a table that becomes unlogged or
// logged takes the sequences along that its columns own.
const loggedSequences = 150000

// sequencesStay puts back the sequences that a table took along though they are to
// be otherwise.
func (p *planner) sequencesStay(table catalog.ID, persistence string) []step {
	if p.to.Version < loggedSequences {
		return nil
	}
	var steps []step
	for _, s := range p.order {
		old, had := detailOf[*catalog.Sequence](s.old)
		now, has := detailOf[*catalog.Sequence](s.new)
		if !had || !has || s.gone || old.OwnedBy.Kind == "" || now.Persistence == persistence {
			continue
		}
		if owner, ok := p.from.Parent(old.OwnedBy); ok && owner == table {
			steps = append(steps, say(s.id, "ALTER SEQUENCE "+s.id.SQL()+" "+setPersistence(now.Persistence)))
		}
	}
	return steps
}

func setPersistence(persistence string) string {
	if persistence == "u" {
		return "SET UNLOGGED"
	}
	return "SET LOGGED"
}
