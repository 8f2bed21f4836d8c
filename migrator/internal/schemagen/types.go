package schemagen

import (
	"fmt"
	"strings"
)

// builtin is a type that PostgreSQL has, with values for defaults.
type builtin struct {
	name     string
	defaults []string
	sortable bool // has a btree operator class
}

var builtins = []builtin{
	{"integer", []string{"1", "-2", "(2 + 3)"}, true},
	{"bigint", []string{"10", "'-7'::integer"}, true},
	{"smallint", []string{"3"}, true},
	{"text", []string{"'a'", "'it''s'", "CURRENT_USER"}, true},
	{"character varying(20)", []string{"'v'"}, true},
	{"character(4)", []string{"'c'"}, true},
	{"numeric(10,2)", []string{"1.50"}, true},
	{"double precision", []string{"random()"}, true},
	{"boolean", []string{"true", "false"}, true},
	{"timestamp with time zone", []string{"now()", "'2024-01-01 00:00:00+00'"}, true},
	{"timestamp(3) without time zone", []string{"LOCALTIMESTAMP"}, true},
	{"date", []string{"CURRENT_DATE", "'2020-02-02'"}, true},
	{"interval", []string{"'1 day'"}, true},
	{"uuid", []string{"gen_random_uuid()"}, true},
	{"jsonb", []string{"'{}'", `'{"a": [1, 2]}'`}, true},
	{"bytea", []string{`'\x00ff'`}, true},
	{"inet", []string{"'10.0.0.1'"}, true},
	{"text[]", []string{"'{}'", "ARRAY['a', 'b']"}, true},
	{"integer[]", []string{"'{1,2}'"}, true},
	{"int4range", []string{"'[1,5)'"}, true},
	{"json", []string{"'{}'"}, false},
	{"point", []string{"'(1,2)'"}, false},
	{"tsvector", nil, true},
	{"xml", nil, false},
}

// namedType is a type of our own.
type namedType struct {
	name   string
	kind   string // enum, domain, composite, range
	labels []string
	base   int // of a domain or range, in builtins
	checks int
	attrs  []int // of a composite
	deflt  int
	over   string // another of our types, for a domain or an attribute
	strict bool   // a domain that is not null
	traits
}

func (r *source) namedType(i int) namedType {
	t := namedType{name: name("e", i), kind: choose(r, []string{"enum", "enum", "domain", "domain", "composite", "range"}), traits: r.traits()}
	t.base, t.checks, t.deflt = r.IntN(14), r.IntN(3), r.pick(3)
	for range 1 + r.IntN(4) {
		t.attrs = append(t.attrs, r.IntN(14))
	}
	t.labels = r.labels()
	t.over, t.strict = name("e", r.IntN(6)), r.chance(15)
	return t
}

// beneath is the earlier type that t stands on: domains and composites only.
func (s *Schema) beneath(t namedType) (namedType, bool) {
	for _, o := range s.types {
		if o.name == t.name {
			break
		}
		if o.name == t.over && (t.kind == "domain" || t.kind == "composite") && o.kind != "range" {
			return o, true
		}
	}
	return namedType{}, false
}

func (r *source) labels() []string {
	all := []string{"a", "b", "it's", `q"d`, "É", "two words"}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+r.IntN(len(all))]
}

func (r *source) varyType(t namedType) namedType {
	n := r.namedType(0)
	switch r.IntN(4) {
	case 0:
		t.labels = n.labels
	case 1:
		t.labels = append(append([]string{}, t.labels...), fmt.Sprint("new", r.IntN(9)))
	case 2:
		t.base, t.checks, t.deflt, t.strict, t.over = n.base, n.checks, n.deflt, n.strict, n.over
	case 3:
		t.attrs = append(append([]int{}, t.attrs...), r.IntN(14))
		t.traits = n.traits
	}
	return t
}

// typeRef is a column's type: one of the builtins, or one of our own.
type typeRef struct {
	builtin int
	own     string // or ""
	array   bool
}

func (r *source) typeRef() typeRef {
	t := typeRef{builtin: r.IntN(len(builtins))}
	switch {
	case r.chance(25):
		t.own, t.array = name("e", r.IntN(6)), r.chance(25)
	case r.chance(4):
		t.own = "citext"
	}
	return t
}

// resolve gives the SQL of a type, its defaults, and whether it can be sorted.
func (s *Schema) resolve(ref typeRef) (sql string, defaults []string, sortable bool) {
	for _, t := range s.types {
		if t.name != ref.own {
			continue
		}
		sql, sortable = t.name, true
		switch t.kind {
		case "enum":
			for _, l := range t.labels {
				defaults = append(defaults, quote(l))
			}
		case "domain":
			defaults = builtins[t.base].defaults
			sortable = builtins[t.base].sortable
			if _, ok := s.beneath(t); ok {
				defaults, sortable = nil, true
			}
		}
		if ref.array {
			return sql + "[]", []string{"'{}'"}, sortable
		}
		return sql, defaults, sortable
	}
	if name, ok := s.citext(); ok && ref.own == "citext" {
		return name, []string{"'Abc'"}, true
	}
	b := builtins[ref.builtin]
	return b.name, b.defaults, b.sortable
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (s *Schema) renderType(b *strings.Builder, t namedType) {
	kind := "TYPE"
	switch t.kind {
	case "enum":
		var labels []string
		for _, l := range t.labels {
			labels = append(labels, quote(l))
		}
		fmt.Fprintf(b, "CREATE TYPE %s AS ENUM (%s);\n", t.name, strings.Join(labels, ", "))
	case "domain":
		kind = "DOMAIN"
		if o, ok := s.beneath(t); ok {
			fmt.Fprintf(b, "CREATE DOMAIN %s AS %s", t.name, o.name)
		} else {
			fmt.Fprintf(b, "CREATE DOMAIN %s AS %s", t.name, builtins[t.base].name)
			if d := builtins[t.base].defaults; t.deflt > 0 && len(d) > 0 {
				fmt.Fprintf(b, " DEFAULT %s", d[t.deflt%len(d)])
			}
		}
		if t.strict {
			b.WriteString(" NOT NULL")
		}
		for i := range t.checks {
			fmt.Fprintf(b, " CONSTRAINT c%d CHECK (length((VALUE)::text) < %d)", i, 100+i+t.deflt)
		}
		b.WriteString(";\n")
	case "composite":
		var attrs []string
		for i, a := range t.attrs {
			attrs = append(attrs, fmt.Sprintf("a%d %s", i, builtins[a].name))
		}
		if o, ok := s.beneath(t); ok {
			attrs = append(attrs, "inner_one "+o.name, "inner_many "+o.name+"[]")
		}
		fmt.Fprintf(b, "CREATE TYPE %s AS (%s);\n", t.name, strings.Join(attrs, ", "))
	case "range":
		fmt.Fprintf(b, "CREATE TYPE %s AS RANGE (subtype = %s);\n", t.name, builtins[t.base].name)
	}
	t.traits.render(b, kind, kind, t.name, "USAGE")
}
