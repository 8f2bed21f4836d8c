package catalog

import "database/sql"

// Function is a function, window function or procedure.
type Function struct {
	Definition string // CREATE OR REPLACE …
	// Signature is what CREATE OR REPLACE cannot change: what it returns, the
	// names and modes of its arguments.
	Signature string
	Defaults  int    // arguments with a default; their number cannot shrink
	Language  string `diff:"-"`
	// Body is the text of a function whose body PostgreSQL does not look into,
	// so that it knows of no dependencies; "" for one with a parsed body.
	Body string `diff:"-"`
	// SecurityDefiner: it runs with the rights of its owner.
	SecurityDefiner bool `diff:"-"` // the definition says so
}

func (*Function) detail() {}

func (r *reader) readFunctions() error {
	// The constructors of a range come and go with it.
	err := r.each(`SELECT d.objid, d.refobjid FROM pg_catalog.pg_depend d WHERE d.classid = 1255 AND d.refclassid = 1247 AND d.deptype = 'i'`,
		func(rows *sql.Rows) error {
			var function, of uint32
			err := rows.Scan(&function, &of)
			r.ids[address{pgProc, function, 0}] = r.ids[address{pgType, of, 0}]
			return err
		})
	if err != nil {
		return err
	}
	return r.each(`SELECT p.oid, p.prokind, n.nspname, p.proname, pg_catalog.pg_get_userbyid(p.proowner), `+acl("p.proacl", "f", "p.proowner")+`,
		(SELECT coalesce(string_agg(pg_catalog.format_type(t, NULL), ', ' ORDER BY o), '') FROM unnest(p.proargtypes) WITH ORDINALITY u(t, o)),
		pg_catalog.pg_get_functiondef(p.oid),
		coalesce(pg_catalog.pg_get_function_result(p.oid), '') || ' (' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ') ' || p.prokind::text
			|| coalesce(p.proargnames::text, '') || coalesce(p.proargmodes::text, ''),
		p.pronargdefaults, l.lanname, `+r.since(14, "CASE WHEN p.prosqlbody IS NULL THEN p.prosrc ELSE '' END", "p.prosrc")+`, p.prosecdef
		FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
		WHERE `+ours+` AND p.prokind IN ('f', 'p', 'w') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i
			WHERE i.classid = 1255 AND i.objid = p.oid AND i.deptype = 'i') ORDER BY 3, 4, 7`, func(rows *sql.Rows) error {
		var oid uint32
		var kind string
		var g grants
		d := &Function{}
		o := &Object{ID: ID{Kind: KindFunction}, Detail: d}
		if err := rows.Scan(&oid, &kind, &o.ID.Schema, &o.ID.Name, &o.Owner, &g, &o.ID.Sub, &d.Definition, &d.Signature, &d.Defaults, &d.Language, &d.Body, &d.SecurityDefiner); err != nil {
			return err
		}
		if kind == "p" {
			o.ID.Kind = KindProcedure
		}
		o.Grants = g
		d.Definition = trimQuery(d.Definition)
		r.add(address{pgProc, oid, 0}, o)
		return nil
	})
}

// Aggregate is an aggregate function.
type Aggregate struct {
	Arguments string   // as in CREATE AGGREGATE
	Options   []string // "SFUNC = …", in a fixed order
}

func (*Aggregate) detail() {}

func (r *reader) readAggregates() error {
	fn := func(column, name string) string {
		return `CASE WHEN a.` + column + ` <> 0 THEN '` + name + ` = ' || a.` + column + `::pg_catalog.regproc::text END`
	}
	flag := func(cond, text string) string { return `CASE WHEN ` + cond + ` THEN ` + text + ` END` }
	options := `array_remove(ARRAY[` +
		fn("aggtransfn", "SFUNC") + `, 'STYPE = ' || pg_catalog.format_type(a.aggtranstype, NULL), ` +
		flag("a.aggtransspace <> 0", "'SSPACE = ' || a.aggtransspace") + `, ` +
		fn("aggfinalfn", "FINALFUNC") + `, ` + flag("a.aggfinalextra", "'FINALFUNC_EXTRA'") + `, ` +
		flag("a.aggfinalfn <> 0 AND a.aggfinalmodify <> CASE WHEN a.aggkind = 'n' THEN 'r'::\"char\" ELSE 'w'::\"char\" END",
			"'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END") + `, ` +
		fn("aggcombinefn", "COMBINEFUNC") + `, ` + fn("aggserialfn", "SERIALFUNC") + `, ` + fn("aggdeserialfn", "DESERIALFUNC") + `, ` +
		flag("a.agginitval IS NOT NULL", "'INITCOND = ' || pg_catalog.quote_literal(a.agginitval)") + `, ` +
		fn("aggmtransfn", "MSFUNC") + `, ` + fn("aggminvtransfn", "MINVFUNC") + `, ` +
		flag("a.aggmtranstype <> 0", "'MSTYPE = ' || pg_catalog.format_type(a.aggmtranstype, NULL)") + `, ` +
		flag("a.aggmtransspace <> 0", "'MSSPACE = ' || a.aggmtransspace") + `, ` +
		fn("aggmfinalfn", "MFINALFUNC") + `, ` + flag("a.aggmfinalextra", "'MFINALFUNC_EXTRA'") + `, ` +
		flag("a.agginitval IS NOT NULL AND a.aggminitval IS NOT NULL", "'MINITCOND = ' || pg_catalog.quote_literal(a.aggminitval)") + `, ` +
		flag("a.aggsortop <> 0", "'SORTOP = OPERATOR(' || (SELECT pg_catalog.quote_ident(x.nspname) || '.' || o.oprname FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace x ON x.oid = o.oprnamespace WHERE o.oid = a.aggsortop) || ')'") + `, ` +
		flag("a.aggkind = 'h'", "'HYPOTHETICAL'") + `, ` +
		flag("p.proparallel <> 'u'", "'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' ELSE 'RESTRICTED' END") + `], NULL)`
	return r.each(`SELECT p.oid, n.nspname, p.proname, pg_catalog.pg_get_userbyid(p.proowner), `+acl("p.proacl", "f", "p.proowner")+`,
		(SELECT coalesce(string_agg(pg_catalog.format_type(t, NULL), ', ' ORDER BY o), '') FROM unnest(p.proargtypes) WITH ORDINALITY u(t, o)),
		coalesce(nullif(pg_catalog.pg_get_function_arguments(p.oid), ''), '*'), to_json(`+options+`)
		FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
		WHERE `+ours+` ORDER BY 2, 3, 6`, func(rows *sql.Rows) error {
		var oid uint32
		var g grants
		var opts list
		d := &Aggregate{}
		o := &Object{ID: ID{Kind: KindAggregate}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Schema, &o.ID.Name, &o.Owner, &g, &o.ID.Sub, &d.Arguments, &opts); err != nil {
			return err
		}
		o.Grants, d.Options = g, opts
		r.add(address{pgProc, oid, 0}, o)
		return nil
	})
}
