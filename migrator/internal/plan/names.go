package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

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
	for _, s := range p.order {
		if id := s.id; s.gone {
			for _, space := range spaces(id, s.old) {
				k := place{space, id.Schema, takenName(id)}
				freed[k] = append(freed[k], id)
			}
		}
	}
	for _, s := range p.order {
		p.identityNames(s)
		if !s.made() {
			continue
		}
		id := s.id
		for _, space := range spaces(id, s.new) {
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
		if d := catalog.As[*catalog.Constraint](o); d.Type == "p" || d.Type == "u" || d.Type == "x" {
			return []string{"relation", "constraint of " + id.Name}
		}
		return []string{"constraint of " + id.Name}
	case catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate:
		return []string{"function"}
	}
	return nil
}
