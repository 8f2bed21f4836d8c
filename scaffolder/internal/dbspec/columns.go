package dbspec

import (
	"database/sql"

	"github.com/lib/pq"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

const attributesQuery = `
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.atthasdef, a.attidentity, a.attgenerated, coalesce(col_description(a.attrelid, a.attnum), ''),
       has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
       has_column_privilege(a.attrelid, a.attnum, 'INSERT'), has_column_privilege(a.attrelid, a.attnum, 'UPDATE'), a.attndims
FROM pg_attribute a
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY array_position($1::oid[], a.attrelid), a.attnum`

func (r *reader) attributes() error {
	types, err := r.readTypes()
	if err != nil {
		return err
	}
	return r.query(attributesQuery, func(rows *sql.Rows) error {
		var table, number, typeID int64
		var dimensions int
		var modifier int32
		var name, typeName, identity, generated, comment string
		var notNull, hasDefault, mayRead, mayInsert, mayUpdate bool
		if err := rows.Scan(&table, &number, &name, &typeID, &modifier, &typeName, &notNull, &hasDefault, &identity, &generated, &comment, &mayRead, &mayInsert, &mayUpdate, &dimensions); err != nil {
			return err
		}
		t := r.tables[table]
		if !mayRead {
			r.note("no-rights", true, "grant SELECT on the column to the role that the API connects as", "%s.%s.%s is left out: the role may not read it", t.Schema, t.Name, name)
			return nil
		}
		c := &relation.Column{
			Name: name, Comment: comment, Type: types.of(typeID, modifier, typeName),
			HasDefault: hasDefault || identity != "", Generated: generated != "" || identity == "a",
			Writable: mayInsert || mayUpdate,
		}
		c.Type.Dimensions = dimensions
		c.NotNull = notNull || c.Type.NotNull
		if c.Type.Base == "tsvector" {
			c.Writable = false
		}
		if c.Type.Category == relation.Other && c.Type.Base == "" {
			r.note("unknown-type", false, "", "%s.%s.%s is of type %s: its values are PostgreSQL's own text", t.Schema, t.Name, name, c.Type.Name)
		}
		t.Columns = append(t.Columns, c)
		r.columns[table][number] = c
		return nil
	}, pq.Array(r.oids))
}

const indexesQuery = `
SELECT i.indrelid, i.indisunique AND i.indimmediate, ARRAY(SELECT unnest(i.indkey)::int), i.indnkeyatts,
       i.indpred IS NOT NULL, am.amname, ic.relname,
       ARRAY(SELECT o.opcname::text FROM unnest(i.indclass::oid[]) WITH ORDINALITY AS u(oid, n) JOIN pg_opclass o ON o.oid = u.oid ORDER BY u.n)
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
WHERE i.indrelid = ANY ($1::oid[]) AND i.indisvalid
ORDER BY array_position($1::oid[], i.indrelid), NOT i.indisprimary, ic.relname COLLATE "C"`

func (r *reader) indexes() error {
	return r.query(indexesQuery, func(rows *sql.Rows) error {
		var table int64
		var name, method string
		var unique, partial bool
		var numbers, classes = []int64{}, []string{}
		var count int
		if err := rows.Scan(&table, &unique, pq.Array(&numbers), &count, &partial, &method, &name, pq.Array(&classes)); err != nil {
			return err
		}
		var columns []*relation.Column
		for i, n := range numbers[:min(count, len(numbers))] {
			c := r.columns[table][n] // nil for an expression
			columns = append(columns, c)
			if c == nil || partial {
				continue
			}
			if i == 0 && (method == "btree" || method == "hash" || method == "brin") {
				c.Indexed = true
			}
			if i < len(classes) && (i == 0 || method == "gin" || method == "gist") {
				c.ForPatterns = c.ForPatterns || servesPatterns[classes[i]]
			}
		}
		t := r.tables[table]
		if unique {
			t.Uniques = append(t.Uniques, &relation.Unique{Name: name, Columns: known(columns)})
		}
		if unique && !partial && len(t.Key) == 0 && usable(columns) {
			t.Key = columns
		}
		return nil
	}, pq.Array(r.oids))
}

var servesPatterns = map[string]bool{
	"text_pattern_ops": true, "varchar_pattern_ops": true, "bpchar_pattern_ops": true, "gin_trgm_ops": true, "gist_trgm_ops": true,
}

func known(columns []*relation.Column) []*relation.Column {
	var out []*relation.Column
	for _, c := range columns {
		if c != nil {
			out = append(out, c)
		}
	}
	return out
}

// usable says that columns may be a key: all known, none ever null, and values
// that can stand in a path.
func usable(columns []*relation.Column) bool {
	for _, c := range columns {
		if c == nil || !c.NotNull {
			return false
		}
		switch c.Type.Category {
		case relation.Array, relation.Composite, relation.JSON:
			return false
		}
	}
	return len(columns) > 0
}

// keys says where a table has none.
func (r *reader) keys() {
	for _, t := range r.db.Tables {
		if len(t.Key) == 0 && t.Kind == relation.Ordinary {
			r.note("no-key", false, "a primary key makes single rows reachable", "%s.%s has no key: its rows can be listed and inserted, and no more", t.Schema, t.Name)
			t.CanUpdate, t.CanDelete = false, false
		}
	}
}

const constraintsQuery = `
SELECT c.conrelid, c.conname, c.contype, coalesce(c.conkey::int[], '{}'), c.confrelid, coalesce(c.confkey::int[], '{}'),
       coalesce(CASE WHEN c.contype = 'c' THEN pg_get_expr(c.conbin, c.conrelid) END, '')
FROM pg_constraint c
WHERE c.conrelid = ANY ($1::oid[]) AND c.contype IN ('f', 'c', 'x')
ORDER BY array_position($1::oid[], c.conrelid), c.conname COLLATE "C"`

func (r *reader) constraints() error {
	return r.query(constraintsQuery, func(rows *sql.Rows) error {
		var table, target int64
		var name, kind, expression string
		var numbers, targets []int64
		if err := rows.Scan(&table, &name, &kind, pq.Array(&numbers), &target, pq.Array(&targets), &expression); err != nil {
			return err
		}
		t := r.tables[table]
		var columns []*relation.Column
		var names []string
		for _, n := range numbers {
			if c := r.columns[table][n]; c != nil {
				columns, names = append(columns, c), append(names, c.Name)
			}
		}
		switch kind {
		case "c":
			t.Checks = append(t.Checks, &relation.Check{Name: name, Columns: names, Expression: expression})
		case "x":
			t.Uniques = append(t.Uniques, &relation.Unique{Name: name, Columns: columns})
		default:
			r.foreignKey(t, &relation.ForeignKey{Name: name, Columns: columns, Table: r.tables[target]}, target, targets, len(numbers))
		}
		return nil
	}, pq.Array(r.oids))
}

// foreignKey adds one whose columns can all be read.
func (r *reader) foreignKey(t *relation.Table, f *relation.ForeignKey, target int64, numbers []int64, count int) {
	for _, n := range numbers {
		if c := r.columns[target][n]; c != nil {
			f.Targets = append(f.Targets, c)
		}
	}
	if len(f.Targets) != count {
		f.Table, f.Targets = nil, nil
	}
	if len(f.Columns) == count {
		t.ForeignKeys = append(t.ForeignKeys, f)
	}
}
