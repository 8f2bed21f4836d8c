package plan

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// A type that is replaced beneath columns that stay is renamed aside; its
// successor is made, the columns go over to that, and the old one is dropped.
// Rows of a composite type go over by a cast of the two, attribute by attribute
// under their names: PostgreSQL itself then applies it in arrays, in domains and
// within other rows.

// away is the name that a type has while its successor takes its place.
func away(id catalog.ID) catalog.ID {
	id.Name = shorten(id.Name, "__old")
	return id
}

// bridge is the function behind the cast from a composite type's old self.
func bridge(id catalog.ID) catalog.ID {
	id.Name = shorten(id.Name, "__from_old")
	return id
}

// bridgeSteps make the cast from a composite type's old self to its new one.
func (p *planner) bridgeSteps(s *state) []step {
	if _, row := detailOf[*catalog.Composite](s.old); !row || !s.swap || !p.stays(s) {
		return nil
	}
	if _, row := detailOf[*catalog.Composite](s.new); !row {
		return nil
	}
	fields, steps, _ := p.bridgeFields(s)
	old, now, function := away(s.id).SQL(), s.id.SQL(), bridge(s.id).SQL()
	return append(steps,
		do(s.id, "CREATE FUNCTION %s(%s) RETURNS %s LANGUAGE sql AS %s", function, old, now, catalog.Literal(
			"SELECT CASE WHEN $1 IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW("+strings.Join(fields, ", ")+")::"+now+" END")).
			why("the values of an attribute go to the attribute of its name"),
		do(s.id, "CREATE CAST (%s AS %s) WITH FUNCTION %s(%s)", old, now, function, old))
}

// bridgeFields are what the attributes get, and what is made before for that and
// dropped afterwards.
func (p *planner) bridgeFields(s *state) (fields []string, make, drop []step) {
	for i, id := range p.newParts.of(s.id) {
		d, ok := detailOf[*catalog.Attribute](p.at(id).new)
		if !ok {
			continue
		}
		field := "NULL::" + d.Type
		if old, had := detailOf[*catalog.Attribute](p.at(id).old); had {
			field = "($1)." + catalog.Quote(id.Sub)
			change, helper := helped(p.values(old.Type, d.Type), s.id, i)
			make, drop = append(make, helper.make(s.id)...), append(drop, helper.drop(s.id)...)
			if using := change.For(field); using != "" {
				field = using
			} else if old.Type != d.Type {
				field += "::" + d.Type
			}
		}
		fields = append(fields, field)
	}
	return fields, make, drop
}

// renameAway makes room for a type's successor; the columns still are of the
// old one. Where no column is, the type is dropped at once.
func (p *planner) renameAway(s *state) []step {
	if !p.stays(s) {
		return []step{say(s.id, "DROP "+reference(s.old))}
	}
	if _, ok := s.old.Detail.(*catalog.Range); ok {
		return p.rangeToText(s)
	}
	return []step{say(s.id, "ALTER "+reference(s.old)+" RENAME TO "+catalog.Quote(away(s.id).Name)).
		why("columns keep their values while the type is replaced")}
}

// rangeToText turns the columns of a range type into text and drops it: its
// constructors would keep its name if it were renamed aside.
func (p *planner) rangeToText(s *state) []step {
	var steps []step
	for _, user := range p.users.of(s.id) {
		if u := p.at(user); u.retype && !u.gone && !p.parentDoes(u, func(up *state) bool { return up.retype }) {
			table, _ := p.from.Parent(user)
			st := do(user, "ALTER TABLE %s ALTER COLUMN %s TYPE text", user.SQL(), catalog.Quote(user.Sub)).lock(accessExclusive, table).
				why("columns keep their values while the type is replaced")
			steps = append(steps, p.dangerOn(st, table, lint.Rewrite, "%s is written anew while nobody can read it", table.Path()))
		}
	}
	return append(steps, say(s.id, "DROP "+reference(s.old)))
}

// rangeBeneath is the range type that is replaced beneath a column.
func (p *planner) rangeBeneath(s *state) (catalog.ID, bool) {
	if s.old == nil || !s.retype {
		return catalog.ID{}, false
	}
	for need := range s.old.Needs() {
		t := p.at(need)
		if _, ok := detailOf[*catalog.Range](t.old); ok && t.swap {
			return need, true
		}
	}
	return catalog.ID{}, false
}

// dropSwapped removes the old self when no column is of it any more.
func (p *planner) dropSwapped(s *state) []step {
	if _, ok := s.old.Detail.(*catalog.Range); ok || !p.stays(s) {
		return nil
	}
	var steps []step
	if len(p.bridgeSteps(s)) > 0 {
		old := away(s.id).SQL()
		steps = append(steps, do(s.id, "DROP CAST (%s AS %s)", old, s.id.SQL()), do(s.id, "DROP FUNCTION %s(%s)", bridge(s.id).SQL(), old))
		_, _, drop := p.bridgeFields(s)
		steps = append(steps, drop...)
	}
	st := say(s.id, "DROP "+word(s.id.Kind)+" "+away(s.id).SQL())
	if old, ok := s.old.Detail.(*catalog.Enum); ok {
		if now, ok := detailOf[*catalog.Enum](s.new); ok {
			for _, l := range old.Labels {
				if !slices.Contains(now.Labels, l) {
					st = st.danger(lint.MayFail, "rows that hold '%s' stop the change: update them first", l)
				}
			}
		}
	}
	return append(steps, st)
}

// stays tells whether a column outlives the type, be it through another type
// that is replaced, too.
func (p *planner) stays(s *state) bool {
	for _, user := range p.users.of(s.id) {
		u := p.at(user)
		if u.retype && !u.gone || p.waits(u) {
			return true
		}
		if _, ok := u.old.Detail.(*catalog.Attribute); ok {
			parent, _ := p.from.Parent(user)
			u = p.at(parent)
		}
		if _, isRange := u.old.Detail.(*catalog.Range); u.swap && !isRange && u != s && p.stays(u) {
			return true
		}
	}
	return false
}

// waits tells whether the values of a column wait, of their old type, in the
// copy of a table that is made anew.
func (p *planner) waits(s *state) bool {
	if _, ok := detailOf[*catalog.Column](s.old); !ok || s.new == nil {
		return false
	}
	table, _ := p.from.Parent(s.id)
	return p.rebuilt(p.at(table)) && slices.Contains(p.carried(p.at(table)), s) && !p.typeGoes(s)
}
