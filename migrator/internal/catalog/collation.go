package catalog

import "database/sql"

// Collation is a user's collation.
type Collation struct {
	Provider      string // i ICU, c libc, b builtin
	Collate       string
	Ctype         string
	Locale        string
	Rules         string
	Deterministic bool
}

func (*Collation) detail() {}

func (r *reader) readCollations() error {
	locale := r.since(17, "coalesce(c.colllocale, '')", r.since(15, "coalesce(c.colliculocale, '')", "''"))
	rules := r.since(16, "coalesce(c.collicurules, '')", "''")
	return r.each(`SELECT c.oid, n.nspname, c.collname, pg_catalog.pg_get_userbyid(c.collowner), c.collprovider, coalesce(c.collcollate, ''),
		coalesce(c.collctype, ''), `+locale+`, `+rules+`, c.collisdeterministic
		FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
		WHERE `+ours+` ORDER BY 2, 3`, func(rows *sql.Rows) error {
		var oid uint32
		d := &Collation{}
		o := &Object{ID: ID{Kind: KindCollation}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Schema, &o.ID.Name, &o.Owner, &d.Provider, &d.Collate, &d.Ctype, &d.Locale, &d.Rules,
			&d.Deterministic); err != nil {
			return err
		}
		r.add(address{pgCollation, oid, 0}, o)
		return nil
	})
}
