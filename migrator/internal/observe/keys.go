package observe

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/nplusone"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// Keys reads the tables with their columns and keys, and how they refer to each
// other. Tables of the search path come first, in its order: statements name them
// without their schema.
func Keys(ctx context.Context, db workload.Database) (*nplusone.Schema, error) {
	rows, err := db.QueryContext(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	defer rows.Close()
	s := &nplusone.Schema{}
	at := map[int64]int{}
	type reference struct {
		To                     int64
		FromColumns, ToColumns []string
	}
	var references [][]reference
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read the keys: %w", err)
		}
		var t struct {
			OID          int64
			Schema, Name string
			Columns      []string
			Keys         [][]string
			References   []reference
		}
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, fmt.Errorf("read the keys: %w", err)
		}
		at[t.OID] = len(s.Tables)
		s.Tables = append(s.Tables, nplusone.Table{Schema: t.Schema, Name: t.Name, Columns: t.Columns, Keys: t.Keys})
		references = append(references, t.References)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	for from, list := range references {
		for _, r := range list {
			if to, ok := at[r.To]; ok {
				s.ForeignKeys = append(s.ForeignKeys, nplusone.ForeignKey{From: from, To: to, FromColumns: r.FromColumns, ToColumns: r.ToColumns})
			}
		}
	}
	return s, nil
}

const keys = `SELECT ` + workload.Tag + ` pg_catalog.json_build_object('OID', c.oid::bigint, 'Schema', n.nspname, 'Name', c.relname,
  'Columns', (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'Keys', (SELECT pg_catalog.json_agg((SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1])))
           FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indisunique AND x.indpred IS NULL AND x.indexprs IS NULL),
  'References', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('To', o.confrelid::bigint,
           'FromColumns', (SELECT pg_catalog.json_agg(a.attname ORDER BY u.ord) FROM pg_catalog.unnest(o.conkey) WITH ORDINALITY u(num, ord) JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = u.num),
           'ToColumns', (SELECT pg_catalog.json_agg(a.attname ORDER BY u.ord) FROM pg_catalog.unnest(o.confkey) WITH ORDINALITY u(num, ord) JOIN pg_catalog.pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = u.num)))
           FROM pg_catalog.pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'f' AND o.conparentid = 0))::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY pg_catalog.array_position(pg_catalog.current_schemas(false), n.nspname) NULLS LAST, n.nspname, c.relname`
