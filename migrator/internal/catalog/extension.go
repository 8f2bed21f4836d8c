package catalog

import "database/sql"

// Extension is an installed extension; what it brought is not listed for itself.
type Extension struct {
	// AnyVersion: the files that ask for it name no version, so that any will do.
	AnyVersion  bool `diff:"-" json:"-"`
	Schema      string
	Version     string
	Relocatable bool   `diff:"-"`
	Default     string `diff:"-"` // the version that CREATE EXTENSION takes
}

func (*Extension) detail() {}

func (r *reader) readExtensions() error {
	// What is available is asked of a folder full of files: not for the one
	// extension that every database has, and of which there is one version.
	err := r.each(`SELECT e.oid, e.extname, n.nspname, e.extversion, e.extrelocatable, n.oid, CASE e.extname WHEN 'plpgsql' THEN e.extversion
		ELSE coalesce((SELECT a.default_version FROM pg_catalog.pg_available_extensions() a WHERE a.name = e.extname), '') END
		FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace ORDER BY 2`,
		func(rows *sql.Rows) error {
			var oid, namespace uint32
			d := &Extension{}
			o := &Object{ID: ID{Kind: KindExtension}, Detail: d}
			if err := rows.Scan(&oid, &o.ID.Name, &d.Schema, &d.Version, &d.Relocatable, &namespace, &d.Default); err != nil {
				return err
			}
			r.add(address{pgExtension, oid, 0}, o)
			return nil
		})
	// Everything that an extension owns stands for the extension.
	for at, ext := range r.members {
		r.ids[at] = r.ids[address{pgExtension, ext, 0}]
	}
	return err
}

// Language is a procedural language that no extension brought.
type Language struct {
	Trusted                     bool
	Handler, Inline, Validators string
}

func (*Language) detail() {}

func (r *reader) readLanguages() error {
	return r.each(`SELECT l.oid, l.lanname, pg_catalog.pg_get_userbyid(l.lanowner), `+acl("l.lanacl", "l", "l.lanowner")+`, l.lanpltrusted,
		CASE WHEN l.lanplcallfoid <> 0 THEN l.lanplcallfoid::pg_catalog.regproc::text ELSE '' END,
		CASE WHEN l.laninline <> 0 THEN l.laninline::pg_catalog.regproc::text ELSE '' END,
		CASE WHEN l.lanvalidator <> 0 THEN l.lanvalidator::pg_catalog.regproc::text ELSE '' END
		FROM pg_catalog.pg_language l WHERE l.lanispl ORDER BY 2`, func(rows *sql.Rows) error {
		var oid uint32
		var g grants
		d := &Language{}
		o := &Object{ID: ID{Kind: KindLanguage}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Name, &o.Owner, &g, &d.Trusted, &d.Handler, &d.Inline, &d.Validators); err != nil {
			return err
		}
		o.Grants = g
		r.add(address{pgLanguage, oid, 0}, o)
		return nil
	})
}
