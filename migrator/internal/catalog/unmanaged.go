package catalog

import "database/sql"

// These kinds are named as unmanaged, and are never objects.
const (
	// KindExtensionDependency is what ALTER … DEPENDS ON EXTENSION leaves behind.
	KindExtensionDependency Kind = "extension dependency"
	// KindSystemColumn is a column of a system table that has privileges of its own.
	KindSystemColumn Kind = "privileges on system column"
	// KindSecurityLabel is what SECURITY LABEL sets.
	KindSecurityLabel Kind = "security label"
	// KindNotNullName is a name that somebody gave to a domain's NOT NULL
	// (PostgreSQL 17 and later keep it).
	KindNotNullName Kind = "name of NOT NULL"
)

// readUnmanaged names what no other reader looks at. Types in C are named by
// readTypes.
func (r *reader) readUnmanaged() error {
	return r.each(`SELECT 'type', n.nspname, t.typname, ''
		FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
		WHERE `+ours+` AND t.typtype = 'p' AND NOT t.typisdefined
		UNION ALL
		SELECT 'extension dependency', '', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), x.extname
		FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
		WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'x'
		UNION ALL
		SELECT 'privileges on system column', '', a.attrelid::pg_catalog.regclass::text, a.attname
		FROM pg_catalog.pg_attribute a
		WHERE a.attacl IS NOT NULL AND a.attrelid < 16384 AND a.attacl IS DISTINCT FROM (SELECT i.initprivs FROM pg_catalog.pg_init_privs i
			WHERE i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum)
		UNION ALL
		SELECT 'security label', '', pg_catalog.pg_describe_object(l.classoid, l.objoid, l.objsubid), l.provider
		FROM pg_catalog.pg_seclabel l
		UNION ALL
		SELECT 'name of NOT NULL', n.nspname, t.typname, c.conname
		FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_type t ON t.oid = c.contypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
		WHERE `+ours+` AND c.contype = 'n' AND length(t.typname) < 54 AND c.conname <> t.typname || '_not_null'
		ORDER BY 1, 2, 3, 4`, func(rows *sql.Rows) error {
		var id ID
		if err := rows.Scan(&id.Kind, &id.Schema, &id.Name, &id.Sub); err != nil {
			return err
		}
		r.c.Unmanaged = append(r.c.Unmanaged, id)
		return nil
	})
}
