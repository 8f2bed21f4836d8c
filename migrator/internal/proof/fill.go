package proof

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// wanted are the checks and foreign keys that the wanted schema adds to tables of
// the present one. Rows that are made up should satisfy them, too: they hold
// while tables are filled, where they can be made.
func wanted(from, to *catalog.Catalog) []*catalog.Object {
	var all []*catalog.Object
	for _, id := range to.Order {
		d, ok := to.Objects[id].Detail.(*catalog.Constraint)
		if !ok || id.Kind != catalog.KindConstraint || d.Type != "c" && d.Type != "f" || d.Inherited {
			continue
		}
		table := catalog.ID{Kind: catalog.KindTable, Schema: id.Schema, Name: id.Name}
		old, there := from.Objects[id]
		if from.Objects[table] == nil || there && catalog.As[*catalog.Constraint](old).Definition == d.Definition {
			continue
		}
		all = append(all, to.Objects[id])
	}
	return all
}

// withWanted holds the wanted constraints while do fills the tables.
func withWanted(ctx context.Context, run *pgdb.Runner, constraints []*catalog.Object, do func() error) error {
	var drop []string
	for i, o := range constraints {
		name := fmt.Sprintf("migrator_wanted_%d", i)
		d := catalog.As[*catalog.Constraint](o)
		alter := "ALTER TABLE " + o.ID.SQL() + " "
		if _, err := run.ExecContext(ctx, alter+"ADD CONSTRAINT "+name+" "+strings.TrimSuffix(d.Definition, " NOT VALID")); err == nil {
			drop = append(drop, alter+"DROP CONSTRAINT "+name)
		} else if pgdb.AsError(err) == nil {
			return err
		}
	}
	err := do()
	for _, s := range drop {
		if _, e := run.ExecContext(ctx, s); e != nil && err == nil {
			err = e
		}
	}
	return err
}

// fill puts rows into a table that holds a few already. It gives up where a
// table refuses all values that it can think of.
func (s *seeder) fill(run *pgdb.Runner, t *seedTable, rows int) error {
	if len(t.Above) > 0 {
		rows /= 4 // a partition among others
	}
	var err error
	for _, make := range []filling{everyColumn, unchecked, keysAlone} {
		if _, err = run.ExecContext(s.ctx, s.filled(t, rows, make)); err == nil || pgdb.AsError(err) == nil {
			return err
		}
	}
	return nil
}

// filling says which columns get values of their own in each row; the others
// are those of a row that is there.
type filling int

const (
	everyColumn filling = iota
	unchecked           // those that no check is about
	keysAlone           // those of keys
)

func (t *seedTable) varies(c *seedColumn, how filling) bool {
	switch how {
	case everyColumn:
		return true
	case unchecked:
		return len(c.Checks) == 0 && !slices.Contains(t.BoundBy, c.Name) &&
			!slices.ContainsFunc(t.Checks, func(k seedCheck) bool { return slices.Contains(k.Columns, c.Name) })
	}
	return slices.Contains(t.Unique, c.Name) && !slices.Contains(t.BoundBy, c.Name)
}

// filled is the statement that fills a table.
func (s *seeder) filled(t *seedTable, rows int, how filling) string {
	from := "pg_catalog.generate_series(" + strconv.Itoa(seedRows+1) + ", " + strconv.Itoa(seedRows+rows) + ") g CROSS JOIN (SELECT * FROM " + t.sqlName + " LIMIT 1) s"
	if how == everyColumn {
		from = "pg_catalog.generate_series(" + strconv.Itoa(seedRows+1) + ", " + strconv.Itoa(seedRows+rows) + ") g"
	}
	values := map[string]string{}
	for i := range t.Columns {
		c := &t.Columns[i]
		switch {
		case c.Generated || c.Identity:
		case t.varies(c, how):
			values[c.Name] = c.series(s.types)
		default:
			values[c.Name] = "s." + pgdb.QuoteIdent(c.Name)
		}
	}
	for i, k := range t.Keys {
		parent := s.tables[k.Table]
		if parent == nil {
			continue
		}
		p := fmt.Sprintf("p%d", i)
		var names []string
		for j, name := range k.Columns {
			if _, ok := values[name]; !ok {
				continue
			}
			values[name] = p + "." + pgdb.QuoteIdent(k.Parents[j])
			names = append(names, pgdb.QuoteIdent(k.Parents[j]))
		}
		if parent == t || len(names) == 0 {
			for _, name := range k.Columns {
				if c := t.column(name); c != nil && values[name] != "" {
					values[name] = c.null()
				}
			}
			continue
		}
		list := strings.Join(names, ", ")
		from += fmt.Sprintf(" LEFT JOIN (SELECT pg_catalog.row_number() OVER () AS n, %s FROM %s) %s ON %s.n = 1 + (g - 1) %% (SELECT greatest(1, count(*)) FROM %s)",
			list, parent.sqlName, p, p, parent.sqlName)
	}
	var names, selects []string
	for _, c := range t.Columns {
		if v, ok := values[c.Name]; ok {
			names, selects = append(names, pgdb.QuoteIdent(c.Name)), append(selects, v)
		}
	}
	if len(names) == 0 {
		return "DO $$BEGIN FOR i IN 1.." + strconv.Itoa(rows) + " LOOP INSERT INTO " + t.sqlName + " DEFAULT VALUES; END LOOP; END$$"
	}
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT DO NOTHING", t.sqlName, strings.Join(names, ", "), strings.Join(selects, ", "), from)
}

var precision = regexp.MustCompile(`^numeric\((\d+),(\d+)\)$`)

// series is a column's value in row g.
func (c *seedColumn) series(types seedTypes) string {
	as := func(expr string) string { return "CAST(" + expr + " AS " + c.Type + ")" }
	switch c.Category {
	case "B":
		return as("g % 2 = 0")
	case "N":
		if m := precision.FindStringSubmatch(c.Type); m != nil {
			all, _ := strconv.Atoi(m[1])
			scale, _ := strconv.Atoi(m[2])
			return as("g % (10 ^ " + strconv.Itoa(min(all-scale, 9)) + ")::int")
		}
		if c.Base == "int2" {
			return as("g % 32768")
		}
		return as("g")
	case "S":
		return as("g || ' seed'")
	case "D":
		if c.Base == "date" {
			return as("date '2001-01-01' + g")
		}
		return as("timestamptz '2001-01-01 10:00:00+00' + g * interval '1 minute'")
	case "T":
		return as("g * interval '1 minute'")
	case "E":
		if len(c.Labels) > 0 {
			var labels []string
			for _, l := range c.Labels {
				labels = append(labels, pgdb.QuoteLiteral(l))
			}
			return as("(ARRAY[" + strings.Join(labels, ", ") + "])[1 + g % " + strconv.Itoa(len(labels)) + "]")
		}
	case "I":
		return as("inet '10.0.0.0' + g")
	}
	switch c.Base {
	case "uuid":
		return as("pg_catalog.md5(g::text)")
	case "json", "jsonb":
		return as(`'{"n": ' || g || '}'`)
	case "bytea":
		return as("pg_catalog.decode(pg_catalog.md5(g::text), 'hex')")
	}
	if made, ok := types.value(c.OID, c.Type, 1, 0); ok {
		return made
	}
	return c.value(1)
}
