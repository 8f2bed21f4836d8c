package plan

import (
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// tableLocks are the locks that statements about parts of a table take on the
// table, by their first words; the last word of a row may stand anywhere.
var tableLocks = [...]struct{ start, word, mode string }{
	{"DROP TRIGGER ", "", accessExclusive},
	{"CREATE POLICY ", "", accessExclusive},
	{"ALTER POLICY ", "", accessExclusive},
	{"DROP POLICY ", "", accessExclusive},
	{"CREATE OR REPLACE RULE ", "", accessExclusive},
	{"CREATE RULE ", "", accessExclusive},
	{"DROP RULE ", "", accessExclusive},
	{"ALTER TABLE ", " TRIGGER ", shareRowExclusive},
	{"ALTER TABLE ", " CLUSTER ON ", shareUpdateExclusive},
	{"ALTER TABLE ", " SET WITHOUT CLUSTER", shareUpdateExclusive},
	{"ALTER TABLE ", "", accessExclusive},
	{"ALTER MATERIALIZED VIEW ", "", accessExclusive},
	{"ALTER VIEW ", "", accessExclusive},
	{"DROP VIEW ", "", accessExclusive},
	{"CREATE OR REPLACE VIEW ", "", accessExclusive},
	{"COMMENT ON ", "", shareUpdateExclusive},
	{"CREATE STATISTICS ", "", shareUpdateExclusive},
	{"DROP STATISTICS ", "", shareUpdateExclusive},
	{"ALTER PUBLICATION ", " TABLE ", shareUpdateExclusive},
}

// fillLock says which lock a statement takes on a table that was there before,
// where the one who made it did not.
func (p *planner) fillLock(st *Statement) {
	if st.Lock != "" {
		return
	}
	table, ok := p.lockedTable(st.Object)
	if !ok {
		return
	}
	for _, l := range tableLocks {
		if strings.HasPrefix(st.SQL, l.start) && strings.Contains(st.SQL, l.word) {
			st.Lock, st.LockOn = l.mode, table.Path()
			return
		}
	}
}

// lockedTable is the table that a statement about an object locks: itself, or
// what it is part of or about.
func (p *planner) lockedTable(id catalog.ID) (catalog.ID, bool) {
	s := p.at(id)
	o := s.old
	if o == nil {
		o = s.new
	}
	if o == nil {
		return catalog.ID{}, false
	}
	table := catalog.ID{Kind: catalog.KindTable, Schema: id.Schema, Name: id.Name}
	switch d := o.Detail.(type) {
	case *catalog.Statistics:
		table = firstTable(o)
	case *catalog.PublicationTable:
		table = firstTable(o)
	case *catalog.Index:
		table = d.Table
	case *catalog.View:
		table.Kind = id.Kind
	case *catalog.Table, *catalog.Column, *catalog.Default, *catalog.Constraint, *catalog.Trigger, *catalog.Policy, *catalog.Rule:
	default:
		return table, false
	}
	had := p.from.Objects[table]
	return table, had != nil && !p.isNew(table)
}

// firstTable is the table that an object needs.
func firstTable(o *catalog.Object) catalog.ID {
	for need := range o.Needs() {
		if need.Kind == catalog.KindTable {
			return need
		}
	}
	for need := range o.Needs() { // by one of its columns
		if need.Kind == catalog.KindColumn {
			return catalog.ID{Kind: catalog.KindTable, Schema: need.Schema, Name: need.Name}
		}
	}
	return catalog.ID{}
}
