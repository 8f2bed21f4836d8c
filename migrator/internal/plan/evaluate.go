package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// evaluationEdges orders statements that run functions after everything that
// those run in turn. PostgreSQL knows which function an index or a domain's
// check calls, but not what the body of that function calls: a column of an
// unchanged domain, whose unchanged check calls an unchanged function, may need
// a helper that is new.
func (p *planner) evaluationEdges() {
	byName := map[string][]catalog.ID{}
	for _, id := range p.to.Order {
		switch id.Kind {
		case catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate, catalog.KindView, catalog.KindMaterializedView:
			byName[id.Name] = append(byName[id.Name], id)
		}
	}
	if len(byName) == 0 {
		return
	}
	for _, s := range p.order {
		id, n := s.id, p.evaluator(s)
		if n == nil {
			continue
		}
		seen := map[catalog.ID]bool{id: true}
		for todo := p.runs(id, byName); len(todo) > 0; {
			next := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if seen[next] {
				continue
			}
			seen[next] = true
			before(p.graph.find(next, phaseMake), n, true)
			before(p.graph.find(next, phaseAlter), n, true)
			todo = append(todo, p.runs(next, byName)...)
		}
	}
}

// evaluator is the node of a statement that computes values, or nil.
func (p *planner) evaluator(s *state) *node {
	phase := phaseMake
	switch d := s.id.Kind; {
	case s.new == nil:
		return nil
	case d == catalog.KindColumn && s.retype:
		phase = phaseAlter
	case d == catalog.KindConstraint || d == catalog.KindDomainConstraint:
		if !s.made() {
			phase = phaseAlter // VALIDATE
		}
	case d == catalog.KindColumn, d == catalog.KindIndex, d == catalog.KindMaterializedView:
	default:
		return nil
	}
	if n := p.graph.find(s.id, phase); n != nil && n.id == s.id {
		return n
	}
	return nil // made with its table, which has no rows yet
}

// runs lists what is run when an object is: what it needs, the checks of a
// domain, and what the body of a function names.
func (p *planner) runs(id catalog.ID, byName map[string][]catalog.ID) []catalog.ID {
	o := p.to.Objects[id]
	if o == nil {
		return nil
	}
	var ids []catalog.ID
	for need := range o.Needs() {
		switch need.Kind {
		case catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate, catalog.KindOperator, catalog.KindDomain, catalog.KindDomainConstraint,
			catalog.KindType, catalog.KindView:
			ids = append(ids, need)
		}
	}
	switch d := o.Detail.(type) {
	case *catalog.Domain, *catalog.Composite:
		ids = append(ids, p.newParts.of(id)...)
	case *catalog.Column:
		for _, def := range p.newParts.of(id) { // what it calls, not when it is set
			ids = append(ids, p.runs(def, byName)...)
		}
	case *catalog.Function:
		for word := range words(d.Body) {
			ids = append(ids, byName[word]...)
		}
	}
	return ids
}
