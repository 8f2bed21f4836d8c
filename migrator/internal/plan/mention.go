package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// mentionEdges orders functions after what their bodies name. PostgreSQL does
// not look into the body of a function in a string, and need not to create it;
// but a materialized view, an index or a check that is made in the same plan
// runs the function, and then everything has to be there.
func (p *planner) mentionEdges() {
	named := map[string][]catalog.ID{}
	for _, s := range p.order {
		id := s.id
		if s.made() || s.altered() {
			switch id.Kind {
			case catalog.KindTable, catalog.KindForeignTable, catalog.KindView, catalog.KindMaterializedView, catalog.KindSequence,
				catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate, catalog.KindType, catalog.KindDomain:
				named[id.Name] = append(named[id.Name], id)
			case catalog.KindColumn:
				if !p.at(catalog.ID{Kind: catalog.KindTable, Schema: id.Schema, Name: id.Name}).made() {
					named[id.Sub] = append(named[id.Sub], id)
				}
			}
		}
	}
	g := &p.graph
	for _, s := range p.order {
		id := s.id
		d, ok := detailOf[*catalog.Function](s.new)
		if !ok || d.Body == "" {
			continue
		}
		mine := g.find(id, phaseMake)
		if mine == nil {
			mine = g.find(id, phaseAlter)
		}
		if mine == nil {
			continue
		}
		for word := range words(d.Body) {
			for _, other := range named[word] {
				if other == id {
					continue
				}
				before(g.find(other, phaseMake), mine, true)
				before(g.find(other, phaseAlter), mine, true)
			}
		}
	}
}

// words are the identifiers of a body, roughly: also those in comments and
// strings, which costs an edge that is only a preference.
func words(body string) map[string]bool {
	set := map[string]bool{}
	start := -1
	for i := 0; i <= len(body); i++ {
		letter := i < len(body) && (body[i] == '_' || body[i] >= '0' && body[i] <= '9' || body[i] >= 'a' && body[i] <= 'z' ||
			body[i] >= 'A' && body[i] <= 'Z' || body[i] >= 0x80)
		switch {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			set[body[start:i]] = true
			start = -1
		}
	}
	return set
}
