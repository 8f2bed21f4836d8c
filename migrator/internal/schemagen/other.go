package schemagen

import (
	"fmt"
	"slices"
	"strings"
)

// other is what a schema has one of, in words. choice is its form.
type other struct {
	name   string
	choice int
	traits
}

func (o other) key() string { return o.name }

// otherKinds come in this order.
var otherKinds = []string{"collation", "extension", "publication", "default privilege", "event trigger", "foreign", "aggregate", "search"}

func (r *source) other(i int) other {
	return other{name: otherKinds[i], choice: r.IntN(3), traits: r.traits()}
}

// has finds one of the others.
func (s *Schema) has(name string) (other, bool) {
	i := slices.IndexFunc(s.others, func(o other) bool { return o.name == name })
	if i < 0 {
		return other{}, false
	}
	return s.others[i], true
}

// citext is the name of the extension's type, where there is one.
func (s *Schema) citext() (string, bool) {
	o, ok := s.has("extension")
	return []string{"public.citext", "", "app.citext"}[o.choice], ok && o.choice != 1
}

// renderFirst writes what tables may use.
func (s *Schema) renderFirst(b *strings.Builder, o other) {
	switch o.name {
	case "collation":
		fmt.Fprintf(b, "CREATE COLLATION app.sorted (%s);\n", []string{"provider = icu, locale = 'de'", "provider = icu, locale = 'en', deterministic = false", "provider = libc, locale = 'C'"}[o.choice])
		o.grant = 0
		o.traits.render(b, "COLLATION", "", "app.sorted", "")
	case "extension":
		b.WriteString([]string{"CREATE EXTENSION citext;\n", "CREATE EXTENSION hstore SCHEMA app;\n", "CREATE EXTENSION citext SCHEMA app;\n"}[o.choice])
	case "aggregate":
		fmt.Fprintf(b, "CREATE AGGREGATE app.gather(%s);\n", []string{
			"integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0'", "integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '7', PARALLEL = SAFE",
			"text) (SFUNC = textcat, STYPE = text"}[o.choice])
		o.traits.render(b, "AGGREGATE", "FUNCTION", "app.gather("+[]string{"integer", "integer", "text"}[o.choice]+")", "EXECUTE")
	case "search":
		fmt.Fprintf(b, "CREATE TEXT SEARCH CONFIGURATION app.words (COPY = pg_catalog.%s);\n", []string{"simple", "english", "german"}[o.choice])
		o.grant = 0
		o.traits.render(b, "TEXT SEARCH CONFIGURATION", "", "app.words", "")
	}
}

// renderLast writes what needs tables, or nothing.
func (s *Schema) renderLast(b *strings.Builder, o other) {
	switch o.name {
	case "publication":
		s.renderPublication(b, o)
	case "default privilege":
		b.WriteString([]string{
			"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_reader;\n",
			"ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO app_writer;\n",
			"ALTER DEFAULT PRIVILEGES FOR ROLE app_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n",
		}[o.choice])
	case "event trigger":
		b.WriteString("CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';\n")
		fmt.Fprintf(b, "CREATE EVENT TRIGGER watch ON %s EXECUTE FUNCTION app.watch();\n", []string{"ddl_command_start", "ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')", "sql_drop"}[o.choice])
		if o.comment > 1 {
			fmt.Fprintf(b, "ALTER EVENT TRIGGER watch %s;\n", []string{"", "", "DISABLE", "ENABLE ALWAYS"}[o.comment])
		}
	case "foreign":
		renderForeign(b, o)
	}
}

func (s *Schema) renderPublication(b *strings.Builder, o other) {
	var names []string
	for i, t := range s.tables {
		if t.logless() || i%3 == o.choice {
			continue
		}
		part := t.name
		switch {
		case t.partition > 0: // its columns and rows are those of the partitions
		case o.comment == 1:
			part += " (id)"
		case o.comment == 2:
			part += " WHERE (id > 10)"
		}
		names = append(names, part)
	}
	what := "FOR TABLES IN SCHEMA app"
	if len(names) > 0 && o.grant != 1 {
		what = "FOR TABLE " + strings.Join(names, ", ")
	}
	fmt.Fprintf(b, "CREATE PUBLICATION pub %s WITH (publish = '%s');\n", what, []string{"insert", "insert, truncate", "delete, insert"}[o.choice])
	o.traits.comment, o.traits.grant = o.traits.comment/2, 0
	o.traits.render(b, "PUBLICATION", "", "pub", "")
}

func renderForeign(b *strings.Builder, o other) {
	b.WriteString("CREATE FOREIGN DATA WRAPPER far OPTIONS (debug 'x');\n")
	fmt.Fprintf(b, "CREATE SERVER away TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER far OPTIONS (host 'h%d', \"Odd\" 'it''s');\n", o.choice)
	fmt.Fprintf(b, "CREATE USER MAPPING FOR app_reader SERVER away OPTIONS (user 'u%d', password 'p');\n", o.choice)
	fmt.Fprintf(b, "CREATE FOREIGN TABLE app.remote (id integer NOT NULL, a %s OPTIONS (column_name 'A'), b numeric DEFAULT 1) SERVER away OPTIONS (table_name 't%d');\n",
		[]string{"text", "text", "character varying(9)"}[o.choice], o.choice%2)
	o.traits.render(b, "FOREIGN TABLE", "TABLE", "app.remote", "SELECT")
}
