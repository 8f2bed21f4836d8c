package proof

import (
	"context"
	"database/sql"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// carried looks for the rows of a table that is no more in the one that has its
// name now, or the name of a table above it: a plan that makes a table anew
// carries its rows over. Columns are then known by their names. It gives nil
// when there is no such table.
func carried(ctx context.Context, conn *sql.Conn, old *sampled, p *plan.Plan, limit int) (*sampled, error) {
	for _, name := range old.names {
		name = name.under(p)
		table := pgdb.QuoteIdent(name.Schema) + "." + pgdb.QuoteIdent(name.Name)
		found, err := pgdb.TextRows(ctx, conn, `SELECT ARRAY[a.attname::text]
			FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(`+pgdb.QuoteLiteral(table)+`) AND a.attnum > 0
			AND NOT a.attisdropped AND a.attgenerated = ''`)
		if err != nil {
			return nil, err
		}
		now := &sampled{columns: map[int]sampleColumn{}, carried: true, names: []seedName{name}}
		var names []string
		for _, n := range old.numbers {
			c := old.columns[n]
			if !slices.ContainsFunc(found, func(row []string) bool { return row[0] == c.name }) {
				continue
			}
			now.columns[n] = sampleColumn{name: c.name}
			now.numbers = append(now.numbers, n)
			names = append(names, c.name)
		}
		if len(names) == 0 {
			continue
		}
		now.rows, err = readRows(ctx, conn, names, table, limit)
		now.more = len(now.rows) == limit
		if pgdb.AsError(err) != nil {
			return nil, nil // not to be read: a foreign table
		}
		return now, err
	}
	return nil, nil
}

// under is what a table is called when the renames of a plan have run.
func (n seedName) under(p *plan.Plan) seedName {
	for _, c := range p.Changes {
		switch {
		case c.Action != plan.Rename:
		case c.ID.Kind == catalog.KindSchema && c.ID.Name == n.Schema:
			n.Schema = c.To.Name
		case c.ID.Kind == catalog.KindTable && c.ID.Schema == n.Schema && c.ID.Name == n.Name:
			n.Schema, n.Name = c.To.Schema, c.To.Name
		}
	}
	return n
}
