package catalog

import "database/sql"

// Trigger is a trigger that somebody made (not one behind a foreign key, not
// a partition's copy of its parent's).
type Trigger struct {
	Definition string
	Enabled    string // O origin, D disabled, R replica, A always
	Constraint bool   `diff:"-"`
	// Clone is a partition's copy of its parent's trigger that is enabled
	// otherwise than the parent's; the other copies are not listed.
	Clone         bool
	ParentEnabled string `diff:"-"`
}

// Rule is a rewrite rule, other than the one behind a view.
type Rule struct {
	Definition string
	Enabled    string
}

// Policy is a row security policy.
type Policy struct {
	Permissive bool
	Command    string // ALL, SELECT, INSERT, UPDATE, DELETE
	Roles      []string
	Using      string
	Check      string
}

func (*Trigger) detail() {}
func (*Rule) detail()    {}
func (*Policy) detail()  {}

// onRelation reads parts of relations: rows of (oid, relation, name, …).
func (r *reader) onRelation(class uint32, kind Kind, query string, scan func(rows *sql.Rows, oid, relation *uint32, name *string) (Detail, error)) error {
	return r.each(query, func(rows *sql.Rows) error {
		var oid, relation uint32
		var name string
		d, err := scan(rows, &oid, &relation, &name)
		if err != nil {
			return err
		}
		at := address{class, oid, 0}
		parent, ok := r.object(address{pgClass, relation, 0})
		if !ok || parent.ID.Kind == KindExtension {
			r.ids[at] = r.ids[address{pgClass, relation, 0}]
			return nil
		}
		r.add(at, &Object{ID: ID{kind, parent.ID.Schema, parent.ID.Name, name}, Detail: d})
		return nil
	})
}

func (r *reader) readTriggers() error {
	// Before PostgreSQL 15 a partition's copy counted as internal.
	internal := r.since(15, "t.tgisinternal", "t.tgisinternal AND t.tgparentid = 0")
	return r.onRelation(pgTrigger, KindTrigger, `SELECT t.oid, t.tgrelid, t.tgname, CASE WHEN t.tgparentid = 0 THEN pg_catalog.pg_get_triggerdef(t.oid) ELSE '' END,
		t.tgenabled, t.tgconstraint <> 0, t.tgparentid <> 0, coalesce(p.tgenabled, ' ')
		FROM pg_catalog.pg_trigger t LEFT JOIN pg_catalog.pg_trigger p ON p.oid = t.tgparentid
		WHERE NOT (`+internal+`) AND (t.tgparentid = 0 OR t.tgenabled <> p.tgenabled) ORDER BY 2, 3`,
		func(rows *sql.Rows, oid, relation *uint32, name *string) (Detail, error) {
			d := &Trigger{}
			return d, rows.Scan(oid, relation, name, &d.Definition, &d.Enabled, &d.Constraint, &d.Clone, &d.ParentEnabled)
		})
}

func (r *reader) readRules() error {
	err := r.onRelation(pgRewrite, KindRule, `SELECT w.oid, w.ev_class, w.rulename, pg_catalog.pg_get_ruledef(w.oid), w.ev_enabled
		FROM pg_catalog.pg_rewrite w WHERE w.rulename <> '_RETURN' AND w.oid >= 16384 ORDER BY 2, 3`,
		func(rows *sql.Rows, oid, relation *uint32, name *string) (Detail, error) {
			d := &Rule{}
			err := rows.Scan(oid, relation, name, &d.Definition, &d.Enabled)
			d.Definition = trimQuery(d.Definition)
			return d, err
		})
	if err != nil {
		return err
	}
	// What a view's own rule needs, the view needs.
	return r.each(`SELECT w.oid, w.ev_class FROM pg_catalog.pg_rewrite w WHERE w.rulename = '_RETURN' AND w.oid >= 16384`,
		func(rows *sql.Rows) error {
			var oid, relation uint32
			if err := rows.Scan(&oid, &relation); err != nil {
				return err
			}
			r.ids[address{pgRewrite, oid, 0}] = r.ids[address{pgClass, relation, 0}]
			return nil
		})
}

func (r *reader) readPolicies() error {
	return r.onRelation(pgPolicy, KindPolicy, `SELECT p.oid, p.polrelid, p.polname, p.polpermissive,
		CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
		(SELECT json_agg(CASE x WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(x)::text END ORDER BY 1) FROM unnest(p.polroles) x),
		coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
		FROM pg_catalog.pg_policy p ORDER BY 2, 3`,
		func(rows *sql.Rows, oid, relation *uint32, name *string) (Detail, error) {
			d := &Policy{}
			var roles list
			err := rows.Scan(oid, relation, name, &d.Permissive, &d.Command, &roles, &d.Using, &d.Check)
			d.Roles = roles
			for _, role := range roles {
				r.role(role)
			}
			return d, err
		})
}

// EventTrigger fires on commands rather than on rows.
type EventTrigger struct {
	Event    string
	Tags     []string
	Function string
	Enabled  string
}

func (*EventTrigger) detail() {}

func (r *reader) readEventTriggers() error {
	return r.each(`SELECT e.oid, e.evtname, pg_catalog.pg_get_userbyid(e.evtowner), e.evtevent, to_json(e.evttags),
		e.evtfoid::pg_catalog.regproc::text, e.evtenabled FROM pg_catalog.pg_event_trigger e ORDER BY 2`, func(rows *sql.Rows) error {
		var oid uint32
		var tags list
		d := &EventTrigger{}
		o := &Object{ID: ID{Kind: KindEventTrigger}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Name, &o.Owner, &d.Event, &tags, &d.Function, &d.Enabled); err != nil {
			return err
		}
		d.Tags = tags
		r.add(address{pgEventTrigger, oid, 0}, o)
		return nil
	})
}
