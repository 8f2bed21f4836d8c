package catalog

import "database/sql"

// readDependencies fills Needs from pg_depend, in terms of our identities.
//
// Left out: what an object needs of itself or of its own parts, and that an
// owned sequence needs its column (it is there first and then given away; the
// Detail holds the owner).
func (r *reader) readDependencies() error {
	need := func(from, on ID) {
		o := r.c.Objects[from]
		if o == nil || from == on || on.Kind == "" || r.within(on, from) {
			return
		}
		r.c.need(o, on)
	}
	for _, id := range r.c.Order {
		if parent, ok := r.c.Parent(id); ok {
			need(id, parent)
		}
		switch d := r.c.Objects[id].Detail.(type) {
		case *Constraint:
			if d.ParentIndex.Kind != "" {
				need(id, d.ParentIndex)
			}
			need(id, d.References) // pg_depend names only its columns
		case *Server:
			need(id, ID{Kind: KindForeignWrapper, Name: d.Wrapper})
		case *PublicationSchema:
			need(id, ID{Kind: KindSchema, Name: d.Schema})
		case *Extension:
			need(id, ID{Kind: KindSchema, Name: d.Schema})
		}
	}
	return r.each(`SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype FROM pg_catalog.pg_depend
		WHERE objid >= 16384 AND (refobjid >= 16384 OR refobjid = 2200) AND deptype <> 'e'`, func(rows *sql.Rows) error {
		var at, on address
		var kind string
		if err := rows.Scan(&at.class, &at.oid, &at.sub, &on.class, &on.oid, &on.sub, &kind); err != nil {
			return err
		}
		from, to := r.resolve(at), r.resolve(on)
		if o := r.c.Objects[from]; o != nil {
			if s, ok := o.Detail.(*Sequence); ok && to.Kind == KindColumn {
				if kind == "a" {
					s.OwnedBy = to
				}
				return nil
			}
		}
		if def, ok := r.generated(from); ok {
			need(def, to)
			if kindOfValue(to.Kind) {
				return nil
			}
		}
		need(from, to)
		return nil
	})
}

// generated finds the expression of a generated column: before PostgreSQL 15
// the column is said to depend on what the expression needs.
func (r *reader) generated(column ID) (ID, bool) {
	o := r.c.Objects[column]
	if o == nil || r.c.Version >= 150000 {
		return ID{}, false
	}
	d, ok := o.Detail.(*Column)
	return ID{KindDefault, column.Schema, column.Name, column.Sub}, ok && d.Generated != ""
}

// kindOfValue tells what only an expression needs; a type or a collation may be
// the column's own.
func kindOfValue(k Kind) bool {
	switch k {
	case KindType, KindDomain, KindCollation, KindExtension, KindTable, KindForeignTable:
		return false
	}
	return true
}

// resolve finds the identity of an address: of the column when it is one.
func (r *reader) resolve(at address) ID {
	if _, ok := r.ids[at]; ok {
		return r.id(at)
	}
	return r.id(address{at.class, at.oid, 0})
}

// within tells whether id is a part of whole.
func (r *reader) within(id, whole ID) bool {
	for {
		parent, ok := r.c.Parent(id)
		if !ok {
			return false
		}
		if parent == whole {
			return true
		}
		id = parent
	}
}
