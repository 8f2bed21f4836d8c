package proof

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/traffic"
)

// clients are a reader and a writer of each table that is there before and
// after, and a reader of each view that stands on one of them.
func clients(tables []catalog.ID, from, to *catalog.Catalog, names traffic.Names) []traffic.Client {
	var all []traffic.Client
	for _, id := range tables {
		now := names(id)
		if from.Objects[id] == nil || to.Objects[now] == nil {
			continue
		}
		all = append(all, traffic.Client{Table: id.Schema + "." + id.Name, Statements: both(reading(id), reading(now))})
		if old, new, ok := writing(id, from, to, names); ok {
			all = append(all, traffic.Client{Table: id.Schema + "." + id.Name, Write: true, Statements: both(old, new)})
		}
	}
	views := 0
	for _, id := range from.Order {
		now := names(id)
		if id.Kind != catalog.KindView || to.Objects[now] == nil || views >= busyTables {
			continue
		}
		if from.Objects[id].NeedsAny(func(n catalog.ID) bool {
			return slices.ContainsFunc(tables, func(t catalog.ID) bool { return t.Schema == n.Schema && t.Name == n.Name })
		}) {
			views++
			all = append(all, traffic.Client{Table: id.Schema + "." + id.Name, Statements: both("SELECT FROM "+id.SQL()+" WHERE false", "SELECT FROM "+now.SQL()+" WHERE false")})
		}
	}
	return all
}

func both(a, b string) []string {
	if a == b {
		return []string{a}
	}
	return []string{a, b}
}

func reading(id catalog.ID) string {
	return "SELECT count(*) FROM (SELECT FROM " + id.SQL() + " LIMIT 10) s"
}

// writing is an UPDATE of one row that changes nothing, in the names before and
// after: by the key, where the table has one that stays.
func writing(id catalog.ID, from, to *catalog.Catalog, names traffic.Names) (old, now string, ok bool) {
	var columns, keys []catalog.ID
	for _, o := range from.Parts(id, catalog.KindColumn) {
		d := catalog.As[*catalog.Column](o)
		after := to.Objects[names(o.ID)]
		if after == nil || d.Generated != "" || d.Identity == "a" {
			continue
		}
		if e := catalog.As[*catalog.Column](after); e.Generated == "" && e.Identity != "a" {
			columns = append(columns, o.ID)
		}
	}
	for _, o := range from.Parts(id, catalog.KindConstraint) {
		d := catalog.As[*catalog.Constraint](o)
		if d.Type != "p" {
			continue
		}
		for _, c := range d.Columns {
			keys = append(keys, catalog.ID{Kind: catalog.KindColumn, Schema: id.Schema, Name: id.Name, Sub: c})
		}
	}
	if slices.ContainsFunc(keys, func(k catalog.ID) bool { return to.Objects[names(k)] == nil }) {
		keys = nil
	}
	if len(columns) == 0 {
		return "", "", false
	}
	set := columns[len(columns)-1]
	write := func(names traffic.Names) string {
		table, column := names(id).SQL(), catalog.Quote(names(set).Sub)
		var key []string
		for _, k := range keys {
			key = append(key, catalog.Quote(names(k).Sub))
		}
		which := "ctid"
		if len(key) > 0 {
			which = strings.Join(key, ", ")
		}
		return "UPDATE " + table + " SET " + column + " = " + column + " WHERE (" + which + ") = (SELECT " + which + " FROM " + table +
			" LIMIT 1 OFFSET (pg_catalog.random() * 50)::int)"
	}
	return write(func(id catalog.ID) catalog.ID { return id }), write(names), true
}
