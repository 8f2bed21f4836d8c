package plan

import (
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

func TestFaithful(t *testing.T) {
	const printed = `CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])))`
	const want = `CHECK ((status = ANY (ARRAY['a'::character varying, 'it''s'::character varying])))`
	if got := faithful(printed); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if other := `CHECK ((age > 17))`; faithful(other) != other {
		t.Errorf("changed %s", other)
	}
}

func TestSequenceOptions(t *testing.T) {
	plain := sequenceDefaults("bigint", 1)
	if got := sequenceOptions(&catalog.SequenceOptions{}, &plain); len(got) != 0 {
		t.Errorf("a plain sequence needs no words, got %v", got)
	}
	moved := plain
	moved.Min, moved.Start = 100, 100
	got := sequenceOptions(&plain, &moved)
	want := []string{"MINVALUE 100", "START WITH 100", "RESTART WITH 100"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNames(t *testing.T) {
	id := func(kind catalog.Kind, name, sub string) catalog.ID {
		return catalog.ID{Kind: kind, Schema: "public", Name: name, Sub: sub}
	}
	for want, changes := range map[string][]Change{
		"create_users":           {{Action: Create, ID: id(catalog.KindTable, "users", "")}, {Action: Create, ID: id(catalog.KindColumn, "users", "id"), Table: "users"}},
		"add_users_email":        {{Action: Create, ID: id(catalog.KindColumn, "users", "email"), Table: "users"}},
		"add_users_indexes":      {{Action: Create, ID: id(catalog.KindIndex, "a", ""), Table: "users"}, {Action: Create, ID: id(catalog.KindIndex, "b", ""), Table: "users"}},
		"alter_books_and_orders": {{Action: Alter, ID: id(catalog.KindColumn, "books", "x"), Table: "books"}, {Action: Alter, ID: id(catalog.KindColumn, "orders", "y"), Table: "orders"}},
		"nothing":                nil,
	} {
		if got := (&Plan{Changes: changes}).Name(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
