package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

func makeEnum(o *catalog.Object, d *catalog.Enum) []step {
	labels := make([]string, len(d.Labels))
	for i, l := range d.Labels {
		labels[i] = catalog.Literal(l)
	}
	return []step{say(o.ID, "CREATE TYPE "+o.ID.SQL()+" AS ENUM ("+strings.Join(labels, ", ")+")")}
}

// alterEnum adds labels at their places. A label cannot be used in the
// transaction that adds it, so each addition runs on its own.
func alterEnum(s *state) []step {
	have := slices.Clone(s.old.Detail.(*catalog.Enum).Labels)
	want := s.new.Detail.(*catalog.Enum).Labels
	var steps []step
	for i, label := range want {
		if slices.Contains(have, label) {
			continue
		}
		place, at := "", len(have)
		switch {
		case i > 0:
			at = slices.Index(have, want[i-1]) + 1
			if at < len(have) {
				place = " AFTER " + catalog.Literal(want[i-1])
			}
		case len(have) > 0:
			at = 0
			place = " BEFORE " + catalog.Literal(have[0])
		}
		have = slices.Insert(have, at, label)
		steps = append(steps, say(s.id, "ALTER TYPE "+s.id.SQL()+" ADD VALUE "+catalog.Literal(label)+place).alone())
	}
	return steps
}

func makeRange(o *catalog.Object, d *catalog.Range) []step {
	options := []string{"SUBTYPE = " + d.Subtype}
	add := func(name, value string) {
		if value != "" {
			options = append(options, name+" = "+value)
		}
	}
	add("SUBTYPE_OPCLASS", d.Opclass)
	add("COLLATION", d.Collation)
	if d.Canonical != "-" {
		add("CANONICAL", d.Canonical)
	}
	if d.Diff != "-" {
		add("SUBTYPE_DIFF", d.Diff)
	}
	if d.Multirange != "" {
		add("MULTIRANGE_TYPE_NAME", catalog.Quote(o.ID.Schema)+"."+catalog.Quote(d.Multirange))
	}
	return []step{say(o.ID, "CREATE TYPE "+o.ID.SQL()+" AS RANGE ("+strings.Join(options, ", ")+")")}
}

func attributeType(d *catalog.Attribute) string {
	if d.Collation != "" {
		return d.Type + " COLLATE " + d.Collation
	}
	return d.Type
}

func attribute(o *catalog.Object, d *catalog.Attribute) string {
	return catalog.Quote(o.ID.Sub) + " " + attributeType(d)
}

func (p *planner) makeComposite(o *catalog.Object) []step {
	var items []string
	var after []step
	for _, id := range p.newParts[o.ID] {
		if d, ok := p.to.Objects[id].Detail.(*catalog.Attribute); ok {
			items = append(items, attribute(p.to.Objects[id], d))
			after = append(after, p.extras(p.to.Objects[id])...)
		}
	}
	steps := []step{say(o.ID, "CREATE TYPE "+o.ID.SQL()+" AS ("+strings.Join(items, ", ")+")")}
	return append(append(steps, p.extras(o)...), after...)
}

func (p *planner) makeDomain(o *catalog.Object, d *catalog.Domain) []step {
	var b strings.Builder
	b.WriteString("CREATE DOMAIN " + o.ID.SQL() + " AS " + d.Type)
	if d.Collation != "" {
		b.WriteString(" COLLATE " + d.Collation)
	}
	if d.Default != "" {
		b.WriteString(" DEFAULT " + d.Default)
	}
	if d.NotNull {
		b.WriteString(" NOT NULL")
	}
	var after []step
	for _, id := range p.newParts[o.ID] {
		if _, inline := p.graph.homes[nodeKey{id, phaseMake}]; !inline {
			continue
		}
		part := p.to.Objects[id]
		b.WriteString(" CONSTRAINT " + catalog.Quote(id.Sub) + " " + faithful(part.Detail.(*catalog.Constraint).Definition))
		after = append(after, p.extras(part)...)
	}
	return append([]step{say(o.ID, b.String())}, after...)
}

// onDomain adds what a check of a domain's values does to the tables that have
// them.
func (p *planner) onDomain(st step, domain catalog.ID) step {
	for _, user := range p.users[domain] {
		if table, ok := p.from.Parent(user); ok && table.Kind == catalog.KindTable {
			return p.dangerOn(st.lock(share, table), table, lint.Scan, "the tables that use %s are read while writes wait", domain.Path())
		}
	}
	return st
}

func (p *planner) alterDomain(s *state) []step {
	d := s.new.Detail.(*catalog.Domain)
	alter := func(format string, args ...any) step {
		return say(s.id, "ALTER DOMAIN "+s.id.SQL()+" "+fmt.Sprintf(format, args...))
	}
	var steps []step
	if s.differs("default") {
		if d.Default == "" {
			steps = append(steps, alter("DROP DEFAULT"))
		} else {
			steps = append(steps, alter("SET DEFAULT %s", d.Default))
		}
	}
	if s.differs("not null") {
		if d.NotNull {
			steps = append(steps, p.onDomain(alter("SET NOT NULL").danger(lint.MayFail, "fails when a column of %s has a null", s.id.Path()), s.id))
		} else {
			steps = append(steps, alter("DROP NOT NULL"))
		}
	}
	return steps
}

// away is the name that a type has while its successor takes its place.
func away(id catalog.ID) catalog.ID {
	id.Name = shorten(id.Name, "__old")
	return id
}

// renameAway makes room for a type's successor; the columns still are of the
// old one. Where no column is, the type is dropped at once.
func (p *planner) renameAway(s *state) []step {
	if !p.stays(s) {
		return []step{say(s.id, "DROP "+reference(s.old))}
	}
	if _, ok := s.old.Detail.(*catalog.Range); ok {
		return p.throughText(s)
	}
	return []step{say(s.id, "ALTER "+reference(s.old)+" RENAME TO "+catalog.Quote(away(s.id).Name)).
		why("columns keep their values while the type is replaced")}
}

// throughText turns the columns of a range type into text and drops it: its
// constructors would keep its name if it were renamed aside.
func (p *planner) throughText(s *state) []step {
	var steps []step
	for _, user := range p.users[s.id] {
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
	for _, need := range s.old.Needs {
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
	st := say(s.id, "DROP "+word(s.id.Kind)+" "+away(s.id).SQL())
	if old, ok := s.old.Detail.(*catalog.Enum); ok {
		if now, ok := s.new.Detail.(*catalog.Enum); ok {
			for _, l := range old.Labels {
				if !slices.Contains(now.Labels, l) {
					st = st.danger(lint.MayFail, "rows that hold '%s' stop the change: update them first", l)
				}
			}
		}
	}
	return []step{st}
}

// stays tells whether a column outlives the type, be it through another type
// that is replaced, too.
func (p *planner) stays(s *state) bool {
	for _, user := range p.users[s.id] {
		u := p.at(user)
		if u.retype && !u.gone {
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
