package plan

import (
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// namedNotNull is the first version in which NOT NULL is a constraint with a
// name, and one that can be validated later.
const namedNotNull = 180000

// notNullName is the name of the constraint behind a column's NOT NULL.
func notNullName(o *catalog.Object, d *catalog.Column) string {
	if d.NotNullName != "" {
		return catalog.Quote(d.NotNullName)
	}
	return catalog.Quote(catalog.NotNullDefault(o.ID.Name, o.ID.Sub))
}

// notNullWords is NOT NULL as a column's definition writes it.
func notNullWords(d *catalog.Column) string {
	if !d.NotNull || d.NotNullNotValid {
		return ""
	}
	words := " NOT NULL"
	if d.NotNullName != "" {
		words = " CONSTRAINT " + catalog.Quote(d.NotNullName) + words
	}
	if d.NotNullNoInherit {
		words += " NO INHERIT"
	}
	return words
}

// addNotNull adds the constraint to a table that is there; with notValid it is
// enforced for new rows only.
func addNotNull(o *catalog.Object, d *catalog.Column, table catalog.ID, notValid bool) step {
	words := ""
	if d.NotNullNoInherit {
		words += " NO INHERIT"
	}
	if notValid {
		words += " NOT VALID"
	}
	return do(o.ID, "ALTER TABLE %s ADD CONSTRAINT %s NOT NULL %s%s", o.ID.SQL(), notNullName(o, d), catalog.Quote(o.ID.Sub), words).lock(accessExclusive, table)
}

// addNotNullOnline adds the constraint without reading the table under a lock,
// where that is wanted.
func (p *planner) addNotNullOnline(o *catalog.Object, d *catalog.Column, table catalog.ID) []step {
	var steps []step
	switch {
	case d.NotNullNotValid:
		steps = []step{addNotNull(o, d, table, true)}
	case p.apartOK:
		steps = []step{addNotNull(o, d, table, true), p.validateNotNull(o, d, table)}
	default:
		steps = []step{p.dangerOn(addNotNull(o, d, table, false), table, lint.Scan, "%s is read under a lock to see that no %s is null", table.Path(), o.ID.Sub)}
	}
	if d.NotNullComment != "" {
		steps = append(steps, notNullComment(o, d))
	}
	return steps
}

// validateNotNull looks at the rows that were there before the constraint,
// while others go on writing.
func (p *planner) validateNotNull(o *catalog.Object, d *catalog.Column, table catalog.ID) step {
	st := do(o.ID, "ALTER TABLE %s VALIDATE CONSTRAINT %s", o.ID.SQL(), notNullName(o, d)).lock(shareUpdateExclusive, table)
	st = p.dangerOn(st, table, lint.MayFail, "fails when a %s is null", o.ID.Path())
	if p.apartOK {
		return st.alone().last().patient()
	}
	return st.many()
}

// notNullExtras are what a new column's NOT NULL cannot say in its definition.
func notNullExtras(o *catalog.Object, d *catalog.Column, table catalog.ID, inherited bool) []step {
	var steps []step
	if d.NotNullNotValid && !inherited {
		steps = append(steps, addNotNull(o, d, table, true))
	}
	if d.NotNullComment != "" {
		steps = append(steps, notNullComment(o, d))
	}
	return steps
}

func notNullComment(o *catalog.Object, d *catalog.Column) step {
	value := "NULL"
	if d.NotNullComment != "" {
		value = catalog.Literal(d.NotNullComment)
	}
	return do(o.ID, "COMMENT ON CONSTRAINT %s ON %s IS %s", notNullName(o, d), o.ID.SQL(), value)
}

// alterNotNull changes the constraint of a column that may not be null before
// and after.
func (p *planner) alterNotNull(s *state, table catalog.ID) []step {
	o, old, now := s.new, catalog.As[*catalog.Column](s.old), catalog.As[*catalog.Column](s.new)
	var steps []step
	alter := func(format string, args ...any) {
		steps = append(steps, do(o.ID, "ALTER TABLE "+o.ID.SQL()+" "+format, args...).lock(accessExclusive, table))
	}
	fromParent := func(field catalog.Field) bool {
		return p.parentDoes(s, func(up *state) bool { return up.differs(field) })
	}
	if now.NotNullNotValid && !old.NotNullNotValid && !fromParent(catalog.FieldNotNullNotValid) {
		alter("DROP CONSTRAINT %s", notNullName(s.old, old))
		steps = append(steps, addNotNull(o, now, table, true))
	} else {
		if old.NotNullName != now.NotNullName && !fromParent(catalog.FieldNotNullName) {
			alter("RENAME CONSTRAINT %s TO %s", notNullName(s.old, old), notNullName(o, now))
		}
		if old.NotNullNoInherit != now.NotNullNoInherit {
			word := "INHERIT"
			if now.NotNullNoInherit {
				word = "NO INHERIT"
			}
			alter("ALTER CONSTRAINT %s %s", notNullName(o, now), word)
		}
		if old.NotNullNotValid && !now.NotNullNotValid && !fromParent(catalog.FieldNotNullNotValid) {
			steps = append(steps, p.validateNotNull(o, now, table))
		}
	}
	if s.differs(catalog.FieldNotNullComment) {
		steps = append(steps, notNullComment(o, now))
	}
	return steps
}

// keepBelow makes NOT NULL the children's own, where they only have it from a
// parent that is about to lose it: from PostgreSQL 18 on it would go with the
// parent's. No row is read for that.
func (p *planner) keepBelow(s *state) []step {
	if p.from.Version < namedNotNull {
		return nil
	}
	var steps []step
	above, _ := p.from.Parent(s.id)
	for _, child := range p.oldChildren[above] {
		c := p.at(catalog.ID{Kind: s.id.Kind, Schema: child.Schema, Name: child.Name, Sub: s.id.Sub})
		old, ok := detailOf[*catalog.Column](c.old)
		now, stays := detailOf[*catalog.Column](c.new)
		if ok && stays && !c.gone && old.NotNull && now.NotNull && !old.NotNullLocal && old.NotNullParents > 0 {
			steps = append(steps, do(c.id, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", child.SQL(), catalog.Quote(c.id.Sub)).lock(accessExclusive, child).
				why("it would go with its parent's"))
		}
	}
	return steps
}
