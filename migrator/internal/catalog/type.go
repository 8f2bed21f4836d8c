package catalog

import "database/sql"

// Enum is an enumerated type.
type Enum struct{ Labels []string }

// Domain is a domain; its checks are objects of their own.
type Domain struct {
	Type      string
	Collation string
	NotNull   bool
	Default   string
}

// Composite is a row type of its own; its attributes are objects of their own.
type Composite struct{}

// Attribute is a field of a composite type.
type Attribute struct {
	Type      string
	Collation string
	Position  int `diff:"-"`
}

// Range is a range type.
type Range struct {
	Subtype    string
	Opclass    string
	Collation  string
	Canonical  string
	Diff       string
	Multirange string
}

// BaseType is a type written in C: never ours to create.
type BaseType struct{}

func (*Enum) detail()      {}
func (*Domain) detail()    {}
func (*Composite) detail() {}
func (*Attribute) detail() {}
func (*Range) detail()     {}
func (*BaseType) detail()  {}

func (r *reader) readTypes() error {
	arrays := map[uint32]uint32{}
	multirange := r.since(14, "CASE WHEN g.rngmultitypid IS NULL THEN '' ELSE (SELECT m.typname FROM pg_catalog.pg_type m WHERE m.oid = g.rngmultitypid) END", "''")
	multiOID := r.since(14, "coalesce(g.rngmultitypid, 0)", "0")
	err := r.each(`SELECT t.oid, t.typtype, n.nspname, t.typname, pg_catalog.pg_get_userbyid(t.typowner), `+acl("t.typacl", "T", "t.typowner")+`,
		t.typarray, t.typrelid, coalesce(c.relkind, ' '),
		CASE t.typtype WHEN 'e' THEN (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END,
		CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) ELSE '' END,
		CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN t.typcollation::pg_catalog.regcollation::text ELSE '' END,
		t.typnotnull, coalesce(t.typdefault, ''),
		coalesce(pg_catalog.format_type(g.rngsubtype, NULL), ''),
		CASE WHEN o.opcdefault OR o.oid IS NULL THEN '' ELSE (SELECT pg_catalog.quote_ident(x.nspname) || '.' || pg_catalog.quote_ident(o.opcname) FROM pg_catalog.pg_namespace x WHERE x.oid = o.opcnamespace) END,
		CASE WHEN g.rngcollation <> s.typcollation THEN g.rngcollation::pg_catalog.regcollation::text ELSE '' END,
		CASE WHEN g.rngcanonical <> 0 THEN g.rngcanonical::text ELSE '' END,
		CASE WHEN g.rngsubdiff <> 0 THEN g.rngsubdiff::text ELSE '' END,
		`+multirange+`, `+multiOID+`
		FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
		LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
		LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
		LEFT JOIN pg_catalog.pg_range g ON g.rngtypid = t.oid
		LEFT JOIN pg_catalog.pg_opclass o ON o.oid = g.rngsubopc
		LEFT JOIN pg_catalog.pg_type s ON s.oid = g.rngsubtype
		WHERE `+ours+` AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c'
			OR t.typtype = 'b' AND t.typcategory <> 'A')
		ORDER BY 3, 4`, func(rows *sql.Rows) error {
		var oid, array, relid, multi uint32
		var kind, relkind string
		var g grants
		var labels list
		var d Domain
		var rg Range
		o := &Object{ID: ID{Kind: KindType}}
		if err := rows.Scan(&oid, &kind, &o.ID.Schema, &o.ID.Name, &o.Owner, &g, &array, &relid, &relkind, &labels,
			&d.Type, &d.Collation, &d.NotNull, &d.Default,
			&rg.Subtype, &rg.Opclass, &rg.Collation, &rg.Canonical, &rg.Diff, &rg.Multirange, &multi); err != nil {
			return err
		}
		o.Grants = g
		switch kind {
		case "e":
			o.Detail = &Enum{labels}
		case "d":
			o.ID.Kind, o.Detail = KindDomain, &d
		case "r":
			o.Detail = &rg
		case "c":
			o.Detail = &Composite{}
		default:
			if _, member := r.members[address{pgType, oid, 0}]; !member {
				r.ids[address{pgType, oid, 0}] = &o.ID
				r.c.Unmanaged = append(r.c.Unmanaged, o.ID)
			}
			return nil
		}
		at := address{pgType, oid, 0}
		r.add(at, o)
		if array != 0 {
			arrays[array] = oid
		}
		if relid != 0 {
			r.ids[address{pgClass, relid, 0}] = r.ids[at]
			if _, member := r.members[at]; !member {
				if s := r.comments[address{pgClass, relid, 0}]; s != "" {
					o.Comment = s
				}
			}
		}
		if multi != 0 {
			r.ids[address{pgType, multi, 0}] = r.ids[at]
		}
		return nil
	})
	for array, element := range arrays {
		r.ids[address{pgType, array, 0}] = r.ids[address{pgType, element, 0}]
	}
	return err
}
