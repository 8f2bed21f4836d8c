package dbspec

import (
	"database/sql"
	"strings"

	"github.com/lib/pq"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// typeRow is a row of pg_type.
type typeRow struct {
	oid, elem, base int64
	schema, name    string
	kind            string // b, c, d, e, r, m, p
	modifier        int32  // of a domain
	notNull         bool
	ordered         bool
	delimiter       string
	labels          []string
	fields          []fieldRow
	checks          []*relation.Check
}

type fieldRow struct {
	name     string
	typeID   int64
	modifier int32
	typeName string
	declared int // dimensions
}

// types are all types that the columns use, directly or not.
type types map[int64]*typeRow

const typesQuery = `
WITH RECURSIVE used(oid) AS (
	SELECT atttypid FROM pg_attribute WHERE attrelid = ANY ($1::oid[]) AND attnum > 0 AND NOT attisdropped
	UNION
	SELECT next.oid FROM used JOIN pg_type t ON t.oid = used.oid
	CROSS JOIN LATERAL (
		SELECT t.typelem AS oid WHERE t.typelem <> 0
		UNION ALL SELECT t.typbasetype WHERE t.typtype = 'd'
		UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
	) next
)
SELECT t.oid, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END, t.typbasetype, n.nspname, t.typname, t.typtype, t.typtypmod, t.typnotnull,
       t.typtype IN ('e', 'r', 'm') OR EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
           WHERE m.amname = 'btree' AND o.opcdefault AND o.opcintype = t.oid) OR t.typname IN ('varchar', 'cidr'),
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder), t.typdelim
FROM used JOIN pg_type t ON t.oid = used.oid JOIN pg_namespace n ON n.oid = t.typnamespace`

const fieldsQuery = `
SELECT t.oid, a.attname, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod), a.attndims
FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid
WHERE t.oid = ANY ($1::oid[]) AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY t.oid, a.attnum`

const domainChecksQuery = `
SELECT c.contypid, c.conname, pg_get_expr(c.conbin, 0)
FROM pg_constraint c WHERE c.contypid = ANY ($1::oid[]) AND c.contype = 'c' ORDER BY c.contypid, c.conname COLLATE "C"`

func (r *reader) readTypes() (types, error) {
	out := types{}
	var all []int64
	err := r.query(typesQuery, func(rows *sql.Rows) error {
		t := &typeRow{}
		if err := rows.Scan(&t.oid, &t.elem, &t.base, &t.schema, &t.name, &t.kind, &t.modifier, &t.notNull, &t.ordered, pq.Array(&t.labels), &t.delimiter); err != nil {
			return err
		}
		out[t.oid], all = t, append(all, t.oid)
		return nil
	}, pq.Array(r.oids))
	if err != nil {
		return nil, err
	}
	err = r.query(fieldsQuery, func(rows *sql.Rows) error {
		var owner int64
		var f fieldRow
		if err := rows.Scan(&owner, &f.name, &f.typeID, &f.modifier, &f.typeName, &f.declared); err != nil {
			return err
		}
		out[owner].fields = append(out[owner].fields, f)
		return nil
	}, pq.Array(all))
	if err != nil {
		return nil, err
	}
	return out, r.query(domainChecksQuery, func(rows *sql.Rows) error {
		var owner int64
		c := &relation.Check{Columns: []string{"VALUE"}}
		if err := rows.Scan(&owner, &c.Name, &c.Expression); err != nil {
			return err
		}
		out[owner].checks = append(out[owner].checks, c)
		return nil
	}, pq.Array(all))
}

// categories are the built-in types that have a form of their own in JSON.
var categories = map[string]relation.Category{
	"bool": relation.Boolean, "int2": relation.Integer, "int4": relation.Integer, "oid": relation.BigInt, "int8": relation.BigInt,
	"float4": relation.Float, "float8": relation.Float, "numeric": relation.Numeric, "money": relation.Numeric,
	"text": relation.Text, "varchar": relation.Text, "bpchar": relation.Text, "name": relation.Text, "citext": relation.Text,
	"uuid": relation.UUID, "date": relation.Date, "timestamp": relation.Timestamp, "timestamptz": relation.TimestampTZ,
	"time": relation.Time, "timetz": relation.Time, "interval": relation.Interval, "bytea": relation.Bytes,
	"json": relation.JSON, "jsonb": relation.JSON,
}

// of is the type of a column: its domains are resolved, its name is name.
func (all types) of(oid int64, modifier int32, name string) *relation.Type {
	row := all[oid]
	if row == nil {
		return &relation.Type{Category: relation.Other, Name: name}
	}
	out := &relation.Type{Name: name, Ordered: row.ordered}
	for row.kind == "d" {
		out.Domain = true
		out.NotNull = out.NotNull || row.notNull
		out.Checks = append(out.Checks, row.checks...)
		modifier = row.modifier
		if row = all[row.base]; row == nil {
			out.Category = relation.Other
			return out
		}
		out.Ordered = row.ordered
	}
	all.fill(out, row, modifier)
	return out
}

func (all types) fill(out *relation.Type, row *typeRow, modifier int32) {
	out.Delimiter = row.delimiter
	builtIn := row.schema == "pg_catalog" || row.name == "citext"
	switch {
	case row.elem != 0:
		out.Category, out.Ordered = relation.Array, false
		out.Elem = all.of(row.elem, modifier, strings.TrimSuffix(out.Name, "[]"))
	case row.kind == "e":
		out.Category, out.Labels = relation.Enum, row.labels
	case row.kind == "c":
		out.Category, out.Ordered = relation.Composite, false
		for _, f := range row.fields {
			of := all.of(f.typeID, f.modifier, f.typeName)
			of.Dimensions = f.declared
			out.Fields = append(out.Fields, relation.Field{Name: f.name, Type: of})
		}
	case row.kind == "r" || row.kind == "m":
		out.Category = relation.Range
	default:
		out.Category = categories[row.name]
		if out.Category == "" || !builtIn {
			out.Category = relation.Other
		}
	}
	if builtIn {
		out.Base = row.name
	}
	if (row.name == "varchar" || row.name == "bpchar") && modifier > 4 {
		out.MaxLength = int(modifier) - 4
	}
	if out.Category == relation.JSON {
		out.Ordered = false
	}
}
