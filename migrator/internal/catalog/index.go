package catalog

import (
	"database/sql"
	"strings"
)

// Index is an index that no constraint stands on.
type Index struct {
	Definition   string // CREATE INDEX …, with ON ONLY for a partitioned one, without storage parameters
	Tablespace   string
	Clustered    bool
	Valid        bool
	Unique       bool   `diff:"-"`
	Method       string `diff:"-"`
	Partitioned  bool   `diff:"-"`
	Table        ID
	Parent       ID // the partitioned index that it is attached to
	Options      []string
	OptionOrder  []string `diff:"-"` // as they are stored and printed
	StatsTargets []string // column number=target
}

func (*Index) detail() {}

func (r *reader) readIndexes() error {
	type link struct {
		child  *Index
		parent uint32
	}
	var links []link
	err := r.each(`SELECT c.oid, n.nspname, c.relname, i.indrelid, pg_catalog.pg_get_indexdef(c.oid), coalesce(ts.spcname, ''), i.indisclustered,
		i.indisvalid, i.indisunique, am.amname, c.relkind = 'I', to_json(c.reloptions),
		coalesce((SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid), 0),
		(SELECT json_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0)
		FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_catalog.pg_am am ON am.oid = c.relam LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
		WHERE `+ours+` AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x'))
		ORDER BY 2, 3`, func(rows *sql.Rows) error {
		var oid, relation, parent uint32
		var options, targets list
		d := &Index{}
		o := &Object{ID: ID{Kind: KindIndex}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Schema, &o.ID.Name, &relation, &d.Definition, &d.Tablespace, &d.Clustered, &d.Valid, &d.Unique, &d.Method,
			&d.Partitioned, &options, &parent, &targets); err != nil {
			return err
		}
		o.Age = oid
		at := address{pgClass, oid, 0}
		table, ok := r.object(address{pgClass, relation, 0})
		if !ok || table.ID.Kind == KindExtension {
			r.ids[at] = r.ids[address{pgClass, relation, 0}]
			return nil
		}
		d.Table, d.Options, d.OptionOrder, d.StatsTargets = table.ID, sorted(options), options, targets
		if len(options) > 0 {
			d.Definition = withoutOptions(d.Definition)
		}
		r.add(at, o)
		if parent != 0 {
			links = append(links, link{d, parent})
		}
		return nil
	})
	for _, l := range r.parentIndexes {
		l.child.ParentIndex = r.id(address{pgClass, l.parent, 0})
	}
	for _, l := range links {
		l.child.Parent = r.id(address{pgClass, l.parent, 0})
	}
	return err
}

// withoutOptions is an index definition without its storage parameters.
func withoutOptions(def string) string {
	i := strings.LastIndex(def, " WITH (")
	if i < 0 {
		return def
	}
	j := strings.Index(def[i:], ")")
	if j < 0 {
		return def
	}
	return def[:i] + def[i+j+1:]
}

// Likeness is the text in which two indexes of a table are alike to ATTACH PARTITION,
// of CREATE INDEX statements: it looks at neither names nor directions.
func Likeness(definition string) string {
	_, text, _ := strings.Cut(definition, " ON ")
	return directions.Replace(text)
}

// directions takes the order of an index's columns out of its definition. It is made
// once: to make it costs a hundred times what using it does.
var directions = strings.NewReplacer(" DESC", "", " NULLS FIRST", "", " NULLS LAST", "")
