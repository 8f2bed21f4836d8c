package catalog

import (
	"database/sql"
	"slices"
	"strings"
)

// Constraint is a constraint of a table or of a domain. NOT NULL is a property
// of the column.
type Constraint struct {
	Type         string // p primary key, u unique, f foreign key, c check, x exclusion
	Definition   string // with DEFERRABLE, NOT VALID and NO INHERIT
	Validated    bool   `diff:"-"` // the definition says so
	Local        bool
	Inherited    bool
	Parents      int      `diff:"-"` // how many parents it is inherited from
	IndexOptions []string // of the index beneath
	OptionOrder  []string `diff:"-"`
	Tablespace   string
	Clustered    bool
	IndexComment string
	ParentIndex  ID       // of a partition's key: the constraint that it is attached to
	Table        ID       `diff:"-"`
	References   ID       `diff:"-"` // the other table of a foreign key
	Columns      []string `diff:"-"`
	Index        string   `diff:"-"` // CREATE INDEX … of a key's index, without storage parameters
}

func (*Constraint) detail() {}

// parentLink is a partition's key whose parent's index is not read yet.
type parentLink struct {
	child  *Constraint
	parent uint32
}

func (r *reader) readConstraints() error {
	type keyCopy struct {
		table *Table
		name  string
		oid   uint32
	}
	var copies []keyCopy
	clones := map[uint32]uint32{}
	err := r.each(`SELECT o.oid, o.conrelid, o.contypid, o.conname, o.contype, pg_catalog.pg_get_constraintdef(o.oid), o.convalidated, o.conislocal,
		o.coninhcount, o.conparentid, coalesce((SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid), 0), o.conindid, o.confrelid, to_json(c.reloptions),
		coalesce(ts.spcname, ''), coalesce(i.indisclustered, false), to_json(o.conkey),
		CASE WHEN o.contype IN ('p', 'u') THEN pg_catalog.pg_get_indexdef(o.conindid) ELSE '' END
		FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace
		LEFT JOIN pg_catalog.pg_class c ON c.oid = o.conindid AND o.contype IN ('p', 'u', 'x')
		LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
		LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
		WHERE `+ours+` AND o.contype IN ('p', 'u', 'f', 'c', 'x') ORDER BY o.conrelid, o.contypid, o.contype = 'f', o.contype <> 'p', o.conname`, func(rows *sql.Rows) error {
		var oid, relation, domain, parentOID, parentIndex, index, references uint32
		var name string
		var options list
		var keys ints
		d := &Constraint{}
		if err := rows.Scan(&oid, &relation, &domain, &name, &d.Type, &d.Definition, &d.Validated, &d.Local, &d.Parents, &parentOID, &parentIndex,
			&index, &references, &options, &d.Tablespace, &d.Clustered, &keys, &d.Index); err != nil {
			return err
		}
		at := address{pgConstraint, oid, 0}
		d.Inherited = d.Parents > 0
		d.IndexOptions, d.OptionOrder = sorted(options), options
		if len(options) > 0 {
			d.Index = withoutOptions(d.Index)
		}
		if domain != 0 {
			if parent, ok := r.object(address{pgType, domain, 0}); ok && parent.ID.Kind == KindDomain {
				r.add(at, &Object{ID: ID{KindDomainConstraint, parent.ID.Schema, parent.ID.Name, name}, Detail: d})
			}
			return nil
		}
		table, ok := r.object(address{pgClass, relation, 0})
		if !ok || table.ID.Kind == KindExtension {
			r.ids[at] = r.ids[address{pgClass, relation, 0}]
			return nil
		}
		if d.Type == "f" && parentOID != 0 {
			clones[oid] = parentOID // PostgreSQL keeps these by itself
			if t, ok := table.Detail.(*Table); ok {
				copies = append(copies, keyCopy{t, name, oid})
			}
			return nil
		}
		d.Table, d.References = table.ID, r.id(address{pgClass, references, 0})
		for _, k := range keys {
			d.Columns = append(d.Columns, r.columns[address{pgClass, relation, int32(k)}])
		}
		r.add(at, &Object{ID: ID{KindConstraint, table.ID.Schema, table.ID.Name, name}, Detail: d, Age: index})
		if d.Type == "p" || d.Type == "u" || d.Type == "x" {
			r.ids[address{pgClass, index, 0}] = r.ids[at]
			d.IndexComment = r.comments[address{pgClass, index, 0}]
			if parentIndex != 0 {
				r.parentIndexes = append(r.parentIndexes, parentLink{d, parentIndex})
			}
		}
		return nil
	})
	for clone, parent := range clones {
		for range 32 { // partitions of partitions
			next, ok := clones[parent]
			if !ok {
				break
			}
			parent = next
		}
		r.ids[address{pgConstraint, clone, 0}] = r.ids[address{pgConstraint, parent, 0}]
	}
	for _, k := range copies {
		k.table.KeyCopies = append(k.table.KeyCopies, KeyCopy{k.name, r.id(address{pgConstraint, k.oid, 0})})
	}
	return err
}

// Statistics is an extended statistics object.
type Statistics struct {
	Definition string
	Target     int
	Table      ID `diff:"-"`
}

func (*Statistics) detail() {}

func (r *reader) readStatistics() error {
	return r.each(`SELECT s.oid, n.nspname, s.stxname, pg_catalog.pg_get_userbyid(s.stxowner), pg_catalog.pg_get_statisticsobjdef(s.oid),
		coalesce(s.stxstattarget, -1), s.stxrelid FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
		WHERE `+ours+` ORDER BY 2, 3`, func(rows *sql.Rows) error {
		var oid, relation uint32
		d := &Statistics{}
		o := &Object{ID: ID{Kind: KindStatistics}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Schema, &o.ID.Name, &o.Owner, &d.Definition, &d.Target, &relation); err != nil {
			return err
		}
		d.Table = r.id(address{pgClass, relation, 0})
		d.Definition = sortedColumns(d.Definition)
		r.add(address{pgStatistic, oid, 0}, o)
		return nil
	})
}

// sortedColumns puts the columns of a statistics object in order: PostgreSQL
// prints them as they stand in the table, and their order means nothing. Expressions
// come after them, as they were written.
func sortedColumns(def string) string {
	head, rest, ok := strings.Cut(def, " ON ")
	i := strings.LastIndex(rest, " FROM ")
	if !ok || i < 0 {
		return def
	}
	var items []string
	depth, start := 0, 0
	list := rest[:i]
	for j := range len(list) {
		switch list[j] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				items = append(items, strings.TrimSpace(list[start:j]))
				start = j + 1
			}
		}
	}
	items = append(items, strings.TrimSpace(list[start:]))
	slices.SortStableFunc(items, func(a, b string) int {
		switch x, y := strings.HasSuffix(a, ")"), strings.HasSuffix(b, ")"); { // an expression; a name ends in a quote or a letter
		case x && y:
			return 0
		case x:
			return 1
		case y:
			return -1
		}
		return strings.Compare(a, b)
	})
	return head + " ON " + strings.Join(items, ", ") + rest[i:]
}

// Has tells whether a constraint is over a column.
func (c *Constraint) Has(column string) bool { return slices.Contains(c.Columns, column) }
