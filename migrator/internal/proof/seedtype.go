package proof

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
)

// seedType is what has to be known of a type to make a value of it.
type seedType struct {
	OID     uint32
	Type    string // as in SQL
	SQLName string // qualified, without modifiers: the name of a range's constructor
	Name    string
	Kind    string // pg_type.typtype
	Letter  string // pg_type.typcategory
	NotNull bool   // of a domain
	Of      uint32 // element of an array, base of a domain, subtype of a range
	OfType  string // that as in SQL, with its modifiers
	Fields  []seedField
	Labels  []string
}

// seedField is an attribute of a composite type.
type seedField struct {
	OID  uint32
	Type string
}

// typeQuery reads the types of columns, and what those are made of.
const typeQuery = `
WITH RECURSIVE used AS (
 SELECT DISTINCT a.atttypid AS oid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
 UNION
 SELECT m.oid FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid
  LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
  CROSS JOIN LATERAL (SELECT t.typelem WHERE t.typcategory = 'A' UNION ALL SELECT t.typbasetype UNION ALL SELECT r.rngsubtype
   UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) m (oid)
  WHERE m.oid <> 0)
SELECT coalesce(json_agg(json_build_object('OID', t.oid::bigint, 'Type', pg_catalog.format_type(t.oid, NULL), 'SQLName', pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname),
  'Name', t.typname, 'Kind', t.typtype, 'Letter', t.typcategory, 'NotNull', t.typnotnull,
  'Of', CASE WHEN t.typcategory = 'A' AND t.typtype = 'b' THEN t.typelem WHEN t.typtype = 'd' THEN t.typbasetype WHEN t.typtype = 'r' THEN r.rngsubtype ELSE 0 END::bigint,
  'OfType', CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
  'Fields', CASE t.typtype WHEN 'c' THEN (SELECT json_agg(json_build_object('OID', a.atttypid::bigint, 'Type', pg_catalog.format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
   FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END,
  'Labels', CASE t.typtype WHEN 'e' THEN (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END)), '[]')
FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid`

// seedTypes are the types of a database's columns by their numbers.
type seedTypes map[uint32]*seedType

// readTypes reads the types of the tables' columns.
func readTypes(ctx context.Context, conn *sql.Conn) (seedTypes, error) {
	var text []byte
	if err := conn.QueryRowContext(ctx, typeQuery).Scan(&text); err != nil {
		return nil, fmt.Errorf("asking for the types of the tables to seed: %w", err)
	}
	var all []*seedType
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("asking for the types of the tables to seed: %w", err)
	}
	types := seedTypes{}
	for _, t := range all {
		types[t.OID] = t
	}
	return types, nil
}

// value is the n-th value of a type that is written as in SQL; ok is false for
// one that is made of no other.
func (ts seedTypes) value(oid uint32, as string, n, depth int) (text string, ok bool) {
	t := ts[oid]
	if t == nil || depth > 8 {
		return "", false
	}
	cast := func(s string) (string, bool) { return "CAST(" + s + " AS " + as + ")", true }
	switch {
	case t.Kind == "d":
		if of, ok := ts.value(t.Of, t.OfType, n, depth+1); ok {
			return cast(of)
		}
		return "", false
	case t.Kind == "c":
		var fields []string
		for i, f := range t.Fields {
			if n == 2 && i == 1 && depth > 0 {
				fields = append(fields, "NULL")
				continue
			}
			fields = append(fields, ts.any(f.OID, f.Type, n+i, depth+1))
		}
		return cast("ROW(" + strings.Join(fields, ", ") + ")")
	case t.Kind == "b" && t.Letter == "A" && t.Of != 0:
		of := ts[t.Of]
		if of == nil {
			return "", false
		}
		elements := []string{ts.any(t.Of, of.Type, n, depth+1), ts.any(t.Of, of.Type, n+1, depth+1)}
		if of.Kind != "d" || !of.NotNull {
			elements = append(elements, "NULL")
		}
		return cast("ARRAY[" + strings.Join(elements, ", ") + "]")
	case t.Kind == "r":
		of := ts[t.Of]
		if of == nil {
			return "", false
		}
		return cast(t.SQLName + "(" + ts.any(t.Of, of.Type, 10*n, depth+1) + ", " + ts.any(t.Of, of.Type, 10*n+5, depth+1) + ")")
	}
	return "", false
}

// any is the n-th value of any type.
func (ts seedTypes) any(oid uint32, as string, n, depth int) string {
	if text, ok := ts.value(oid, as, n, depth); ok {
		return text
	}
	t := ts[oid]
	for range 8 { // domains
		if t == nil || t.Kind != "d" {
			break
		}
		t = ts[t.Of]
	}
	if t == nil {
		return "CAST(NULL AS " + as + ")"
	}
	c := seedColumn{Type: as, Base: t.Name, Category: t.Letter, Labels: t.Labels}
	return c.value(n)
}
