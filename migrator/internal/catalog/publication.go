package catalog

import (
	"database/sql"
	"strings"
)

// Publication is a logical replication publication; the tables and schemas in
// it are objects of their own.
type Publication struct {
	AllTables bool
	Publish   string // "insert, update"
	ViaRoot   bool
	Generated string // which generated columns are published, from PostgreSQL 18 on: "stored", or "" for none
}

// PublicationTable is one table of a publication.
type PublicationTable struct {
	Table   ID
	Columns []string
	Where   string
}

// PublicationSchema is one schema of a publication.
type PublicationSchema struct{ Schema string }

// Subscription is a logical replication subscription.
type Subscription struct {
	Connection   string
	Publications []string
	Slot         string
	Enabled      bool
	Binary       bool
	Streaming    string
	SyncCommit   string
	Options      []string // name = value, of those that are not as they are by default
}

func (*Publication) detail()       {}
func (*PublicationTable) detail()  {}
func (*PublicationSchema) detail() {}
func (*Subscription) detail()      {}

func (r *reader) readPublications() error {
	err := r.each(`SELECT p.oid, p.pubname, pg_catalog.pg_get_userbyid(p.pubowner), p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
		p.pubviaroot, `+r.since(18, "CASE p.pubgencols WHEN 's' THEN 'stored' ELSE '' END", "''")+` FROM pg_catalog.pg_publication p ORDER BY 2`, func(rows *sql.Rows) error {
		var oid uint32
		var insert, update, del, truncate bool
		d := &Publication{}
		o := &Object{ID: ID{Kind: KindPublication}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Name, &o.Owner, &d.AllTables, &insert, &update, &del, &truncate, &d.ViaRoot, &d.Generated); err != nil {
			return err
		}
		var ops []string
		for _, op := range []struct {
			on   bool
			name string
		}{{insert, "insert"}, {update, "update"}, {del, "delete"}, {truncate, "truncate"}} {
			if op.on {
				ops = append(ops, op.name)
			}
		}
		d.Publish = strings.Join(ops, ", ")
		r.add(address{pgPublication, oid, 0}, o)
		return nil
	})
	if err != nil {
		return err
	}
	columns := r.since(15, `(SELECT json_agg(a.attname ORDER BY a.attnum) FROM unnest(m.prattrs) x JOIN pg_catalog.pg_attribute a ON a.attrelid = m.prrelid AND a.attnum = x)`, "NULL::json")
	where := r.since(15, `coalesce(pg_catalog.pg_get_expr(m.prqual, m.prrelid), '')`, "''")
	err = r.each(`SELECT m.oid, p.pubname, m.prrelid, `+columns+`, `+where+`
		FROM pg_catalog.pg_publication_rel m JOIN pg_catalog.pg_publication p ON p.oid = m.prpubid ORDER BY 2, m.prrelid::pg_catalog.regclass::text`,
		func(rows *sql.Rows) error {
			var oid, relation uint32
			var cols list
			d := &PublicationTable{}
			o := &Object{ID: ID{Kind: KindPublicationTable}, Detail: d}
			if err := rows.Scan(&oid, &o.ID.Name, &relation, &cols, &d.Where); err != nil {
				return err
			}
			d.Table, d.Columns = r.id(address{pgClass, relation, 0}), cols
			o.ID.Sub = d.Table.SQL()
			r.add(address{pgPublRel, oid, 0}, o)
			return nil
		})
	if err != nil || r.c.Version < 150000 {
		return err
	}
	return r.each(`SELECT m.oid, p.pubname, n.nspname FROM pg_catalog.pg_publication_namespace m
		JOIN pg_catalog.pg_publication p ON p.oid = m.pnpubid JOIN pg_catalog.pg_namespace n ON n.oid = m.pnnspid ORDER BY 2, 3`,
		func(rows *sql.Rows) error {
			var oid uint32
			d := &PublicationSchema{}
			o := &Object{ID: ID{Kind: KindPublicationSchema}, Detail: d}
			if err := rows.Scan(&oid, &o.ID.Name, &d.Schema); err != nil {
				return err
			}
			o.ID.Sub = d.Schema
			r.add(address{pgPublSchema, oid, 0}, o)
			return nil
		})
}

func (r *reader) readSubscriptions() error {
	var may bool
	if err := r.tx.QueryRowContext(r.ctx, `SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')`).Scan(&may); err != nil {
		return err
	}
	conn := "''"
	if may {
		conn = "s.subconninfo"
	}
	return r.each(`SELECT s.oid, s.subname, pg_catalog.pg_get_userbyid(s.subowner), `+conn+`, to_json(s.subpublications), coalesce(s.subslotname, ''),
		s.subenabled, `+r.since(14, "s.subbinary, s.substream::text", "false, 'false'")+`, s.subsynccommit, to_json(`+r.subscriptionOptions()+`) FROM pg_catalog.pg_subscription s
		WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database()) ORDER BY 2`, func(rows *sql.Rows) error {
		var oid uint32
		var publications, options list
		d := &Subscription{}
		o := &Object{ID: ID{Kind: KindSubscription}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Name, &o.Owner, &d.Connection, &publications, &d.Slot, &d.Enabled, &d.Binary, &d.Streaming, &d.SyncCommit, &options); err != nil {
			return err
		}
		d.Publications, d.Options = publications, options
		r.add(address{pgSubscription, oid, 0}, o)
		return nil
	})
}

// subscriptionOptions is an array of the options that newer versions brought.
func (r *reader) subscriptionOptions() string {
	var texts []string
	option := func(major int, condition, text string) {
		if r.c.Version >= major*10000 {
			texts = append(texts, "CASE WHEN "+condition+" THEN "+text+" END")
		}
	}
	option(15, "s.subdisableonerr", "'disable_on_error = true'")
	option(15, "s.subtwophasestate <> 'd'", "'two_phase = true'")
	option(16, "s.suborigin <> 'any'", "'origin = ' || s.suborigin")
	option(16, "NOT s.subpasswordrequired", "'password_required = false'")
	option(16, "s.subrunasowner", "'run_as_owner = true'")
	option(17, "s.subfailover", "'failover = true'")
	if len(texts) == 0 {
		return "NULL::text[]"
	}
	return "array_remove(ARRAY[" + strings.Join(texts, ", ") + "], NULL)"
}
