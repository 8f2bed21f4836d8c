package dbspec

import (
	"context"
	"database/sql"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lib/pq"

	"github.com/seniorbackend/tools/scaffolder/internal/relation"
	"github.com/seniorbackend/tools/shared/problem"
)

// Options say what of a database is read. Globs are matched against "table" and
// "schema.table", as path.Match does.
type Options struct {
	Schemas  []string // empty: all but the system's own
	Tables   []string // empty: all
	Exclude  []string
	ReadOnly []string // served, but never written
}

// Read reads the catalog of the database that dsn names.
func Read(ctx context.Context, dsn string, o Options) (*relation.Database, error) {
	for _, glob := range slices.Concat(o.Tables, o.Exclude, o.ReadOnly) {
		if _, err := path.Match(glob, ""); err != nil {
			return nil, problem.Wrap(err, "write for example 'order_*' or 'sales.*'", "%q is no pattern for names", glob)
		}
	}
	db, err := connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, refused(dsn, "", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	r := &reader{ctx: ctx, tx: tx, options: o, db: &relation.Database{}, tables: map[int64]*relation.Table{}, columns: map[int64]map[int64]*relation.Column{}}
	if err := r.all(); err != nil {
		return nil, fmt.Errorf("reading the catalog: %w", err)
	}
	if len(r.db.Tables) == 0 {
		return nil, r.nothing()
	}
	return r.db, nil
}

// reader holds what is known while the catalog is read.
type reader struct {
	ctx     context.Context
	tx      *sql.Tx
	options Options
	db      *relation.Database
	seen    int // relations, served or not

	tables  map[int64]*relation.Table            // by oid
	columns map[int64]map[int64]*relation.Column // by oid of the table and number
	oids    []int64
}

func (r *reader) all() error {
	for _, step := range []func() error{r.prepare, r.relations, r.heirs, r.attributes, r.indexes, r.constraints} {
		if err := step(); err != nil {
			return err
		}
	}
	r.keys()
	return nil
}

// prepare makes the server write every name with its schema.
func (r *reader) prepare() error {
	if _, err := r.tx.ExecContext(r.ctx, "SET LOCAL search_path = pg_catalog"); err != nil {
		return err
	}
	row := r.tx.QueryRowContext(r.ctx, `SELECT current_database(), coalesce(shobj_description(oid, 'pg_database'), ''), current_setting('server_version_num')::int
		FROM pg_database WHERE datname = current_database()`)
	return row.Scan(&r.db.Name, &r.db.Comment, &r.db.Version)
}

func (r *reader) nothing() error {
	if r.seen > 0 {
		return problem.New("check --schema, --tables and --exclude, and what the role may SELECT", "none of the %d tables and views of %s is to be served", r.seen, r.db.Name)
	}
	return problem.New("create its tables first, or name another database or schema", "the database %s has no tables", r.db.Name)
}

func (r *reader) note(rule string, warning bool, hint, format string, args ...any) {
	r.db.Notices = append(r.db.Notices, relation.Notice{Rule: rule, Warning: warning, Message: fmt.Sprintf(format, args...), Hint: hint})
}

const relationsQuery = `
SELECT c.oid, n.nspname, c.relname, c.relkind, coalesce(obj_description(c.oid, 'pg_class'), ''),
       has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT'),
       has_any_column_privilege(c.oid, 'INSERT'), has_any_column_privilege(c.oid, 'UPDATE'), has_table_privilege(c.oid, 'DELETE')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND (n.nspname::text = ANY ($1::text[]) OR cardinality($1::text[]) = 0)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

func (r *reader) relations() error {
	schemas := r.options.Schemas
	if schemas == nil {
		schemas = []string{}
	}
	return r.query(relationsQuery, func(rows *sql.Rows) error {
		var oid int64
		var kind string
		var mayRead bool
		t := &relation.Table{Kind: relation.Ordinary}
		if err := rows.Scan(&oid, &t.Schema, &t.Name, &kind, &t.Comment, &mayRead, &t.CanInsert, &t.CanUpdate, &t.CanDelete); err != nil {
			return err
		}
		r.seen++
		if !r.wanted(t) {
			return nil
		}
		if !mayRead {
			r.note("no-rights", true, "grant SELECT on it to the role that the API connects as", "%s.%s is left out: the role may not read it", t.Schema, t.Name)
			return nil
		}
		switch kind {
		case "v":
			t.Kind = relation.View
		case "m":
			t.Kind = relation.Materialized
		}
		if t.Kind != relation.Ordinary || matches(r.options.ReadOnly, t) {
			t.CanInsert, t.CanUpdate, t.CanDelete = false, false, false
		}
		r.db.Tables = append(r.db.Tables, t)
		r.tables[oid], r.columns[oid], r.oids = t, map[int64]*relation.Column{}, append(r.oids, oid)
		return nil
	}, pq.Array(schemas))
}

const heirsQuery = `
WITH RECURSIVE heirs(parent, child) AS (
	SELECT i.inhparent, i.inhrelid FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE p.relkind = 'r' AND p.oid = ANY ($1::oid[])
	UNION
	SELECT h.parent, i.inhrelid FROM heirs h JOIN pg_inherits i ON i.inhparent = h.child
)
SELECT h.parent, n.nspname || '.' || c.relname
FROM heirs h JOIN pg_class c ON c.oid = h.child JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY h.parent, (n.nspname || '.' || c.relname) COLLATE "C"`

// heirs are the tables that inherit from others.
func (r *reader) heirs() error {
	err := r.query(heirsQuery, func(rows *sql.Rows) error {
		var parent int64
		var name string
		if err := rows.Scan(&parent, &name); err != nil {
			return err
		}
		t := r.tables[parent]
		t.Heirs = append(t.Heirs, name)
		return nil
	}, pq.Array(r.oids))
	if err != nil {
		return err
	}
	for _, t := range r.db.Tables {
		if len(t.Heirs) > 0 {
			r.note("heirs", false, "", "%s.%s is served with the rows of tables that inherit from it (%s), as far as their columns are its own; where two have one key, a path means its own row",
				t.Schema, t.Name, strings.Join(t.Heirs, ", "))
		}
	}
	return nil
}

func (r *reader) wanted(t *relation.Table) bool {
	return (len(r.options.Tables) == 0 || matches(r.options.Tables, t)) && !matches(r.options.Exclude, t)
}

func matches(globs []string, t *relation.Table) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		short, _ := path.Match(glob, t.Name) // Read has checked the globs
		long, _ := path.Match(glob, t.Schema+"."+t.Name)
		return short || long
	})
}

// query calls each for every row.
func (r *reader) query(text string, each func(*sql.Rows) error, args ...any) error {
	rows, err := r.tx.QueryContext(r.ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
