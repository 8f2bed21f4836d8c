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

func TestConversion(t *testing.T) {
	for _, test := range []struct{ from, to, want string }{
		{"integer", "bigint", ""},
		{"integer", "text", ""},
		{"text", "integer", "c::integer"},
		{"character varying(20)", "uuid", "c::uuid"},
		{"integer", "uuid", "c::text::uuid"},
		{"integer", "boolean", "c::boolean"},
		{"bigint", "boolean", "c::text::boolean"},
		{"timestamp with time zone", "date", ""},
		{"numeric(10,2)", "numeric(12,4)", ""},
	} {
		if got := conversion("c", test.from, test.to, false); got != test.want {
			t.Errorf("%s -> %s: %q, want %q", test.from, test.to, got, test.want)
		}
	}
}

func TestGrowsAndNarrows(t *testing.T) {
	for _, test := range []struct {
		from, to       string
		grows, narrows bool
	}{
		{"character varying(10)", "character varying(20)", true, false},
		{"character varying(20)", "character varying(10)", false, true},
		{"character varying(10)", "text", true, false},
		{"integer", "bigint", false, false},
		{"bigint", "integer", false, true},
		{"numeric(10,2)", "numeric(12,2)", true, false},
		{"numeric(10,2)", "numeric(10,1)", false, true},
	} {
		if got := grows(test.from, test.to); got != test.grows {
			t.Errorf("grows(%s, %s) = %v", test.from, test.to, got)
		}
		if got := narrows(test.from, test.to); got != test.narrows {
			t.Errorf("narrows(%s, %s) = %v", test.from, test.to, got)
		}
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
