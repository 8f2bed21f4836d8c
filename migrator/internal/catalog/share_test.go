package catalog

import (
	"slices"
	"testing"
)

// one is a catalog of a table with two columns, an extension and an index.
func one(columnType string, age uint32) *Catalog {
	c := &Catalog{Objects: map[ID]*Object{}}
	table := &Object{ID: ID{Kind: KindTable, Schema: "public", Name: "t"}, Owner: "o", Comment: "c", Detail: &Table{Persistence: "p"}, Grants: []Grant{{Grantee: "r", Privilege: "SELECT"}}}
	c.add(table)
	for _, name := range []string{"a", "b"} {
		d := &Column{Type: "integer"}
		if name == "b" {
			d.Type = columnType
		}
		o := &Object{ID: ID{Kind: KindColumn, Schema: "public", Name: "t", Sub: name}, Detail: d}
		c.need(o, table.ID)
		c.add(o)
	}
	c.add(&Object{ID: ID{Kind: KindIndex, Schema: "public", Name: "i"}, Detail: &Index{Table: table.ID}, Age: age})
	c.add(&Object{ID: ID{Kind: KindExtension, Name: "x"}, Detail: &Extension{Version: "1"}})
	return c
}

func TestShare(t *testing.T) {
	a, b := one("integer", 1), one("bigint", 7)
	before := Compare(a, b, Ignore{})
	Share(a, b)
	if after := Compare(a, b, Ignore{}); len(before) != 1 || !slices.Equal(before, after) || before[0].Field != FieldType {
		t.Errorf("%v, and then %v", before, after)
	}
	for id, want := range map[ID]bool{
		{Kind: KindTable, Schema: "public", Name: "t"}:            true,
		{Kind: KindColumn, Schema: "public", Name: "t", Sub: "a"}: true,
		{Kind: KindColumn, Schema: "public", Name: "t", Sub: "b"}: false,
		{Kind: KindIndex, Schema: "public", Name: "i"}:            true,
		{Kind: KindExtension, Name: "x"}:                          false,
	} {
		if got := a.Objects[id].Detail == b.Objects[id].Detail; got != want {
			t.Errorf("%s is one detail: %v", id, got)
		}
	}
	if i := b.Objects[ID{Kind: KindIndex, Schema: "public", Name: "i"}]; i.Age != 7 {
		t.Errorf("the age of an index is its own: %d", i.Age)
	}
}
