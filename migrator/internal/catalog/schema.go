package catalog

import "database/sql"

// Schema has nothing but its name, owner, comment and grants.
type Schema struct{}

func (*Schema) detail() {}

func (r *reader) readSchemas() error {
	return r.each(`SELECT n.oid, n.nspname, pg_catalog.pg_get_userbyid(n.nspowner), `+acl("n.nspacl", "n", "n.nspowner")+`
		FROM pg_catalog.pg_namespace n WHERE `+ours+` ORDER BY 2`, func(rows *sql.Rows) error {
		var oid uint32
		var g grants
		o := &Object{ID: ID{Kind: KindSchema}, Detail: &Schema{}}
		if err := rows.Scan(&oid, &o.ID.Name, &o.Owner, &g); err != nil {
			return err
		}
		o.Grants = g
		r.add(address{pgNamespace, oid, 0}, o)
		return nil
	})
}
