package proof

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// carried looks for the rows of a table that is no more in the one that has its
// name now, or the name of a table above it: a plan that makes a table anew
// carries its rows over. Columns are then known by their names. It gives nil
// when there is no such table.
func carried(ctx context.Context, conn *sql.Conn, old *sampled) (*sampled, error) {
	for _, name := range old.names {
		table := pgdb.QuoteIdent(name.Schema) + "." + pgdb.QuoteIdent(name.Name)
		found, err := pgdb.TextRows(ctx, conn, `SELECT ARRAY[a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)]
			FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(`+pgdb.QuoteLiteral(table)+`) AND a.attnum > 0
			AND NOT a.attisdropped AND a.attgenerated = ''`)
		if err != nil {
			return nil, err
		}
		now := &sampled{columns: map[int]sampleColumn{}, carried: true}
		var selects []string
		for _, n := range old.numbers {
			c := old.columns[n]
			i := slices.IndexFunc(found, func(row []string) bool { return row[0] == c.name })
			if i < 0 {
				continue
			}
			now.columns[n] = sampleColumn{name: c.name, typ: found[i][1]}
			now.numbers = append(now.numbers, n)
			selects = append(selects, "coalesce("+pgdb.QuoteIdent(c.name)+"::text, chr(1))")
		}
		if len(selects) == 0 {
			continue
		}
		now.rows, err = pgdb.TextRows(ctx, conn, fmt.Sprintf("SELECT ARRAY[%s]::text[] FROM %s", strings.Join(selects, ", "), table))
		if pgdb.AsError(err) != nil {
			return nil, nil // not to be read: a foreign table
		}
		return now, err
	}
	return nil, nil
}

// within tells whether all of some sorted texts are among others, as often.
func within(some, all []string) bool {
	for _, text := range all {
		if len(some) > 0 && some[0] == text {
			some = some[1:]
		}
	}
	return len(some) == 0
}
