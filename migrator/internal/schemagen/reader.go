package schemagen

import (
	"fmt"
	"strings"
)

// reader is a function that reads a table, so that it depends on it by its
// types or by its body.
type reader struct {
	name        string
	table, form int
	extra       int
	traits
}

func (r *source) reader(i int) reader {
	return reader{name: name("r", i), table: r.IntN(8), form: r.IntN(6), extra: r.IntN(3), traits: r.traits()}
}

func (s *Schema) renderReader(b *strings.Builder, f reader) {
	if len(s.tables) == 0 {
		return
	}
	t := s.tables[f.table%len(s.tables)]
	signature := f.name + "()"
	switch f.form {
	case 0:
		fmt.Fprintf(b, "CREATE FUNCTION %s() RETURNS SETOF %s LANGUAGE sql STABLE ROWS %d AS 'SELECT * FROM %s';\n", f.name, t.name, 10+f.extra, t.name)
	case 1:
		fmt.Fprintf(b, "CREATE FUNCTION %s() RETURNS bigint LANGUAGE sql\nBEGIN ATOMIC\n SELECT count(*) + %d FROM %s;\n SELECT CASE WHEN true THEN max(id)::bigint END FROM %s;\nEND;\n", f.name, f.extra, t.name, t.name)
	case 2:
		signature = f.name + "(" + t.name + ")"
		fmt.Fprintf(b, "CREATE FUNCTION %s(r %s) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT r.id::text';\n", f.name, t.name)
		fmt.Fprintf(b, "CREATE VIEW %s_v AS SELECT id, %s(x) AS said FROM %s x;\n", f.name, f.name, t.name)
	case 3:
		signature = f.name + "(integer, text[])"
		fmt.Fprintf(b, "CREATE FUNCTION %s(n integer DEFAULT %d, VARIADIC rest text[] DEFAULT '{}') RETURNS TABLE(a integer, b text) LANGUAGE plpgsql AS $f$BEGIN RETURN QUERY SELECT n, 'x'; END$f$;\n", f.name, f.extra)
	case 4:
		signature = f.name + "(integer)"
		fmt.Fprintf(b, "CREATE FUNCTION %s(INOUT a integer, OUT b %s.id%%TYPE) LANGUAGE plpgsql COST %d AS $f$BEGIN b := a; END$f$;\n", f.name, t.name, 5+f.extra)
	case 5:
		fmt.Fprintf(b, "CREATE RULE \"%s\" AS ON DELETE TO %s DO ALSO (SELECT %d; SELECT 2);\n", strings.ReplaceAll(f.name, "\"", ""), t.name, f.extra)
		return
	}
	f.traits.render(b, "FUNCTION", "FUNCTION", signature, "EXECUTE")
}
