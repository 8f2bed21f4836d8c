package catalog

import "database/sql"

// Table is a table of any sort: plain, partitioned, partition, foreign.
type Table struct {
	Persistence      string // p permanent, u unlogged
	AccessMethod     string
	Tablespace       string
	Options          []string // name=value, sorted
	OptionOrder      []string `diff:"-"` // as they are stored and printed
	ToastOptions     []string
	ReplicaIdentity  string // d default, n nothing, f full, i an index
	ReplicaIndex     string
	RowSecurity      bool
	ForceRowSecurity bool
	OfType           string
	KeyCopies        []KeyCopy `diff:"-"` // of its parent's foreign keys
	Inherits         []ID      // parents, in their order; for a partition its one parent
	PartitionKey     string    // "RANGE (id)"
	Bound            string    // "FOR VALUES FROM (1) TO (10)"
	Server           string    // of a foreign table
	ForeignOptions   []string
}

func (*Table) detail() {}

// KeyCopy is a partition's copy of a foreign key of its parent. It is no object
// of its own until the partition is detached.
type KeyCopy struct {
	Name   string
	Parent ID // the foreign key
}

// Partitioned tells whether the table has partitions rather than rows.
func (t *Table) Partitioned() bool { return t.PartitionKey != "" }

// View is a view or a materialized view.
type View struct {
	Definition   string // the query, without a final semicolon
	Options      []string
	OptionOrder  []string `diff:"-"`
	Populated    bool     // of a materialized view
	AccessMethod string
	Tablespace   string
}

func (*View) detail() {}

func (r *reader) readRelations() error {
	var parents []struct {
		child *Table
		oids  []uint32
	}
	err := r.each(`SELECT c.oid, c.relkind, n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), `+acl("c.relacl", "r", "c.relowner")+`,
		c.relpersistence, coalesce(am.amname, ''), coalesce(ts.spcname, ''),
		to_json(c.reloptions), to_json(tc.reloptions),
		c.relreplident, coalesce((SELECT i.indexrelid::pg_catalog.regclass::text FROM pg_catalog.pg_index i WHERE c.relreplident = 'i' AND i.indrelid = c.oid AND i.indisreplident), ''),
		c.relrowsecurity, c.relforcerowsecurity, CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) ELSE '' END,
		(SELECT json_agg(i.inhparent::bigint::text ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
		CASE c.relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) ELSE '' END,
		coalesce(pg_catalog.pg_get_expr(c.relpartbound, c.oid), ''),
		coalesce(fs.srvname, ''), (SELECT json_agg(x) FROM unnest(ft.ftoptions) x),
		CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) ELSE '' END, c.relispopulated,
		c.reltype, coalesce(ty.typarray, 0), c.reltuples::bigint, c.relpages::bigint * 8192
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
		LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
		LEFT JOIN pg_catalog.pg_class tc ON tc.oid = c.reltoastrelid
		LEFT JOIN pg_catalog.pg_type ty ON ty.oid = c.reltype
		LEFT JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = c.oid
		LEFT JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver
		WHERE `+ours+` AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't' ORDER BY 3, 4`, func(rows *sql.Rows) error {
		var oid, rowType, rowArray uint32
		var kind string
		var g grants
		var options, toast, foreign, inherits list
		var t Table
		var v View
		var size Size
		o := &Object{}
		if err := rows.Scan(&oid, &kind, &o.ID.Schema, &o.ID.Name, &o.Owner, &g, &t.Persistence, &t.AccessMethod, &t.Tablespace,
			&options, &toast, &t.ReplicaIdentity, &t.ReplicaIndex, &t.RowSecurity, &t.ForceRowSecurity, &t.OfType, &inherits,
			&t.PartitionKey, &t.Bound, &t.Server, &foreign, &v.Definition, &v.Populated,
			&rowType, &rowArray, &size.Rows, &size.Bytes); err != nil {
			return err
		}
		o.Grants = g
		switch kind {
		case "v", "m":
			o.ID.Kind = KindView
			if kind == "m" {
				o.ID.Kind = KindMaterializedView
			} else {
				v.Populated = false
			}
			v.Definition, v.Options, v.OptionOrder, v.AccessMethod, v.Tablespace = trimQuery(v.Definition), sorted(options), options, t.AccessMethod, t.Tablespace
			o.Detail = &v
		case "f":
			o.ID.Kind = KindForeignTable
			fallthrough
		default:
			if kind != "f" {
				o.ID.Kind = KindTable
			}
			t.Options, t.OptionOrder, t.ToastOptions, t.ForeignOptions = sorted(options), options, sorted(toast), foreign
			o.Detail = &t
			if len(inherits) > 0 {
				parents = append(parents, struct {
					child *Table
					oids  []uint32
				}{&t, numbers(inherits)})
			}
		}
		at := address{pgClass, oid, 0}
		r.add(at, o)
		id := r.ids[at]
		r.ids[address{pgType, rowType, 0}], r.ids[address{pgType, rowArray, 0}] = id, id
		if r.opts.Sizes && kind != "v" {
			if r.c.Sizes == nil {
				r.c.Sizes = map[ID]Size{}
			}
			r.c.Sizes[*id] = size
		}
		return nil
	})
	if err == nil && len(parents) > 0 && r.c.Version >= 140000 {
		err = r.readHalfDetached()
	}
	for _, p := range parents {
		for _, oid := range p.oids {
			if id := r.ids[address{pgClass, oid, 0}]; id != nil {
				p.child.Inherits = append(p.child.Inherits, *id)
			}
		}
	}
	return err
}

// readHalfDetached finds the partitions whose DETACH CONCURRENTLY was cut off:
// queries do not see them any more, and most commands refuse them.
func (r *reader) readHalfDetached() error {
	return r.each(`SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhdetachpending ORDER BY 1`, func(rows *sql.Rows) error {
		var oid uint32
		err := rows.Scan(&oid)
		if id := r.ids[address{pgClass, oid, 0}]; id != nil {
			r.c.HalfDetached = append(r.c.HalfDetached, *id)
		}
		return err
	})
}
