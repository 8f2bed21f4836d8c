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
	have := slices.Clone(catalog.As[*catalog.Enum](s.old).Labels)
	want := catalog.As[*catalog.Enum](s.new).Labels
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
	for _, id := range p.newParts.of(o.ID) {
		if d, ok := p.to.Objects[id].Detail.(*catalog.Attribute); ok {
			items = append(items, attribute(p.to.Objects[id], d))
			after = append(after, p.extras(p.to.Objects[id])...)
		}
	}
	steps := []step{say(o.ID, "CREATE TYPE "+o.ID.SQL()+" AS ("+strings.Join(items, ", ")+")")}
	steps = append(append(steps, p.extras(o)...), after...)
	return append(steps, p.bridgeSteps(p.at(o.ID))...)
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
	for _, id := range p.newParts.of(o.ID) {
		if _, inline := p.graph.homes[nodeKey{id, phaseMake}]; !inline {
			continue
		}
		part := p.to.Objects[id]
		b.WriteString(" CONSTRAINT " + catalog.Quote(id.Sub) + " " + faithful(catalog.As[*catalog.Constraint](part).Definition))
		after = append(after, p.extras(part)...)
	}
	return append([]step{say(o.ID, b.String())}, after...)
}

// onDomain adds what a check of a domain's values does to the tables that have
// them.
func (p *planner) onDomain(st step, domain catalog.ID) step {
	for _, user := range p.users.of(domain) {
		if table, ok := p.from.Parent(user); ok && table.Kind == catalog.KindTable {
			return p.dangerOn(st.lock(share, table), table, lint.Scan, "the tables that use %s are read while writes wait", domain.Path())
		}
	}
	return st
}

func (p *planner) alterDomain(s *state) []step {
	d := catalog.As[*catalog.Domain](s.new)
	alter := func(format string, args ...any) step {
		return say(s.id, "ALTER DOMAIN "+s.id.SQL()+" "+fmt.Sprintf(format, args...))
	}
	var steps []step
	if s.differs(catalog.FieldDefault) {
		if d.Default == "" {
			steps = append(steps, alter("DROP DEFAULT"))
		} else {
			steps = append(steps, alter("SET DEFAULT %s", d.Default))
		}
	}
	if s.differs(catalog.FieldNotNull) {
		if d.NotNull {
			steps = append(steps, p.onDomain(alter("SET NOT NULL").danger(lint.MayFail, "fails when a column of %s has a null", s.id.Path()), s.id))
		} else {
			steps = append(steps, alter("DROP NOT NULL"))
		}
	}
	return steps
}
