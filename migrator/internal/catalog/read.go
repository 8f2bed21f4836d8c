package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
)

// Options say what to read.
type Options struct {
	// Sizes asks for rows and bytes of tables, for hazards.
	Sizes bool
	// Session is told the number of the session that reads, before it may have to
	// wait for a lock. nil does nothing.
	Session func(pid int)
	// Before prepares the transaction that the snapshot is read in and that is
	// rolled back afterwards; it may write. nil does nothing.
	Before func(context.Context, *sql.Tx) error
}

// Read takes the snapshot of the database that db is connected to.
func Read(ctx context.Context, db *sql.DB, opts Options) (*Catalog, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: opts.Before == nil})
	if err != nil {
		return nil, fmt.Errorf("open a snapshot: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // a reader has nothing to commit
	if opts.Before != nil {
		if err := opts.Before(ctx, tx); err != nil {
			return nil, fmt.Errorf("prepare the snapshot: %w", err)
		}
	}
	r := &reader{
		ctx: ctx, tx: tx, opts: opts,
		c:        &Catalog{Objects: map[ID]*Object{}},
		ids:      map[address]*ID{},
		comments: map[address]string{},
		members:  map[address]uint32{},
		columns:  map[address]string{},
		roles:    map[string]bool{},
		grants:   map[string][]Grant{},
		words:    map[string]string{},
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	return r.c, nil
}

// address is how PostgreSQL's catalogs name an object: the catalog, the row,
// and the column where it is one.
type address struct {
	class, oid uint32
	sub        int32
}

// The catalogs, by their fixed object identifiers.
const (
	pgType          = 1247
	pgProc          = 1255
	pgClass         = 1259
	pgUserMapping   = 1418
	pgForeignServer = 1417
	pgWrapper       = 2328
	pgAm            = 2601
	pgAttrdef       = 2604
	pgCast          = 2605
	pgConstraint    = 2606
	pgConversion    = 2607
	pgLanguage      = 2612
	pgNamespace     = 2615
	pgOpclass       = 2616
	pgOperator      = 2617
	pgRewrite       = 2618
	pgTrigger       = 2620
	pgOpfamily      = 2753
	pgExtension     = 3079
	pgPolicy        = 3256
	pgStatistic     = 3381
	pgCollation     = 3456
	pgEventTrigger  = 3466
	pgTransform     = 3576
	pgTsDict        = 3600
	pgTsParser      = 3601
	pgTsConfig      = 3602
	pgTsTemplate    = 3764
	pgSubscription  = 6100
	pgPublication   = 6104
	pgPublRel       = 6106
	pgPublSchema    = 6237
)

type reader struct {
	ctx  context.Context
	tx   *sql.Tx
	opts Options
	c    *Catalog
	// ids brings addresses to identities; also those of things that are part
	// of an object without being one (row types, toast, identity sequences).
	ids      map[address]*ID // those of the objects themselves
	comments map[address]string
	members  map[address]uint32 // of extensions
	columns  map[address]string // names of columns
	roles    map[string]bool
	grants   map[string][]Grant
	words    map[string]string
	held     map[string]bool // system tables that hold rows of the user
	// parentIndexes wait until all indexes are read.
	parentIndexes []parentLink
}

func (r *reader) read() error {
	for _, step := range []struct {
		what  string
		table string // without rows of the user in it there is nothing to do; see counted
		do    func() error
	}{
		{"session", "", r.session},
		{"system tables", "", r.takeCensus},
		{"comments", "", r.readComments},
		{"extension members", "", r.readMembers},
		{"schemas", "", r.readSchemas},
		{"extensions", "", r.readExtensions},
		{"languages", "", r.readLanguages},
		{"collations", "pg_collation", r.readCollations},
		{"types", "", r.readTypes},
		{"foreign data wrappers", "pg_foreign_data_wrapper", r.readWrappers},
		{"servers", "pg_foreign_server", r.readServers},
		{"user mappings", "pg_foreign_server", r.readUserMappings},
		{"sequences", "pg_sequence", r.readSequences},
		{"tables", "pg_class", r.readRelations},
		{"columns", "pg_class", r.readColumns},
		{"NOT NULL constraints", "pg_constraint", r.readNotNulls},
		{"column defaults", "pg_attrdef", r.readDefaults},
		{"columns that are alike", "", r.shareAlike},
		{"constraints", "pg_constraint", r.readConstraints},
		{"indexes", "pg_index", r.readIndexes},
		{"statistics objects", "pg_statistic_ext", r.readStatistics},
		{"functions", "pg_proc", r.readFunctions},
		{"aggregates", "pg_proc", r.readAggregates},
		{"rules", "pg_rewrite", r.readRules},
		{"triggers", "pg_trigger", r.readTriggers},
		{"policies", "pg_policy", r.readPolicies},
		{"publications", "pg_publication", r.readPublications},
		{"subscriptions", "pg_subscription", r.readSubscriptions},
		{"event triggers", "pg_event_trigger", r.readEventTriggers},
		{"default privileges", "pg_default_acl", r.readDefaultPrivileges},
		{"privileges of the system's objects", "", r.readSystemGrants},
		{"definitions", "", r.readDefinitions},
		{"dependencies", "", r.readDependencies},
		{"objects that are not managed", "", r.readUnmanaged},
	} {
		if step.table != "" && !r.held[step.table] {
			continue
		}
		if err := step.do(); err != nil {
			return fmt.Errorf("read %s: %w", step.what, err)
		}
	}
	r.c.forgetHistory()
	r.c.settle()
	for role := range r.roles {
		r.c.Roles = append(r.c.Roles, role)
	}
	slices.Sort(r.c.Roles)
	return nil
}

func (r *reader) session() error {
	// An empty search_path makes every printed name qualified. The queries join
	// in the order that they are written in: to look for a better one would take
	// longer than most of them run.
	_, err := r.tx.ExecContext(r.ctx, `SET LOCAL search_path = ''; SET LOCAL extra_float_digits = 1;
		SET LOCAL intervalstyle = 'postgres'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL quote_all_identifiers = off;
		SET LOCAL join_collapse_limit = 1`)
	if err != nil {
		return err
	}
	var pid int
	var settings []byte
	err = r.tx.QueryRowContext(r.ctx, `SELECT current_setting('server_version_num')::int, current_database(), current_user, pg_catalog.pg_backend_pid(),
		json_build_object('default_tablespace', current_setting('default_tablespace'), 'default_table_access_method', current_setting('default_table_access_method'),
			'default_toast_compression', coalesce(current_setting('default_toast_compression', true), '')),
		(SELECT pg_catalog.pg_encoding_to_char(d.encoding) || ' ' || d.datcollate FROM pg_catalog.pg_database d WHERE d.datname = current_database())`).
		Scan(&r.c.Version, &r.c.Database, &r.c.Role, &pid, &settings, &r.c.Locale)
	if err != nil {
		return err
	}
	if r.opts.Session != nil {
		r.opts.Session(pid)
	}
	return json.Unmarshal(settings, &r.c.Settings)
}

// each runs a query and hands every row to scan.
func (r *reader) each(query string, scan func(*sql.Rows) error) error {
	rows, err := r.tx.QueryContext(r.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// since chooses an expression by the server's major version.
func (r *reader) since(major int, expr, otherwise string) string {
	if r.c.Version >= major*10000 {
		return expr
	}
	return otherwise
}

// add keeps an object, unless an extension owns it. It says whether it did.
func (r *reader) add(at address, o *Object) bool {
	if ext, ok := r.members[at]; ok {
		r.ids[at] = r.ids[address{pgExtension, ext, 0}]
		return false
	}
	o.Comment = r.comments[at]
	o.ID.Schema, o.Owner = r.word(o.ID.Schema), r.word(o.Owner)
	r.ids[at] = &o.ID
	r.c.add(o)
	r.role(o.Owner)
	for i, g := range o.Grants {
		r.role(g.Grantee)
		if parent, ok := r.c.Parent(o.ID); o.Owner == "" || g.Grantor == o.Owner {
			if o.Owner == "" && ok && g.Grantor != r.c.Objects[parent].Owner {
				continue // a column's privilege, given by another than the table's owner
			}
			o.Grants[i].Grantor = ""
		}
	}
	o.Grants = r.once(o.Grants)
	return true
}

// once is a list of privileges by the memory of one that is the same: most tables of
// a database have the same.
func (r *reader) once(grants []Grant) []Grant {
	if len(grants) == 0 {
		return nil
	}
	key := fmt.Sprintf("%+v", grants)
	if same, ok := r.grants[key]; ok {
		return same
	}
	same := slices.Clip(slices.Clone(grants))
	r.grants[key] = same
	return same
}

// word is a name by the memory of an earlier one that is the same.
func (r *reader) word(name string) string {
	if same, ok := r.words[name]; ok {
		return same
	}
	r.words[name] = name
	return name
}

func (r *reader) role(name string) {
	if name != "" && name != "public" {
		r.roles[name] = true
	}
}

// id is the identity that an address stands for; the empty one where there is none.
func (r *reader) id(at address) ID {
	if id := r.ids[at]; id != nil {
		return *id
	}
	return ID{}
}

// object finds what at stands for, when it is one of ours.
func (r *reader) object(at address) (*Object, bool) {
	o, ok := r.c.Objects[r.id(at)]
	return o, ok
}

func (r *reader) readComments() error {
	// 16384 is the first identifier that a user's object can have; 2200 is schema public.
	return r.each(`SELECT classoid, objoid, objsubid, description FROM pg_catalog.pg_description
		WHERE objoid >= 16384 OR objoid = 2200 OR classoid = 3079`, func(rows *sql.Rows) error {
		var at address
		var s string
		err := rows.Scan(&at.class, &at.oid, &at.sub, &s)
		r.comments[at] = s
		return err
	})
}

func (r *reader) readMembers() error {
	return r.each(`SELECT classid, objid, refobjid FROM pg_catalog.pg_depend WHERE deptype = 'e' AND refclassid = 3079`,
		func(rows *sql.Rows) error {
			var at address
			var ext uint32
			err := rows.Scan(&at.class, &at.oid, &ext)
			r.members[at] = ext
			return err
		})
}

// ours is the condition on a schema's name that leaves the system's out.
const ours = `n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'`

// acl is the expression for privileges in force as JSON; kind is acldefault's
// letter, "" for columns, which have no default.
func acl(column, kind, owner string) string {
	source := column
	if kind != "" {
		source = fmt.Sprintf("coalesce(%s, pg_catalog.acldefault('%s', %s))", column, kind, owner)
	}
	return fmt.Sprintf(`(SELECT json_agg(json_build_array(CASE grantee WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(grantee)::text END,
		privilege_type, is_grantable, pg_catalog.pg_get_userbyid(grantor)::text)) FROM pg_catalog.aclexplode(%s))`, source)
}

// grants is a Scan destination for acl's result.
type grants []Grant

// Scan reads the JSON that acl makes.
func (g *grants) Scan(src any) error {
	b, ok := bytesOf(src)
	if !ok {
		return nil
	}
	var rows [][4]any
	if err := json.Unmarshal(b, &rows); err != nil {
		return err
	}
	for _, row := range rows {
		who, _ := row[0].(string)
		what, _ := row[1].(string)
		grantable, _ := row[2].(bool)
		grantor, _ := row[3].(string)
		*g = append(*g, Grant{who, what, grantable, grantor})
	}
	*g = sortGrants(*g)
	return nil
}

// list is a Scan destination for to_json(text[]).
type list []string

// Scan reads a JSON array of strings.
func (l *list) Scan(src any) error {
	b, ok := bytesOf(src)
	if !ok {
		return nil
	}
	return json.Unmarshal(b, (*[]string)(l))
}

func bytesOf(src any) ([]byte, bool) {
	switch v := src.(type) {
	case []byte:
		return v, true
	case string:
		return []byte(v), true
	}
	return nil, false
}
