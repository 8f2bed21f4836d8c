package whatif

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgsql"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// factsReader reads what is known of some relations.
type factsReader struct {
	ctx   context.Context
	conn  *sql.Conn
	facts *advise.Facts
	byOID map[uint32]*advise.Table
	asked map[string]bool // names that were looked for
}

func readFacts(ctx context.Context, conn *sql.Conn, names []advise.Name) (*advise.Facts, error) {
	r := &factsReader{ctx: ctx, conn: conn, facts: &advise.Facts{Taken: map[string][]string{}}, byOID: map[uint32]*advise.Table{}, asked: map[string]bool{}}
	if err := r.environment(); err != nil {
		return nil, err
	}
	for len(names) > 0 {
		found, err := r.relations(names)
		if err != nil {
			return nil, err
		}
		names = below(found)
	}
	for _, read := range []func() error{r.partitions, r.columns, r.statistics, r.indexes, r.taken} {
		if len(r.byOID) == 0 {
			break
		}
		if err := read(); err != nil {
			return nil, err
		}
	}
	r.sums()
	return r.facts, nil
}

// each runs a query and calls scan for each row.
func (r *factsReader) each(query string, scan func(rows *sql.Rows) error) error {
	rows, err := r.conn.QueryContext(r.ctx, strings.Replace(query, "SELECT ", "SELECT "+workload.Tag+" ", 1))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (r *factsReader) environment() error {
	err := r.each(`SELECT to_json(pg_catalog.current_schemas(false)), (SELECT coalesce(json_agg(extname), '[]') FROM pg_catalog.pg_extension)`, func(rows *sql.Rows) error {
		var path, extensions string
		if err := rows.Scan(&path, &extensions); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(path), &r.facts.Path); err != nil {
			return err
		}
		return json.Unmarshal([]byte(extensions), &r.facts.Extensions)
	})
	return err
}

const tableColumns = `c.oid, n.nspname, c.relname, CASE WHEN c.relpersistence = 't' THEN 't' ELSE c.relkind::text END, c.reltuples, c.relpages,
	coalesce(s.n_tup_ins, 0), coalesce(s.n_tup_upd, 0), coalesce(s.n_tup_hot_upd, 0), coalesce(s.n_tup_del, 0),
	CASE c.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(c.oid) ELSE '' END,
	EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid `

func scanTable(rows *sql.Rows, more ...any) (oid uint32, t *advise.Table, err error) {
	t = &advise.Table{}
	err = rows.Scan(append([]any{&oid, &t.Schema, &t.Name, &t.Kind, &t.Rows, &t.Pages,
		&t.Writes.Inserted, &t.Writes.Updated, &t.Writes.HotUpdated, &t.Writes.Deleted, &t.View, &t.FromExtension}, more...)...)
	return oid, t, err
}

// relations reads those of some names that were not looked for before, in
// whatever schema they are; the system's own are left out.
func (r *factsReader) relations(names []advise.Name) (found []*advise.Table, err error) {
	var list []string
	for _, n := range names {
		if !r.asked[n.Name] {
			r.asked[n.Name] = true
			list = append(list, catalog.Literal(n.Name))
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	err = r.each(`SELECT `+tableColumns+`WHERE c.relname = ANY (ARRAY[`+strings.Join(list, ", ")+`]::name[]) AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
		AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
		AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') ORDER BY 2, 3`, func(rows *sql.Rows) error {
		oid, t, err := scanTable(rows)
		if err != nil {
			return err
		}
		r.byOID[oid] = t
		r.facts.Tables = append(r.facts.Tables, t)
		found = append(found, t)
		return nil
	})
	return found, err
}

// below are the relations that views read.
func below(found []*advise.Table) []advise.Name {
	var names []advise.Name
	for _, t := range found {
		if t.Kind != advise.View {
			continue
		}
		n, err := pgsql.ParseOne(t.View)
		if err != nil {
			continue // of a newer grammar; it stays a relation of its own
		}
		for _, v := range pgsql.Tables(n) {
			names = append(names, advise.Name{Schema: v.Schemaname, Name: v.Relname})
		}
	}
	return names
}

// oids are the relations that were found, as an SQL array.
func (r *factsReader) oids() string {
	list := make([]string, 0, len(r.byOID))
	for oid := range r.byOID {
		list = append(list, fmt.Sprint(oid))
	}
	slices.Sort(list)
	return "ARRAY[" + strings.Join(list, ",") + "]::oid[]"
}

// partitions reads the leaves of partitioned tables.
func (r *factsReader) partitions() error {
	leaves := map[uint32]*advise.Table{}
	err := r.each(`SELECT root.oid::bigint, `+tableColumns+`JOIN (SELECT o.oid, p.relid FROM pg_catalog.pg_class o, pg_catalog.pg_partition_tree(o.oid) p
		WHERE o.relkind = 'p' AND o.oid = ANY (`+r.oids()+`) AND p.isleaf) root ON root.relid = c.oid ORDER BY 1, 3, 4`, func(rows *sql.Rows) error {
		var root uint32
		var oid uint32
		t := &advise.Table{}
		if err := rows.Scan(&root, &oid, &t.Schema, &t.Name, &t.Kind, &t.Rows, &t.Pages,
			&t.Writes.Inserted, &t.Writes.Updated, &t.Writes.HotUpdated, &t.Writes.Deleted, &t.View, &t.FromExtension); err != nil {
			return err
		}
		if known := r.byOID[oid]; known != nil {
			t = known
		} else if leaves[oid] != nil {
			t = leaves[oid]
		}
		leaves[oid] = t
		r.byOID[root].Partitions = append(r.byOID[root].Partitions, t)
		return nil
	})
	for oid, t := range leaves {
		r.byOID[oid] = t
	}
	return err
}

// columns reads columns, and which index a type can have.
func (r *factsReader) columns() error {
	return r.each(`SELECT a.attrelid::bigint, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, t.typcategory,
		EXISTS (SELECT FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod WHERE m.amname = 'btree' AND o.opcdefault
			AND (o.opcintype IN (a.atttypid, CASE t.typtype WHEN 'd' THEN t.typbasetype END)
				OR t.typtype = 'e' AND o.opcintype = 'pg_catalog.anyenum'::regtype OR t.typelem <> 0 AND t.typlen = -1 AND o.opcintype = 'pg_catalog.anyarray'::regtype
				OR t.typtype = 'r' AND o.opcintype = 'pg_catalog.anyrange'::regtype OR a.atttypid = 'pg_catalog.varchar'::regtype)),
		CASE WHEN co.collname IS NULL OR co.collcollate IN ('C', 'POSIX') OR co.collname = 'default' AND (SELECT datcollate IN ('C', 'POSIX') FROM pg_catalog.pg_database WHERE datname = current_database()) THEN ''
			WHEN a.atttypid = 'pg_catalog.text'::regtype THEN 'text_pattern_ops' WHEN a.atttypid = 'pg_catalog.varchar'::regtype THEN 'varchar_pattern_ops'
			WHEN a.atttypid = 'pg_catalog.bpchar'::regtype THEN 'bpchar_pattern_ops' ELSE '' END,
		CASE WHEN t.typlen > 0 THEN t.typlen ELSE 32 END
		FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
		WHERE a.attrelid = ANY (`+r.oids()+`) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`, func(rows *sql.Rows) error {
		var oid uint32
		c := &advise.Column{}
		if err := rows.Scan(&oid, &c.Name, &c.Type, &c.NotNull, &c.Family, &c.Ordered, &c.Pattern, &c.Width); err != nil {
			return err
		}
		r.byOID[oid].Columns = append(r.byOID[oid].Columns, c)
		return nil
	})
}

// statistics reads pg_stats: of the whole tree where a table has children.
func (r *factsReader) statistics() error {
	byName := map[advise.Name]*advise.Table{}
	var list []string
	for _, t := range r.byOID {
		byName[advise.Name{Schema: t.Schema, Name: t.Name}] = t
		list = append(list, "("+catalog.Literal(t.Schema)+","+catalog.Literal(t.Name)+")")
	}
	slices.Sort(list)
	return r.each(`SELECT schemaname, tablename, attname, null_frac, n_distinct, coalesce(correlation, 0), avg_width,
		coalesce(to_json(most_common_vals::text::text[]), '[]'), coalesce(to_json(most_common_freqs), '[]') FROM pg_catalog.pg_stats
		WHERE (schemaname, tablename) IN (`+strings.Join(list, ",")+`) ORDER BY inherited`, func(rows *sql.Rows) error {
		var n advise.Name
		var column, values, frequencies string
		var nulls, distinct, correlation, width float64
		if err := rows.Scan(&n.Schema, &n.Name, &column, &nulls, &distinct, &correlation, &width, &values, &frequencies); err != nil {
			return err
		}
		t := byName[n]
		c := t.Column(column)
		if c == nil {
			return nil
		}
		c.NullFrac, c.Distinct, c.Correlation, c.Width = nulls, distinct, correlation, width
		if distinct < 0 {
			c.Distinct = -distinct * max(t.Rows, 0) // a share of the rows; sums corrects it for trees
		}
		var v []*string
		var f []float64
		if err := json.Unmarshal([]byte(values), &v); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(frequencies), &f); err != nil {
			return err
		}
		c.Common = nil
		for i := range min(len(v), len(f)) {
			if v[i] != nil {
				c.Common = append(c.Common, advise.Common{Value: *v[i], Frac: f[i]})
			}
		}
		if c.TopFrac = 0; len(f) > 0 {
			c.TopFrac = f[0]
		}
		return nil
	})
}

func (r *factsReader) indexes() error {
	return r.each(`SELECT i.indrelid::bigint, c.relname, m.amname, i.indisunique, i.indisprimary, i.indisvalid,
		EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x')),
		coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), ''), c.relpages::bigint * 8192, coalesce(s.idx_scan, 0), pg_catalog.pg_get_indexdef(c.oid),
		(SELECT json_agg(pg_catalog.pg_get_indexdef(c.oid, k, false) || CASE WHEN p.opcdefault THEN '' ELSE ' ' || p.opcname END ||
			CASE WHEN i.indoption[k-1] & 1 = 1 THEN ' DESC' ELSE '' END ||
			CASE i.indoption[k-1] WHEN 1 THEN ' NULLS LAST' WHEN 2 THEN ' NULLS FIRST' ELSE '' END ORDER BY k)
			FROM generate_series(1, i.indnkeyatts) k JOIN pg_catalog.pg_opclass p ON p.oid = i.indclass[k-1]),
		coalesce((SELECT json_agg(pg_catalog.pg_get_indexdef(c.oid, k, false) ORDER BY k) FROM generate_series(i.indnkeyatts + 1, i.indnatts) k), '[]')
		FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam
		LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = c.oid WHERE i.indrelid = ANY (`+r.oids()+`) ORDER BY 1, 2`, func(rows *sql.Rows) error {
		var oid uint32
		var keys, include string
		e := &advise.Existing{}
		if err := rows.Scan(&oid, &e.Name, &e.Method, &e.Unique, &e.Primary, &e.Valid, &e.Constraint, &e.Predicate, &e.Bytes, &e.Scans, &e.Definition, &keys, &include); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(keys), &e.Keys); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(include), &e.Include); err != nil {
			return err
		}
		r.byOID[oid].Indexes = append(r.byOID[oid].Indexes, e)
		return nil
	})
}

// taken reads the names that are in use.
func (r *factsReader) taken() error {
	var list []string
	for _, t := range r.facts.Tables {
		if r.facts.Taken[t.Schema] == nil {
			r.facts.Taken[t.Schema] = []string{}
			list = append(list, catalog.Literal(t.Schema))
		}
	}
	return r.each(`SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN (`+strings.Join(list, ",")+`)`, func(rows *sql.Rows) error {
		var schema, name string
		if err := rows.Scan(&schema, &name); err != nil {
			return err
		}
		r.facts.Taken[schema] = append(r.facts.Taken[schema], name)
		return nil
	})
}

// sums adds up what partitions hold: their parent has no rows of its own, and its
// statistics of the tree may be missing where nobody runs ANALYZE on it.
func (r *factsReader) sums() {
	for _, t := range r.facts.Tables {
		if t.Kind != advise.Partitioned {
			continue
		}
		t.Rows, t.Pages = 0, 0
		for _, p := range t.Partitions {
			t.Rows += max(p.Rows, 0)
			t.Pages += p.Pages
			t.Writes.Inserted += p.Writes.Inserted
			t.Writes.Updated += p.Writes.Updated
			t.Writes.HotUpdated += p.Writes.HotUpdated
			t.Writes.Deleted += p.Writes.Deleted
		}
		for _, c := range t.Columns {
			for _, p := range t.Partitions {
				if pc := p.Column(c.Name); pc != nil && c.Distinct == 0 {
					c.Width, c.NullFrac, c.Common = pc.Width, pc.NullFrac, pc.Common
					c.Distinct = max(c.Distinct, pc.Distinct)
				}
			}
		}
	}
}
