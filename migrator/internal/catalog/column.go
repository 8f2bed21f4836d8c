package catalog

import "database/sql"

// Column is a column of a table or foreign table.
type Column struct {
	Type           string
	Collation      string // "" is the type's own
	NotNull        bool
	Identity       string // a always, d by default, "" none
	Sequence       *SequenceOptions
	Generated      string // s stored, v virtual, "" none
	Storage        string // "" is the type's own
	Compression    string
	StatsTarget    int      // -1 is the default
	Options        []string // n_distinct=…
	ForeignOptions []string
	Local          bool    // declared on this table, not only inherited
	Inherited      bool    // from a parent
	Parents        int     `diff:"-"` // how many parents it is inherited from
	Position       int     `diff:"-"`
	SequenceGrants []Grant // on it
	SequenceName   string  // of an identity column's sequence

	// Of the constraint behind NotNull, from PostgreSQL 18 on.
	NotNullName      string // "" is the one that PostgreSQL gives
	NotNullNoInherit bool
	NotNullNotValid  bool
	NotNullComment   string
	NotNullLocal     bool `diff:"-"` // declared on this table
	NotNullParents   int  `diff:"-"` // from how many parents it is inherited
}

func (*Column) detail() {}

// ViewColumn is a column of a view or a materialized view.
type ViewColumn struct {
	Type        string
	Collation   string
	Position    int
	StatsTarget int

	// Of a materialized view's column.
	Storage     string // "" is the type's own
	Compression string
	Options     []string // n_distinct=…
}

func (*ViewColumn) detail() {}

// Default is the default of a column, or the expression of a generated one.
type Default struct {
	Expr      string
	Generated bool
}

func (*Default) detail() {}

func (r *reader) readColumns() error {
	compression := r.since(14, "a.attcompression", "''")
	return r.each(`SELECT a.attrelid, a.attnum, a.attname, c.relkind, pg_catalog.format_type(a.atttypid, a.atttypmod),
		CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::pg_catalog.regcollation::text ELSE '' END,
		a.attnotnull, a.attidentity, a.attgenerated, CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text ELSE '' END,
		`+compression+`, coalesce(a.attstattarget, -1), (SELECT json_agg(x ORDER BY x) FROM unnest(a.attoptions) x),
		(SELECT json_agg(x) FROM unnest(a.attfdwoptions) x), a.attislocal, a.attinhcount,
		CASE WHEN a.attacl IS NOT NULL THEN `+acl("a.attacl", "", "")+` END,
		i.options, coalesce(i.name, ''), i.grants, coalesce(i.oid, 0)
		FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
		LEFT JOIN LATERAL (SELECT q.oid, q.oid::pg_catalog.regclass::text AS name, `+acl("q.relacl", "s", "q.relowner")+` AS grants,
			json_build_object('Type', pg_catalog.format_type(s.seqtypid, NULL), 'Start', s.seqstart, 'Increment', s.seqincrement,
				'Min', s.seqmin, 'Max', s.seqmax, 'Cache', s.seqcache, 'Cycle', s.seqcycle) AS options
			FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid JOIN pg_catalog.pg_class q ON q.oid = d.objid
			WHERE a.attidentity <> '' AND d.classid = 1259 AND d.refclassid = 1259 AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
				AND d.deptype = 'i' LIMIT 1) i ON true
		WHERE `+ours+` AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relpersistence <> 't'
		ORDER BY a.attrelid, a.attnum`, func(rows *sql.Rows) error {
		var oid, sequence uint32
		var num int32
		var name, kind string
		var options, foreign list
		var g, seqGrants grants
		d := &Column{}
		if err := rows.Scan(&oid, &num, &name, &kind, &d.Type, &d.Collation, &d.NotNull, &d.Identity, &d.Generated, &d.Storage, &d.Compression,
			&d.StatsTarget, &options, &foreign, &d.Local, &d.Parents, &g, identity{&d.Sequence}, &d.SequenceName, &seqGrants, &sequence); err != nil {
			return err
		}
		d.Inherited = d.Parents > 0
		at := address{pgClass, oid, num}
		parent, ok := r.object(address{pgClass, oid, 0})
		if !ok || parent.ID.Kind == KindExtension {
			r.ids[at] = r.ids[address{pgClass, oid, 0}]
			return nil
		}
		r.columns[at] = name
		d.Options, d.ForeignOptions, d.Position = options, foreign, int(num)
		d.SequenceGrants = r.once(ownedGrants(seqGrants, parent.Owner))
		o := &Object{ID: ID{KindColumn, parent.ID.Schema, parent.ID.Name, name}, Detail: d, Grants: g}
		switch kind {
		case "c":
			o.ID.Kind, o.Detail = KindAttribute, &Attribute{Type: d.Type, Collation: d.Collation, Position: int(num)}
		case "v", "m":
			o.Detail = &ViewColumn{d.Type, d.Collation, int(num), d.StatsTarget, d.Storage, d.Compression, d.Options}
		}
		r.add(at, o)
		if sequence != 0 {
			r.ids[address{pgClass, sequence, 0}] = &o.ID
		}
		return nil
	})
}

// ownedGrants writes the owner as "", so that a change of owner is no change of
// the privileges.
func ownedGrants(grants []Grant, owner string) []Grant {
	for i := range grants {
		if grants[i].Grantee == owner {
			grants[i].Grantee = ""
		}
		if grants[i].Grantor == owner {
			grants[i].Grantor = ""
		}
	}
	return sortGrants(grants)
}

func (r *reader) readDefaults() error {
	return r.each(`SELECT d.oid, d.adrelid, d.adnum, pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated <> ''
		FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
		WHERE d.adrelid >= 16384 ORDER BY 2, 3`, func(rows *sql.Rows) error {
		var oid, relation uint32
		var num int32
		d := &Default{}
		if err := rows.Scan(&oid, &relation, &num, &d.Expr, &d.Generated); err != nil {
			return err
		}
		column, ok := r.object(address{pgClass, relation, num})
		if !ok || column.ID.Kind != KindColumn {
			return nil
		}
		r.add(address{pgAttrdef, oid, 0}, &Object{ID: ID{KindDefault, column.ID.Schema, column.ID.Name, column.ID.Sub}, Detail: d})
		return nil
	})
}
