package cli

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/shared/problem"
)

// told collects what only the user knows of values, from flags and from the
// wanted schema's files: how a column is converted, and how a new one is filled.
func (d *comparison) told() error {
	d.using, d.backfills = map[catalog.ID]string{}, nil
	to := d.states[1].Catalog
	using := func(where, column, expression string) error {
		id, err := plan.Lookup(to, column)
		if err != nil || id.Kind != catalog.KindColumn {
			return problem.New("name a column of the wanted schema: users.age", "%s: there is no column %s", where, column)
		}
		d.using[id] = expression
		return nil
	}
	backfill := func(where, table, sql string) error {
		id, err := plan.Lookup(to, table)
		if err != nil || id.Kind != catalog.KindTable {
			return problem.New("name a table of the wanted schema", "%s: there is no table %s", where, table)
		}
		d.backfills = append(d.backfills, plan.Backfill{Table: id, SQL: strings.TrimSuffix(strings.TrimSpace(sql), ";")})
		return nil
	}
	if l := d.states[1].Loaded; l != nil {
		for _, u := range l.Usings {
			if err := using(fmt.Sprintf("%s:%d: migrator:using", u.File, u.Line), u.Column, u.Expression); err != nil {
				return err
			}
		}
		for _, b := range l.Backfills {
			if err := backfill(fmt.Sprintf("%s:%d: migrator:backfill", b.File, b.Line), b.Table, b.SQL); err != nil {
				return err
			}
		}
	}
	for _, u := range d.Using {
		column, expression, ok := strings.Cut(u, "=")
		if !ok || strings.TrimSpace(expression) == "" {
			return problem.New("write --using 't.c=c::numeric/100'", "--using %s gives no expression", u)
		}
		if err := using("--using", strings.TrimSpace(column), strings.TrimSpace(expression)); err != nil {
			return err
		}
	}
	for _, b := range d.Backfill {
		table, sql, ok := strings.Cut(b, ":")
		if !ok || strings.TrimSpace(sql) == "" {
			return problem.New("write --backfill 't: UPDATE t SET c = a'", "--backfill %s gives no statement", b)
		}
		if err := backfill("--backfill", strings.TrimSpace(table), sql); err != nil {
			return err
		}
	}
	return nil
}
