package plan

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// Some tables can become what is wanted only by being made anew: a plain table
// becomes a partitioned one or the other way round, or a column that was the
// table's own becomes its parent's. Their rows wait in a table aside, or in the
// old table under another name.

// rebuilt tells whether a table is dropped and made again, and its rows are
// carried over.
func (p *planner) rebuilt(s *state) bool {
	if !s.gone || s.new == nil || s.id.Kind != catalog.KindTable || tableOf(s.new) == nil || len(p.carried(s)) == 0 {
		return false
	}
	return p.goes(s.id)
}

// goes tells whether all that has the rows of a table goes with it. A partition
// that stays keeps its own.
func (p *planner) goes(table catalog.ID) bool {
	for _, child := range p.oldChildren[table] {
		if tableOf(p.at(child).old).Bound == "" {
			continue // a child of an inheritance has rows of its own
		}
		if c := p.at(child); child.Kind != catalog.KindTable || c.new != nil || !p.goes(child) {
			return false
		}
	}
	return true
}

// carried are the columns whose values a table that is rebuilt keeps.
func (p *planner) carried(s *state) []*state {
	var columns []*state
	for _, id := range p.newParts.of(s.id) {
		c := p.at(id)
		if now, ok := detailOf[*catalog.Column](c.new); ok && c.old != nil && now.Generated == "" {
			columns = append(columns, c)
		}
	}
	return columns
}

// aside is the name of the table that holds the rows meanwhile.
func aside(id catalog.ID) catalog.ID {
	id.Name = shorten(id.Name, "__rows")
	return id
}

// saveRows copies the rows of a table that is about to be dropped. A value whose
// type goes, too, waits as text.
func (p *planner) saveRows(s *state) []step {
	var values []string
	for _, c := range p.carried(s) {
		values = append(values, p.saved(c))
	}
	only := ""
	if !tableOf(s.old).Partitioned() {
		only = "ONLY "
	}
	var locks []step
	for _, parent := range tableOf(s.old).Inherits {
		if p.changes(parent) { // as a query of the parent locks them
			locks = append(locks, do(s.id, "LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE", parent.SQL()).lock(accessExclusive, parent))
		}
	}
	locks = append(locks, do(s.id, "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", s.id.SQL()).lock(accessExclusive, s.id))
	save := do(s.id, "CREATE TABLE %s AS SELECT %s FROM %s%s", aside(s.id).SQL(), strings.Join(values, ", "), only, s.id.SQL()).lock(accessExclusive, s.id).
		why("the rows wait here while the table is made anew")
	return append(locks, p.dangerOn(save, s.id, lint.Scan, "the rows of %s are copied, and copied back, while nobody can read it", s.id.Path()))
}

// saved is a column's value in the table aside, which must not need what goes
// before the rows come back.
func (p *planner) saved(c *state) string {
	name := catalog.Quote(c.id.Sub)
	switch {
	case p.typeGoes(c):
		return name + "::text AS " + name
	case c.old.NeedsAny(func(id catalog.ID) bool { return id.Kind == catalog.KindCollation && p.at(id).gone }):
		return name + ` COLLATE "default" AS ` + name
	}
	return name
}

// changes tells whether a table that stays is changed, or a column of it.
func (p *planner) changes(table catalog.ID) bool {
	t := p.at(table)
	return p.settled(table) && (t.altered() || slices.ContainsFunc(p.columnsOf(table), func(c *state) bool { return c.made() || c.gone || c.altered() }))
}

// restoreRows fills the new table.
func (p *planner) restoreRows(s *state) []step {
	var names, values []string
	var helpers, after []step
	overriding := ""
	for i, c := range p.carried(s) {
		old, now := catalog.As[*catalog.Column](c.old), catalog.As[*catalog.Column](c.new)
		name := catalog.Quote(c.id.Sub)
		names = append(names, name)
		from := old.Type
		if p.typeGoes(c) {
			from = "text"
		}
		change, helper := helped(p.values(from, now.Type), s.id, i)
		helpers, after = append(helpers, helper.make(s.id)...), append(after, helper.drop(s.id)...)
		if using := change.For(name); using != "" {
			values = append(values, using)
		} else {
			values = append(values, name)
		}
		if now.Identity != "" && now.Sequence != nil {
			overriding = " OVERRIDING SYSTEM VALUE"
			after = append(after, continueIdentity(c.new, now))
		}
	}
	rows := aside(s.id)
	fill := do(s.id, "INSERT INTO %s (%s)%s SELECT %s FROM %s", s.id.SQL(), strings.Join(names, ", "), overriding, strings.Join(values, ", "), rows.SQL()).many()
	fill = p.dangerOn(fill, s.id, lint.MayFail, "fails when a row of %s does not fit the new table", s.id.Path())
	for _, c := range p.carried(s) {
		fill = p.valueHazards(fill, s.id, c)
	}
	drop := do(s.id, "DROP TABLE %s", rows.SQL()).lock(accessExclusive, s.id) // and those that its keys refer to
	if p.movesAside(s) {
		fill = p.dangerOn(fill, s.id, lint.Scan, "the rows of %s are copied while nobody can read it", s.id.Path())
		drop = p.losing(drop, s)
	}
	return append(append(append(helpers, fill), after...), drop)
}

// continueIdentity lets an identity go on after the values that are there.
func continueIdentity(o *catalog.Object, d *catalog.Column) step {
	end := "max"
	if d.Sequence.Increment < 0 {
		end = "min"
	}
	return do(o.ID, "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(%s, %s), %s(%s)) FROM %s HAVING %s(%s) IS NOT NULL",
		catalog.Literal(o.ID.SQL()), catalog.Literal(o.ID.Sub), end, catalog.Quote(o.ID.Sub), o.ID.SQL(), end, catalog.Quote(o.ID.Sub)).many()
}

// typeGoes tells whether a column's old type is gone before its values come
// back. One that is replaced is only renamed until then, unless it is a range.
func (p *planner) typeGoes(c *state) bool {
	return c.old.NeedsAny(func(id catalog.ID) bool {
		switch id.Kind {
		case catalog.KindType, catalog.KindDomain, catalog.KindExtension:
			_, isRange := detailOf[*catalog.Range](p.at(id).old)
			return p.at(id).gone && (!p.at(id).swap || isRange)
		case catalog.KindTable: // a row type
			return id.Name != c.id.Name && p.at(id).gone
		}
		return false
	})
}

// partitionsGo makes the partitions of a table that is rebuilt go with it, when
// their rows are safe.
func (p *planner) partitionsGo(s *state, home func(catalog.ID, phase, catalog.ID, phase)) {
	if !tableOf(s.old).Partitioned() {
		return
	}
	var below func(catalog.ID)
	below = func(table catalog.ID) {
		for _, child := range p.oldChildren[table] {
			home(child, phaseDrop, s.id, phaseDrop)
			below(child)
		}
	}
	below(s.id)
}

// rebuildEdges: rows come back when the table and its partitions are there, and
// before anything looks at them or reacts to them.
func (p *planner) rebuildEdges(s *state) {
	g := &p.graph
	restore := g.find(s.id, phaseRestore)
	if restore == nil {
		return
	}
	before(g.find(s.id, phaseMake), restore, false)
	for _, c := range p.carried(s) {
		for need := range c.old.Needs() {
			before(restore, g.find(need, phaseFinish), false)
		}
	}
	var partitions func(catalog.ID)
	partitions = func(table catalog.ID) {
		for _, child := range p.children[table] {
			if now := tableOf(p.at(child).new); now != nil && now.Bound != "" {
				before(g.find(child, phaseMake), restore, false)
				before(g.find(child, phaseAttach), restore, false)
				partitions(child)
			}
		}
	}
	partitions(s.id)
	for _, id := range p.to.Order {
		switch d := p.to.Objects[id].Detail.(type) {
		case *catalog.Constraint:
			if d.Type == "f" && (d.Table == s.id || d.References == s.id) {
				before(restore, g.find(id, phaseMake), false)
			}
		case *catalog.Trigger, *catalog.Rule:
			if id.Schema == s.id.Schema && id.Name == s.id.Name {
				before(restore, g.find(id, phaseMake), false)
			}
		case *catalog.View:
			if id.Kind == catalog.KindMaterializedView {
				before(restore, g.find(id, phaseMake), true)
			}
		}
	}
}

// becomesInherited tells whether a column that is the table's own, or would be
// after it left a parent, is only a parent's in the new database. PostgreSQL has
// no command for that.
func (p *planner) becomesInherited(s *state) bool {
	old, now := tableOf(s.old), tableOf(s.new)
	if old == nil || now == nil || s.id.Kind != catalog.KindTable || now.Bound != "" || len(p.oldChildren[s.id]) > 0 || len(p.children[s.id]) > 0 {
		return false
	}
	trial := *s
	trial.detach = s.differs(catalog.FieldInherits, catalog.FieldBound)
	kept := p.keptParents(&trial)
	for _, id := range p.newParts.of(s.id) {
		c := p.at(id)
		d, ok := detailOf[*catalog.Column](c.new)
		if !ok || d.Local || !d.Inherited {
			continue
		}
		was, had := detailOf[*catalog.Column](c.old)
		stays := had && !was.Local
		if !slices.ContainsFunc(kept, func(parent catalog.ID) bool {
			up := p.at(catalog.ID{Kind: catalog.KindColumn, Schema: parent.Schema, Name: parent.Name, Sub: id.Sub})
			return stays && up.old != nil && up.new != nil || !had && up.new != nil && up.old == nil
		}) {
			return true
		}
	}
	return false
}

// keptParents are the parents that a table does not leave while the plan runs:
// PostgreSQL keeps them in their order.
func (p *planner) keptParents(s *state) []catalog.ID {
	old, now := tableOf(s.old), tableOf(s.new)
	if old == nil || now == nil || s.gone {
		return nil
	}
	if !s.detach && !s.attach {
		return now.Inherits
	}
	n := 0
	for old.Bound == "" && now.Bound == "" && n < len(old.Inherits) && n < len(now.Inherits) && old.Inherits[n] == now.Inherits[n] && !p.at(old.Inherits[n]).gone {
		n++
	}
	return now.Inherits[:n]
}
