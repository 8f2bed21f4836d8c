package workload

import (
	"context"
	"fmt"
)

// FromForeignKeys is a stand-in where nothing counts statements: for every
// foreign key the query that finds its rows, once each. The server itself runs it
// when the row that they refer to is deleted, and joins and lists of children do.
func FromForeignKeys(ctx context.Context, db Database) (*Workload, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+Tag+` 'foreign key ' || o.oid, pg_catalog.format('SELECT * FROM %I.%I WHERE %s', n.nspname, c.relname,
			(SELECT string_agg(pg_catalog.format('%I = $%s', a.attname, k.place), ' AND ' ORDER BY k.place)
			FROM unnest(o.conkey) WITH ORDINALITY k (number, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.number)), now()
		FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE o.contype = 'f' AND o.conparentid = 0 ORDER BY 2`)
	if err != nil {
		return nil, fmt.Errorf("reading foreign keys: %w", err)
	}
	defer rows.Close()
	w := &Workload{Source: "the foreign keys"}
	for rows.Next() {
		s := &Statement{Calls: 1}
		if err := rows.Scan(&s.ID, &s.SQL, &w.Until); err != nil {
			return nil, err
		}
		w.Statements = append(w.Statements, s)
	}
	return w, rows.Err()
}
