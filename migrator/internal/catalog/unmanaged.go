package catalog

import "database/sql"

// KindExtensionDependency is what ALTER … DEPENDS ON EXTENSION leaves behind; it
// is named as unmanaged and never an object.
const KindExtensionDependency Kind = "extension dependency"

// readUnmanaged names what no other reader looks at: shell types, and objects
// that depend on an extension by word. Types in C are named by readTypes.
func (r *reader) readUnmanaged() error {
	return r.each(`SELECT 'type', n.nspname, t.typname, ''
		FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
		WHERE `+ours+` AND t.typtype = 'p' AND NOT t.typisdefined
		UNION ALL
		SELECT 'extension dependency', '', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), x.extname
		FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
		WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'x'
		ORDER BY 1, 2, 3`, func(rows *sql.Rows) error {
		var id ID
		if err := rows.Scan(&id.Kind, &id.Schema, &id.Name, &id.Sub); err != nil {
			return err
		}
		r.c.Unmanaged = append(r.c.Unmanaged, id)
		return nil
	})
}
