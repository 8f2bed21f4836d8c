package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// persistenceEdges: a logged table must never reference an unlogged one. On the
// way to logged the referenced table goes first, on the way to unlogged last;
// keys that go, go before.
func (p *planner) persistenceEdges() {
	g := &p.graph
	for _, s := range p.order {
		id := s.id
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
