package catalog

import (
	"database/sql"
	"slices"
	"strings"
)

// SystemGrants are the privileges on an object that PostgreSQL itself or an
// extension brought, where somebody changed them. They are in the object's
// Grants.
type SystemGrants struct {
	Target  string  `diff:"-"` // as GRANT names it: FUNCTION pg_catalog.pg_sleep(double precision)
	Initial []Grant `diff:"-"` // what the object came with
	Owner   string  `diff:"-"` // "" among the grantees
}

func (*SystemGrants) detail() {}

// systemACL is a catalog of such objects: its columns of privileges, owner and
// schema ("0" has none), acldefault's letter, and what GRANT calls an object and
// its name.
type systemACL struct{ table, acl, owner, schema, letter, word, name string }

var systemACLs = [...]systemACL{
	{"pg_proc", "proacl", "proowner", "pronamespace", "'f'", "CASE x.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END",
		"x.oid::pg_catalog.regprocedure::text"},
	{"pg_class", "relacl", "relowner", "relnamespace", "CASE x.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"", "CASE x.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END",
		"x.oid::pg_catalog.regclass::text"},
	{"pg_type", "typacl", "typowner", "typnamespace", "'T'", "'TYPE'", "x.oid::pg_catalog.regtype::text"},
	{"pg_language", "lanacl", "lanowner", "0", "'l'", "'LANGUAGE'", "pg_catalog.quote_ident(x.lanname)"},
	{"pg_namespace", "nspacl", "nspowner", "0", "'n'", "'SCHEMA'", "pg_catalog.quote_ident(x.nspname)"},
	{"pg_foreign_data_wrapper", "fdwacl", "fdwowner", "0", "'F'", "'FOREIGN DATA WRAPPER'", "pg_catalog.quote_ident(x.fdwname)"},
	{"pg_foreign_server", "srvacl", "srvowner", "0", "'S'", "'FOREIGN SERVER'", "pg_catalog.quote_ident(x.srvname)"},
}

// systemGrantsQuery compares privileges with those that pg_init_privs recorded
// when the database or the extension was made, as pg_dump does.
func systemGrantsQuery() string {
	var parts []string
	for _, c := range systemACLs {
		parts = append(parts, `SELECT 'pg_catalog.`+c.table+`'::pg_catalog.regclass::oid::bigint, x.oid::bigint, `+c.word+`, `+c.name+`,
			pg_catalog.pg_get_userbyid(x.`+c.owner+`), `+acl("x."+c.acl, "", "")+`, `+acl("coalesce(i.initprivs, pg_catalog.acldefault("+c.letter+", x."+c.owner+"))", "", "")+`
			FROM pg_catalog.`+c.table+` x LEFT JOIN pg_catalog.pg_init_privs i
				ON i.classoid = 'pg_catalog.`+c.table+`'::pg_catalog.regclass AND i.objoid = x.oid AND i.objsubid = 0
			WHERE x.`+c.acl+` IS NOT NULL AND x.`+c.acl+` IS DISTINCT FROM i.initprivs AND (`+c.ofSystem()+` OR EXISTS (SELECT FROM pg_catalog.pg_depend d
					WHERE d.classid = 'pg_catalog.`+c.table+`'::pg_catalog.regclass AND d.objid = x.oid AND d.deptype = 'e'))`)
	}
	return strings.Join(parts, "\nUNION ALL ") + "\nORDER BY 3, 4"
}

func (r *reader) readSystemGrants() error {
	return r.each(systemGrantsQuery(), func(rows *sql.Rows) error {
		var at address
		var word, name, owner string
		var now, initial grants
		o := &Object{ID: ID{Kind: KindSystemGrants}}
		if err := rows.Scan(&at.class, &at.oid, &word, &name, &owner, &now, &initial); err != nil {
			return err
		}
		o.ID.Name = strings.ToLower(word) + " " + name
		d := &SystemGrants{Target: word + " " + name, Initial: ownedGrants(initial, owner), Owner: owner}
		o.Grants, o.Detail = ownedGrants(now, owner), d
		if slices.Equal(o.Grants, d.Initial) {
			return nil
		}
		for _, g := range o.Grants {
			r.role(g.Grantee)
		}
		if ext, ok := r.members[at]; ok {
			r.c.need(o, r.id(address{pgExtension, ext, 0}))
		}
		r.c.add(o)
		return nil
	})
}

// ofSystem is the condition for what PostgreSQL itself brings. What is in
// information_schema has privileges that were never recorded.
func (c systemACL) ofSystem() string {
	if c.schema == "0" {
		return "x.oid < 16384 AND x.oid <> 2200 AND " + c.name + " <> 'information_schema'"
	}
	return "x.oid < 16384 AND x." + c.schema + " = 11" // pg_catalog
}
