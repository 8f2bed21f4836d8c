package schemagen

import (
	"fmt"
	"slices"
	"strings"
)

// SQL is the schema as a script that loads in an empty database, with the roles
// app_owner, app_reader and app_writer there.
func (s *Schema) SQL() string {
	var b strings.Builder
	b.WriteString("CREATE SCHEMA app;\nCREATE SCHEMA \"Odd.Name\";\n")
	b.WriteString("CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n")
	for _, o := range s.others {
		s.renderFirst(&b, o)
	}
	for _, t := range s.types {
		s.renderType(&b, t)
	}
	for _, f := range s.functions {
		s.renderFunction(&b, f)
	}
	var sources []relation
	for _, t := range s.tables {
		sources = append(sources, s.renderTable(&b, t))
	}
	for _, t := range s.tables {
		s.renderLinks(&b, t)
	}
	for _, q := range s.sequences {
		s.renderSequence(&b, q)
	}
	for _, f := range s.readers {
		s.renderReader(&b, f)
	}
	for _, f := range s.features {
		s.renderFeature(&b, f)
	}
	for _, v := range s.views {
		sources = append(sources, s.renderView(&b, v, sources))
	}
	for _, o := range s.others {
		s.renderLast(&b, o)
	}
	return b.String()
}

// render writes the comment, owner and grants of an object.
func (t traits) render(b *strings.Builder, kind, grantKind, name, privilege string) {
	if t.comment > 0 {
		fmt.Fprintf(b, "COMMENT ON %s %s IS %s;\n", kind, name, quote(fmt.Sprintf("it's comment %d", t.comment)))
	}
	if t.owner == 1 {
		fmt.Fprintf(b, "ALTER %s %s OWNER TO app_owner;\n", kind, name)
	}
	switch t.grant {
	case 1:
		fmt.Fprintf(b, "GRANT %s ON %s %s TO app_reader;\n", privilege, grantKind, name)
	case 2:
		fmt.Fprintf(b, "GRANT %s ON %s %s TO app_writer WITH GRANT OPTION;\n", privilege, grantKind, name)
	case 3:
		fmt.Fprintf(b, "REVOKE ALL ON %s %s FROM PUBLIC;\n", grantKind, name)
	case 4:
		fmt.Fprintf(b, "GRANT ALL ON %s %s TO app_reader, app_writer;\n", grantKind, name)
	case 5:
		fmt.Fprintf(b, "GRANT %s ON %s %s TO PUBLIC;\n", privilege, grantKind, name)
	}
}

func (s *Schema) renderSequence(b *strings.Builder, q sequence) {
	typ := "integer"
	if q.big {
		typ = "bigint"
	}
	fmt.Fprintf(b, "CREATE SEQUENCE %s AS %s INCREMENT %d START %d", q.name, typ, q.increment, q.start)
	b.WriteString([]string{"", " MINVALUE -5", " MAXVALUE 1000 CACHE 7", " NO MAXVALUE CACHE 3"}[q.limits])
	if q.cycle {
		b.WriteString(" CYCLE")
	}
	b.WriteString(";\n")
	owner := q.traits
	if i := slices.IndexFunc(s.tables, func(t table) bool {
		return strings.Split(t.name, ".")[0] == strings.Split(q.name, ".")[0] && t.owner != 1
	}); q.ownedBy && i >= 0 {
		owner.owner = 0 // follows the table's
		fmt.Fprintf(b, "ALTER SEQUENCE %s OWNED BY %s.id;\n", q.name, s.tables[i].name)
	}
	owner.render(b, "SEQUENCE", "SEQUENCE", q.name, "USAGE")
}
