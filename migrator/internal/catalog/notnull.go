package catalog

import "database/sql"

// NotNullDefault is the name that PostgreSQL gives to the constraint behind a
// NOT NULL; a longer one is cut in a way that is not ours to know.
func NotNullDefault(table, column string) string { return table + "_" + column + "_not_null" }

// readNotNulls reads the constraints behind NOT NULL, which are objects with a
// name from PostgreSQL 18 on. They stay properties of their columns here, so
// that servers of different versions compare.
func (r *reader) readNotNulls() error {
	if r.c.Version < 180000 {
		return nil
	}
	return r.each(`SELECT o.oid, o.conrelid, o.conkey[1], o.conname, o.connoinherit, NOT o.convalidated, o.conislocal, o.coninhcount
		FROM pg_catalog.pg_constraint o WHERE o.contype = 'n' AND o.conrelid >= 16384 ORDER BY o.conrelid, o.conname`, func(rows *sql.Rows) error {
		var oid, relation uint32
		var number int32
		var name string
		var noInherit, notValid, local bool
		var parents int
		if err := rows.Scan(&oid, &relation, &number, &name, &noInherit, &notValid, &local, &parents); err != nil {
			return err
		}
		o, ok := r.object(address{pgClass, relation, number})
		if !ok {
			return nil
		}
		d, ok := o.Detail.(*Column)
		if !ok {
			return nil
		}
		d.NotNullLocal, d.NotNullParents = local, parents
		d.NotNullNoInherit, d.NotNullNotValid, d.NotNullComment = noInherit, notValid, r.comments[address{pgConstraint, oid, 0}]
		// That of a parent's column has its name from how it came to be there, and
		// PostgreSQL has no command that renames it.
		if name != NotNullDefault(o.ID.Name, o.ID.Sub) && (local || parents == 0) {
			d.NotNullName = name
		}
		return nil
	})
}
