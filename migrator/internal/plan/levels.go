package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// levels are the children of a computed column's table that have children themselves,
// where it becomes a plain one: PostgreSQL does DROP EXPRESSION of a table and of its
// children, and refuses it where those have children of their own.
func (p *planner) levels(s *state) []catalog.ID {
	if s.id.Kind != catalog.KindColumn || !becomesPlain(s) {
		return nil
	}
	var found []catalog.ID
	above, _ := p.from.Parent(s.id)
	for _, child := range p.oldChildren[above] {
		c := p.at(catalog.ID{Kind: catalog.KindColumn, Schema: child.Schema, Name: child.Name, Sub: s.id.Sub})
		if len(p.oldChildren[child]) > 0 && becomesPlain(c) {
			found = append(found, child)
		}
	}
	return found
}

// inLevels tells whether such children inherit, of this column's table or of one that it
// inherits from: their columns, which are their parent's, would be their own after they
// had left it. A partition can leave, and come back.
func (p *planner) inLevels(s *state) bool {
	if s.id.Kind != catalog.KindColumn || !becomesPlain(s) {
		return false
	}
	own, _ := p.from.Parent(s.id)
	t := tableOf(p.at(own).old)
	if t == nil || t.Bound != "" {
		return false
	}
	return slices.ContainsFunc(p.levels(s), func(child catalog.ID) bool { return tableOf(p.at(child).old).Bound == "" }) ||
		slices.ContainsFunc(t.Inherits, func(parent catalog.ID) bool {
			return p.inLevels(p.at(catalog.ID{Kind: catalog.KindColumn, Schema: parent.Schema, Name: parent.Name, Sub: s.id.Sub}))
		})
}

// levelsLeave lets partitions with partitions leave, so that each level does it by itself.
func (p *planner) levelsLeave(s *state) {
	if s.gone {
		return
	}
	for _, child := range p.levels(s) {
		if c := p.at(child); c.new != nil && !c.gone {
			c.detach, c.attach = true, c.attach || len(tableOf(c.new).Inherits) > 0
		}
	}
}
