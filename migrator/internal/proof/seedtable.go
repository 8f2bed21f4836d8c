package proof

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// seedTable is what has to be known of a table to put rows into it.
type seedTable struct {
	OID     uint32
	Schema  string
	Name    string
	Columns []seedColumn
	Keys    []seedKey   // foreign keys
	Checks  []seedCheck // CHECK constraints
	Bound   string      // of a partition: FOR VALUES …
	BoundBy []string    // the columns of the partition key
	Above   []seedName  // the tables that it inherits from, at any height
	Unique  []string    // the columns of its keys and unique indexes
	sqlName string
}

// seedName is a table by its name.
type seedName struct{ Schema, Name string }

type seedColumn struct {
	Number    int
	OID       uint32 // of its type
	Name      string
	Type      string // as in SQL, with its modifiers
	Base      string // name of the type beneath domains
	Category  string // of that type, see pg_type.typcategory
	NotNull   bool   // also by its domain
	Identity  bool
	Generated bool
	Default   bool
	Labels    []string // of an enum
	Checks    []string // of its domain
}

type seedKey struct {
	Columns []string
	Table   uint32
	Parents []string // the referenced columns
}

type seedCheck struct {
	Name    string
	Columns []string
	Text    string
}

// seedQuery reads all tables with storage as one JSON document.
const seedQuery = `
SELECT coalesce(json_agg(t), '[]') FROM (
 SELECT c.oid::bigint AS "OID", n.nspname AS "Schema", c.relname AS "Name",
  coalesce(pg_catalog.pg_get_expr(c.relpartbound, c.oid), '') AS "Bound",
  (SELECT json_agg(a.attname) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = i.inhparent
    JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs::int2[])
    WHERE i.inhrelid = c.oid) AS "BoundBy",
  (WITH RECURSIVE above AS (
     SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid
     UNION SELECT i.inhparent FROM above JOIN pg_catalog.pg_inherits i ON i.inhrelid = above.inhparent)
   SELECT json_agg(json_build_object('Schema', (SELECT x.nspname FROM pg_catalog.pg_namespace x WHERE x.oid = u.relnamespace), 'Name', u.relname))
    FROM above JOIN pg_catalog.pg_class u ON u.oid = above.inhparent) AS "Above",
  (SELECT json_agg(DISTINCT a.attname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
    WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion)) AS "Unique",
  (SELECT json_agg(json_build_object('Number', a.attnum, 'OID', a.atttypid::bigint, 'Name', a.attname, 'Type', pg_catalog.format_type(a.atttypid, a.atttypmod),
     'Base', b.typname, 'Category', b.typcategory, 'NotNull', a.attnotnull OR d.notnull, 'Identity', a.attidentity <> '',
     'Generated', a.attgenerated <> '', 'Default', a.atthasdef,
     'Labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = b.oid),
     'Checks', (SELECT json_agg(pg_catalog.pg_get_constraintdef(k.oid)) FROM pg_catalog.pg_constraint k WHERE k.contypid = ANY (d.types))) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a
    CROSS JOIN LATERAL (
     WITH RECURSIVE up AS (
      SELECT t.oid, t.typtype, t.typbasetype, t.typnotnull, 0 AS level FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
      UNION ALL SELECT t.oid, t.typtype, t.typbasetype, t.typnotnull, level + 1 FROM up JOIN pg_catalog.pg_type t ON t.oid = up.typbasetype AND up.typtype = 'd')
     SELECT (array_agg(oid ORDER BY level DESC))[1] AS base, bool_or(typnotnull) AS notnull, array_agg(oid) AS types FROM up) d
    JOIN pg_catalog.pg_type b ON b.oid = d.base
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS "Columns",
  (SELECT json_agg(json_build_object('Table', k.confrelid::bigint,
     'Columns', (SELECT json_agg(a.attname ORDER BY o) FROM unnest(k.conkey) WITH ORDINALITY u(n, o) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n),
     'Parents', (SELECT json_agg(a.attname ORDER BY o) FROM unnest(k.confkey) WITH ORDINALITY u(n, o) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n)))
    FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f') AS "Keys",
  (SELECT json_agg(json_build_object('Name', k.conname, 'Text', pg_catalog.pg_get_constraintdef(k.oid),
     'Columns', (SELECT json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))))
    FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c') AS "Checks"
 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
 ORDER BY c.oid) t`

// seedTables reads the tables of a scratch database.
func seedTables(ctx context.Context, conn *sql.Conn) ([]*seedTable, error) {
	var text []byte
	if err := conn.QueryRowContext(ctx, seedQuery).Scan(&text); err != nil {
		return nil, fmt.Errorf("asking for the tables to seed: %w", err)
	}
	var tables []*seedTable
	if err := json.Unmarshal(text, &tables); err != nil {
		return nil, fmt.Errorf("asking for the tables to seed: %w", err)
	}
	return parentsFirst(tables), nil
}

// parentsFirst orders tables so that what is referenced comes before what
// references it, as far as there is no circle.
func parentsFirst(tables []*seedTable) []*seedTable {
	byOID := map[uint32]*seedTable{}
	for _, t := range tables {
		byOID[t.OID] = t
	}
	seen := map[uint32]bool{}
	var ordered []*seedTable
	var visit func(*seedTable)
	visit = func(t *seedTable) {
		if seen[t.OID] {
			return
		}
		seen[t.OID] = true
		for _, k := range t.Keys {
			if parent := byOID[k.Table]; parent != nil {
				visit(parent)
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range tables {
		visit(t)
	}
	return ordered
}
