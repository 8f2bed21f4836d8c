package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// A table of a composite type (CREATE TABLE … OF) follows the type only by
// ALTER TYPE … CASCADE, which changes every table of the type at once and in a
// way that a plan of single columns does not see. So such a table leaves the
// type while that changes, changes by itself, and joins the type again.

// typed marks the tables that leave and join their type.
func (p *planner) typed(s *state) {
	old, now := tableOf(s.old), tableOf(s.new)
	if old == nil || now == nil || s.gone {
		return
	}
	if s.differs(catalog.FieldOfType) || p.typeChanges(old.OfType, s.old) || p.typeChanges(now.OfType, s.new) {
		s.detach, s.attach = s.detach || old.OfType != "", s.attach || now.OfType != ""
	}
}

// typeOf is the composite type that a table is of.
func typeOf(o *catalog.Object) (catalog.ID, bool) {
	t := tableOf(o)
	if t == nil || t.OfType == "" {
		return catalog.ID{}, false
	}
	for id := range o.Needs() {
		if id.Kind == catalog.KindType && id.SQL() == t.OfType {
			return id, true
		}
	}
	return catalog.ID{}, false // an extension's
}

// typeChanges tells whether the type of a table is replaced, or its attributes change.
func (p *planner) typeChanges(of string, table *catalog.Object) bool {
	id, ok := typeOf(table)
	return ok && of != "" && (p.at(id).gone || slices.ContainsFunc(p.attributes(id), func(a *state) bool {
		return a.gone || a.made() || a.differs(catalog.FieldType, catalog.FieldCollation)
	}))
}

// attributes are a type's, old and new.
func (p *planner) attributes(of catalog.ID) []*state {
	var all []*state
	for _, part := range append(slices.Clone(p.oldParts.of(of)), p.newParts.of(of)...) {
		if part.Kind == catalog.KindAttribute && !slices.Contains(all, p.at(part)) {
			all = append(all, p.at(part))
		}
	}
	return all
}

// typedEdges: a typed table has left before anything of its type or of itself
// changes, and joins when all of that is done.
func (p *planner) typedEdges(s *state, detach, attach *node) {
	g := &p.graph
	phases := [...]phase{phaseDrop, phaseAlter, phaseMake}
	if of, ok := typeOf(s.old); ok {
		for _, a := range p.attributes(of) {
			for _, ph := range phases {
				before(detach, g.find(a.id, ph), false)
				before(g.find(s.id, phaseDrop), g.find(a.id, ph), false)
			}
		}
		for _, part := range p.newParts.of(s.id) {
			before(detach, g.find(part, phaseMake), false)
		}
	}
	if of, ok := typeOf(s.new); ok {
		for _, a := range p.attributes(of) {
			for _, ph := range phases {
				before(g.find(a.id, ph), attach, false)
				before(g.find(a.id, ph), g.find(s.id, phaseMake), false)
			}
		}
		for _, part := range p.oldParts.of(s.id) {
			before(g.find(part, phaseDrop), attach, false)
		}
	}
}
