package catalog

import (
	"database/sql"
	"encoding/json"
)

// SequenceOptions are the numbers of a sequence or of an identity column.
type SequenceOptions struct {
	Type      string
	Start     int64
	Increment int64
	Min, Max  int64
	Cache     int64
	Cycle     bool
}

// Sequence is a sequence that stands for itself (not one of an identity column).
type Sequence struct {
	SequenceOptions
	Persistence string // p permanent, u unlogged
	OwnedBy     ID     // a column, or the zero ID
}

func (*Sequence) detail() {}

func (r *reader) readSequences() error {
	return r.each(`SELECT c.oid, n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), `+acl("c.relacl", "s", "c.relowner")+`,
		c.relpersistence, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
		WHERE `+ours+` AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'i')
		ORDER BY 2, 3`, func(rows *sql.Rows) error {
		var oid uint32
		var g grants
		d := &Sequence{}
		o := &Object{ID: ID{Kind: KindSequence}, Detail: d}
		if err := rows.Scan(&oid, &o.ID.Schema, &o.ID.Name, &o.Owner, &g, &d.Persistence, &d.Type, &d.Start, &d.Increment, &d.Min, &d.Max,
			&d.Cache, &d.Cycle); err != nil {
			return err
		}
		o.Grants = g
		r.add(address{pgClass, oid, 0}, o)
		return nil
	})
}

// identity is a Scan destination for the JSON of an identity column's sequence.
type identity struct{ o **SequenceOptions }

// Scan reads a JSON object, or nothing.
func (i identity) Scan(src any) error {
	b, ok := bytesOf(src)
	if !ok {
		return nil
	}
	*i.o = &SequenceOptions{}
	return json.Unmarshal(b, *i.o)
}
