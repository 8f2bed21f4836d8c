package catalog

import "database/sql"

// readUnmanaged names what is in the database and has no Detail here, so that
// nothing is passed over in silence.
func (r *reader) readUnmanaged() error {
	query := ""
	for i, q := range []struct {
		class       string
		kind        Kind
		name, sub   string
		schema, tab string
	}{
		{"2617", KindOperator, "x.oprname", "pg_catalog.format_type(x.oprleft, NULL) || ', ' || pg_catalog.format_type(x.oprright, NULL)", "x.oprnamespace", "pg_operator"},
		{"2616", KindOperatorClass, "x.opcname", "''", "x.opcnamespace", "pg_opclass"},
		{"2753", KindOperatorFamily, "x.opfname", "''", "x.opfnamespace", "pg_opfamily"},
		{"2607", KindConversion, "x.conname", "''", "x.connamespace", "pg_conversion"},
		{"3602", KindTextSearchConfig, "x.cfgname", "''", "x.cfgnamespace", "pg_ts_config"},
		{"3600", KindTextSearchDict, "x.dictname", "''", "x.dictnamespace", "pg_ts_dict"},
		{"3601", KindTextSearchParser, "x.prsname", "''", "x.prsnamespace", "pg_ts_parser"},
		{"3764", KindTextSearchTmpl, "x.tmplname", "''", "x.tmplnamespace", "pg_ts_template"},
		{"2605", KindCast, "pg_catalog.format_type(x.castsource, NULL) || ' AS ' || pg_catalog.format_type(x.casttarget, NULL)", "''", "0", "pg_cast"},
		{"3576", KindTransform, "pg_catalog.format_type(x.trftype, NULL)", "''", "0", "pg_transform"},
		{"2601", KindAccessMethod, "x.amname", "''", "0", "pg_am"},
	} {
		if i > 0 {
			query += " UNION ALL "
		}
		query += `SELECT ` + q.class + `::oid, x.oid, '` + string(q.kind) + `'::text, coalesce(n.nspname, '')::text, (` + q.name + `)::text, coalesce(` + q.sub + `, '')::text FROM pg_catalog.` + q.tab +
			` x LEFT JOIN pg_catalog.pg_namespace n ON n.oid = ` + q.schema + ` WHERE x.oid >= 16384`
	}
	return r.each(query+` ORDER BY 3, 4, 5, 6`, func(rows *sql.Rows) error {
		var at address
		var id ID
		if err := rows.Scan(&at.class, &at.oid, &id.Kind, &id.Schema, &id.Name, &id.Sub); err != nil {
			return err
		}
		if _, member := r.members[at]; !member {
			r.ids[at] = id
			r.c.Unmanaged = append(r.c.Unmanaged, id)
		}
		return nil
	})
}
