package catalog

import "database/sql"

// Definition is the detail of the kinds that PostgreSQL has no word to change
// by: casts, operators and their classes, conversions, text search objects,
// transforms, access methods. Where it differs, the object is replaced.
type Definition struct {
	Create []string // the statements that make it
}

func (*Definition) detail() {}

// name writes a qualified name in SQL.
func name(schema, name string) string {
	return `pg_catalog.quote_ident(` + schema + `) || '.' || pg_catalog.quote_ident(` + name + `)`
}

// when writes an option if its condition holds.
func when(condition, text string) string {
	return `CASE WHEN ` + condition + ` THEN ` + text + ` ELSE '' END`
}

const plainOperator = `(SELECT pg_catalog.quote_ident(z.nspname) || '.' || y.oprname FROM pg_catalog.pg_operator y
	JOIN pg_catalog.pg_namespace z ON z.oid = y.oprnamespace WHERE y.oid = `

const operatorName = `'OPERATOR(' || ` + plainOperator

// definitionQuery asks a system table for class, oid, kind, schema, name, sub,
// owner, statements.
type definitionQuery struct{ table, sql string }

func (r *reader) definitions() []definitionQuery {
	typeOf := func(column string) string { return `pg_catalog.format_type(` + column + `, NULL)` }
	proc := func(column string) string { return column + `::oid::pg_catalog.regprocedure::text` }
	function := func(column string) string { return column + `::oid::pg_catalog.regproc::text` }
	one := func(s string) string { return `json_build_array(` + s + `)` }
	return []definitionQuery{
		{"pg_cast", `SELECT 2605, x.oid, 'cast', '', ` + typeOf("x.castsource") + ` || ' AS ' || ` + typeOf("x.casttarget") + `, '', '', ` +
			one(`'CREATE CAST (' || `+typeOf("x.castsource")+` || ' AS ' || `+typeOf("x.casttarget")+` || ') ' ||
			CASE x.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || `+proc("x.castfunc")+` WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END ||
			CASE x.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END`) + `
			FROM pg_catalog.pg_cast x WHERE x.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i
				WHERE i.classid = 2605 AND i.objid = x.oid AND i.deptype = 'i')`},
		{"pg_operator", `SELECT 2617, x.oid, 'operator', n.nspname, x.oprname, CASE WHEN x.oprleft = 0 THEN 'NONE' ELSE ` + typeOf("x.oprleft") + ` END || ', ' || ` + typeOf("x.oprright") + `,
			pg_catalog.pg_get_userbyid(x.oprowner), ` +
			one(`'CREATE OPERATOR ' || pg_catalog.quote_ident(n.nspname) || '.' || x.oprname || ' (FUNCTION = ' || `+function("x.oprcode")+` || `+
				when("x.oprleft <> 0", `', LEFTARG = ' || `+typeOf("x.oprleft"))+` || ', RIGHTARG = ' || `+typeOf("x.oprright")+` || `+
				when("x.oprcom <> 0", `', COMMUTATOR = ' || `+operatorName+`x.oprcom) || ')'`)+` || `+
				when("x.oprnegate <> 0", `', NEGATOR = ' || `+operatorName+`x.oprnegate) || ')'`)+` || `+
				when("x.oprrest <> 0", `', RESTRICT = ' || `+function("x.oprrest"))+` || `+when("x.oprjoin <> 0", `', JOIN = ' || `+function("x.oprjoin"))+` || `+
				when("x.oprcanhash", `', HASHES'`)+` || `+when("x.oprcanmerge", `', MERGES'`)+` || ')'`) + `
			FROM pg_catalog.pg_operator x JOIN pg_catalog.pg_namespace n ON n.oid = x.oprnamespace WHERE x.oid >= 16384 AND x.oprcode <> 0`},
		{"pg_opfamily", `SELECT 2753, x.oid, 'operator family', n.nspname, x.opfname, a.amname, pg_catalog.pg_get_userbyid(x.opfowner), ` +
			one(`'CREATE OPERATOR FAMILY ' || `+name("n.nspname", "x.opfname")+` || ' USING ' || pg_catalog.quote_ident(a.amname)`) + `
			FROM pg_catalog.pg_opfamily x JOIN pg_catalog.pg_namespace n ON n.oid = x.opfnamespace JOIN pg_catalog.pg_am a ON a.oid = x.opfmethod WHERE x.oid >= 16384`},
		{"pg_opclass", `SELECT 2616, x.oid, 'operator class', n.nspname, x.opcname, a.amname, pg_catalog.pg_get_userbyid(x.opcowner), ` +
			one(`'CREATE OPERATOR CLASS ' || `+name("n.nspname", "x.opcname")+` || `+when("x.opcdefault", "' DEFAULT'")+` || ' FOR TYPE ' || `+typeOf("x.opcintype")+` ||
			' USING ' || pg_catalog.quote_ident(a.amname) || ' FAMILY ' || `+name("fn.nspname", "f.opfname")+` || ' AS ' || concat_ws(', ',
			CASE WHEN x.opckeytype <> 0 THEN 'STORAGE ' || `+typeOf("x.opckeytype")+` END,
			(SELECT string_agg('OPERATOR ' || o.amopstrategy || ' ' || `+plainOperator+`o.amopopr) || ' (' || `+typeOf("o.amoplefttype")+` || ', ' || `+typeOf("o.amoprighttype")+` || ')' || `+
				when("o.amopsortfamily <> 0", `' FOR ORDER BY ' || (SELECT `+name("sn.nspname", "sf.opfname")+` FROM pg_catalog.pg_opfamily sf JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace WHERE sf.oid = o.amopsortfamily)`)+`, ', ' ORDER BY o.amopstrategy)
				FROM pg_catalog.pg_amop o JOIN pg_catalog.pg_depend d ON d.classid = 2602 AND d.objid = o.oid AND d.refclassid = 2616 AND d.refobjid = x.oid),
			(SELECT string_agg('FUNCTION ' || o.amprocnum || ' (' || `+typeOf("o.amproclefttype")+` || ', ' || `+typeOf("o.amprocrighttype")+` || ') ' || `+proc("o.amproc")+`, ', ' ORDER BY o.amprocnum)
				FROM pg_catalog.pg_amproc o JOIN pg_catalog.pg_depend d ON d.classid = 2603 AND d.objid = o.oid AND d.refclassid = 2616 AND d.refobjid = x.oid))`) + `
			FROM pg_catalog.pg_opclass x JOIN pg_catalog.pg_namespace n ON n.oid = x.opcnamespace JOIN pg_catalog.pg_am a ON a.oid = x.opcmethod
			JOIN pg_catalog.pg_opfamily f ON f.oid = x.opcfamily JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace WHERE x.oid >= 16384`},
		{"pg_conversion", `SELECT 2607, x.oid, 'conversion', n.nspname, x.conname, '', pg_catalog.pg_get_userbyid(x.conowner), ` +
			one(`'CREATE ' || `+when("x.condefault", "'DEFAULT '")+` || 'CONVERSION ' || `+name("n.nspname", "x.conname")+` || ' FOR ' ||
			pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(x.conforencoding)) || ' TO ' || pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(x.contoencoding)) || ' FROM ' || `+function("x.conproc")) + `
			FROM pg_catalog.pg_conversion x JOIN pg_catalog.pg_namespace n ON n.oid = x.connamespace WHERE x.oid >= 16384`},
		{"pg_transform", `SELECT 3576, x.oid, 'transform', '', 'FOR ' || ` + typeOf("x.trftype") + ` || ' LANGUAGE ' || pg_catalog.quote_ident(l.lanname), '', '', ` +
			one(`'CREATE TRANSFORM FOR ' || `+typeOf("x.trftype")+` || ' LANGUAGE ' || pg_catalog.quote_ident(l.lanname) || ' (' || concat_ws(', ', `+
				`CASE WHEN x.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || `+proc("x.trffromsql")+` END, CASE WHEN x.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || `+proc("x.trftosql")+` END) || ')'`) + `
			FROM pg_catalog.pg_transform x JOIN pg_catalog.pg_language l ON l.oid = x.trflang WHERE x.oid >= 16384`},
		{"pg_am", `SELECT 2601, x.oid, 'access method', '', x.amname, '', '', ` +
			one(`'CREATE ACCESS METHOD ' || pg_catalog.quote_ident(x.amname) || ' TYPE ' || CASE x.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END || ' HANDLER ' || `+function("x.amhandler")) + `
			FROM pg_catalog.pg_am x WHERE x.oid >= 16384`},
		{"pg_ts_parser", `SELECT 3601, x.oid, 'text search parser', n.nspname, x.prsname, '', '', ` +
			one(`'CREATE TEXT SEARCH PARSER ' || `+name("n.nspname", "x.prsname")+` || ' (START = ' || `+function("x.prsstart")+` || ', GETTOKEN = ' || `+function("x.prstoken")+` || ', END = ' || `+
				function("x.prsend")+` || ', LEXTYPES = ' || `+function("x.prslextype")+` || `+when("x.prsheadline <> 0", `', HEADLINE = ' || `+function("x.prsheadline"))+` || ')'`) + `
			FROM pg_catalog.pg_ts_parser x JOIN pg_catalog.pg_namespace n ON n.oid = x.prsnamespace WHERE x.oid >= 16384`},
		{"pg_ts_template", `SELECT 3764, x.oid, 'text search template', n.nspname, x.tmplname, '', '', ` +
			one(`'CREATE TEXT SEARCH TEMPLATE ' || `+name("n.nspname", "x.tmplname")+` || ' (' || `+when("x.tmplinit <> 0", `'INIT = ' || `+function("x.tmplinit")+` || ', '`)+` || 'LEXIZE = ' || `+function("x.tmpllexize")+` || ')'`) + `
			FROM pg_catalog.pg_ts_template x JOIN pg_catalog.pg_namespace n ON n.oid = x.tmplnamespace WHERE x.oid >= 16384`},
		{"pg_ts_dict", `SELECT 3600, x.oid, 'text search dictionary', n.nspname, x.dictname, '', pg_catalog.pg_get_userbyid(x.dictowner), ` +
			one(`'CREATE TEXT SEARCH DICTIONARY ' || `+name("n.nspname", "x.dictname")+` || ' (TEMPLATE = ' || `+name("tn.nspname", "t.tmplname")+` || coalesce(', ' || x.dictinitoption, '') || ')'`) + `
			FROM pg_catalog.pg_ts_dict x JOIN pg_catalog.pg_namespace n ON n.oid = x.dictnamespace JOIN pg_catalog.pg_ts_template t ON t.oid = x.dicttemplate
			JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace WHERE x.oid >= 16384`},
		{"pg_ts_config", `SELECT 3602, x.oid, 'text search configuration', n.nspname, x.cfgname, '', pg_catalog.pg_get_userbyid(x.cfgowner),
			(SELECT json_agg(s.line ORDER BY s.place) FROM (
				SELECT 0 AS place, 'CREATE TEXT SEARCH CONFIGURATION ' || ` + name("n.nspname", "x.cfgname") + ` || ' (PARSER = ' || ` + name("pn.nspname", "p.prsname") + ` || ')' AS line
				UNION ALL SELECT m.maptokentype, 'ALTER TEXT SEARCH CONFIGURATION ' || ` + name("n.nspname", "x.cfgname") + ` || ' ADD MAPPING FOR ' ||
					(SELECT pg_catalog.quote_ident(k.alias) FROM pg_catalog.ts_token_type(x.cfgparser) k WHERE k.tokid = m.maptokentype) || ' WITH ' ||
					string_agg(m.mapdict::pg_catalog.regdictionary::text, ', ' ORDER BY m.mapseqno)
				FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = x.oid GROUP BY m.maptokentype) s)
			FROM pg_catalog.pg_ts_config x JOIN pg_catalog.pg_namespace n ON n.oid = x.cfgnamespace JOIN pg_catalog.pg_ts_parser p ON p.oid = x.cfgparser
			JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace WHERE x.oid >= 16384`},
	}
}

func (r *reader) readDefinitions() error {
	for _, query := range r.definitions() {
		if !r.held[query.table] {
			continue
		}
		err := r.each(query.sql+` ORDER BY 4, 5, 6`, func(rows *sql.Rows) error {
			var at address
			var create list
			o := &Object{}
			if err := rows.Scan(&at.class, &at.oid, &o.ID.Kind, &o.ID.Schema, &o.ID.Name, &o.ID.Sub, &o.Owner, &create); err != nil {
				return err
			}
			o.Detail = &Definition{Create: create}
			r.add(at, o)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if !r.held["pg_opclass"] && !r.held["pg_opfamily"] {
		return nil
	}
	// What an operator class is made of stands for the class.
	return r.each(`SELECT classid, objid, refclassid, refobjid FROM pg_catalog.pg_depend
		WHERE classid IN (2602, 2603) AND refclassid IN (2616, 2753) AND objid >= 16384 ORDER BY refclassid DESC`, func(rows *sql.Rows) error {
		var at, of address
		if err := rows.Scan(&at.class, &at.oid, &of.class, &of.oid); err != nil {
			return err
		}
		r.ids[at] = r.ids[of]
		return nil
	})
}
