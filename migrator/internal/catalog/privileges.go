package catalog

import "database/sql"

// DefaultPrivileges are what ALTER DEFAULT PRIVILEGES set for one role, one
// kind of object and one schema (or all). They are in the object's Grants.
type DefaultPrivileges struct {
	Role   string
	Schema string
	Type   string // r tables, S sequences, f functions, T types, n schemas, L large objects
}

func (*DefaultPrivileges) detail() {}

func (r *reader) readDefaultPrivileges() error {
	return r.each(`SELECT d.oid, pg_catalog.pg_get_userbyid(d.defaclrole), coalesce(n.nspname, ''), d.defaclobjtype, `+acl("d.defaclacl", "", "")+`
		FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace ORDER BY 2, 3, 4`,
		func(rows *sql.Rows) error {
			var oid uint32
			var g grants
			d := &DefaultPrivileges{}
			if err := rows.Scan(&oid, &d.Role, &d.Schema, &d.Type, &g); err != nil {
				return err
			}
			r.role(d.Role)
			o := &Object{ID: ID{KindDefaultPrivileges, d.Schema, d.Role, d.Type}, Detail: d, Grants: g}
			r.add(address{pgDefaultACL, oid, 0}, o)
			if d.Schema != "" {
				r.c.need(o, ID{Kind: KindSchema, Name: d.Schema})
			}
			return nil
		})
}

const pgDefaultACL = 826

// BuiltinGrants are the privileges that a new object of a kind has when no
// default privileges are set: everything for its owner, and for everybody what
// PostgreSQL gives to PUBLIC.
func BuiltinGrants(kind Kind, owner string, version int) []Grant {
	var own, public []string
	switch kind {
	case KindTable, KindForeignTable, KindView, KindMaterializedView:
		own = []string{"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"}
		if version >= 170000 {
			own = append(own, "MAINTAIN")
		}
	case KindSequence:
		own = []string{"SELECT", "UPDATE", "USAGE"}
	case KindFunction, KindProcedure, KindAggregate:
		own, public = []string{"EXECUTE"}, []string{"EXECUTE"}
	case KindType, KindDomain, KindLanguage:
		own, public = []string{"USAGE"}, []string{"USAGE"}
	case KindSchema:
		own = []string{"CREATE", "USAGE"}
	case KindLargeObject:
		own = []string{"SELECT", "UPDATE"}
	case KindServer, KindForeignWrapper:
		own = []string{"USAGE"}
	}
	var gs []Grant
	for _, p := range own {
		gs = append(gs, Grant{Grantee: owner, Privilege: p})
	}
	for _, p := range public {
		gs = append(gs, Grant{Grantee: "public", Privilege: p})
	}
	return sortGrants(gs)
}
