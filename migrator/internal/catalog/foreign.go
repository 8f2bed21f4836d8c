package catalog

import "database/sql"

// Wrapper is a foreign data wrapper.
type Wrapper struct {
	Handler, Validator string
	Options            []string
}

// Server is a foreign server.
type Server struct {
	Type, Version, Wrapper string
	Options                []string
}

// UserMapping is one role's credentials at a server.
type UserMapping struct {
	Options []string
	// Hidden tells that the reader had no right to see the options.
	Hidden bool `diff:"-"`
}

func (*Wrapper) detail()     {}
func (*Server) detail()      {}
func (*UserMapping) detail() {}

func (r *reader) readWrappers() error {
	return r.each(`SELECT w.oid, w.fdwname, pg_catalog.pg_get_userbyid(w.fdwowner), `+acl("w.fdwacl", "F", "w.fdwowner")+`,
		CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::pg_catalog.regproc::text ELSE '' END,
		CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::pg_catalog.regproc::text ELSE '' END, to_json(w.fdwoptions)
		FROM pg_catalog.pg_foreign_data_wrapper w ORDER BY 2`, func(rows *sql.Rows) error {
		var oid uint32
		var g grants
		var options list
		d := &Wrapper{}
		o := &Object{ID: ID{Kind: KindForeignWrapper}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Name, &o.Owner, &g, &d.Handler, &d.Validator, &options); err != nil {
			return err
		}
		o.Grants, d.Options = g, options
		r.add(address{pgWrapper, oid, 0}, o)
		return nil
	})
}

func (r *reader) readServers() error {
	return r.each(`SELECT s.oid, s.srvname, pg_catalog.pg_get_userbyid(s.srvowner), `+acl("s.srvacl", "S", "s.srvowner")+`,
		coalesce(s.srvtype, ''), coalesce(s.srvversion, ''), w.fdwname, to_json(s.srvoptions)
		FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw ORDER BY 2`, func(rows *sql.Rows) error {
		var oid uint32
		var g grants
		var options list
		d := &Server{}
		o := &Object{ID: ID{Kind: KindServer}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Name, &o.Owner, &g, &d.Type, &d.Version, &d.Wrapper, &options); err != nil {
			return err
		}
		o.Grants, d.Options = g, options
		r.add(address{pgForeignServer, oid, 0}, o)
		return nil
	})
}

func (r *reader) readUserMappings() error {
	// The view shows options only to those who may see them: superusers, and the
	// user. Who may read the table sees all.
	var may bool
	if err := r.tx.QueryRowContext(r.ctx, `SELECT pg_catalog.has_table_privilege('pg_catalog.pg_user_mapping', 'SELECT')`).Scan(&may); err != nil {
		return err
	}
	// What the view shows, in its own words: else there is no telling options that
	// are hidden from none.
	from, hidden := "pg_catalog.pg_user_mappings u", `NOT coalesce(u.umuser <> 0 AND u.usename = current_user AND pg_catalog.has_server_privilege(u.srvid, 'USAGE')
		OR u.umuser = 0 AND pg_catalog.pg_has_role((SELECT s.srvowner FROM pg_catalog.pg_foreign_server s WHERE s.oid = u.srvid), 'USAGE')
		OR (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user), false)`
	if may {
		hidden = "false"
		from = `(SELECT m.oid AS umid, s.srvname, CASE m.umuser WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(m.umuser) END AS usename, m.umoptions
			FROM pg_catalog.pg_user_mapping m JOIN pg_catalog.pg_foreign_server s ON s.oid = m.umserver) u`
	}
	return r.each(`SELECT u.umid, u.srvname, u.usename, to_json(u.umoptions), `+hidden+` FROM `+from+` ORDER BY 2, 3`,
		func(rows *sql.Rows) error {
			var oid uint32
			var options list
			d := &UserMapping{}
			o := &Object{ID: ID{Kind: KindUserMapping}, Detail: d}
			if err := rows.Scan(&oid, &o.ID.Name, &o.ID.Sub, &options, &d.Hidden); err != nil {
				return err
			}
			d.Options = options
			r.role(o.ID.Sub)
			r.add(address{pgUserMapping, oid, 0}, o)
			return nil
		})
}
