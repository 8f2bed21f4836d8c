package traffic

import (
	"slices"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// What serves as well has the same form, whatever its name and what it carries.
func TestForms(t *testing.T) {
	table := catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "t"}
	index := func(name, definition string, valid bool) *catalog.Object {
		return &catalog.Object{ID: catalog.ID{Kind: catalog.KindIndex, Schema: "public", Name: name}, Detail: &catalog.Index{Table: table, Definition: definition, Valid: valid}}
	}
	constraint := func(name, kind, definition, index string) *catalog.Object {
		return &catalog.Object{ID: catalog.ID{Kind: catalog.KindConstraint, Schema: "public", Name: "t", Sub: name}, Detail: &catalog.Constraint{Type: kind, Definition: definition, Index: index, Table: table}}
	}
	const unique = "CREATE UNIQUE INDEX u ON public.t USING btree (a)"
	for _, test := range []struct {
		name string
		a, b *catalog.Object
		same bool
	}{
		{"a name", index("u", unique, true), index("u__new", "CREATE UNIQUE INDEX u__new ON public.t USING btree (a)", true), true},
		{"a carried column", index("u", unique, true), index("u", unique+" INCLUDE (b)", true), true},
		{"a key", index("u", unique, true), constraint("u", "u", "UNIQUE (a)", unique), true},
		{"no longer unique", index("u", unique, true), index("u", "CREATE INDEX u ON public.t USING btree (a)", true), false},
		{"another column", index("u", unique, true), index("u", "CREATE UNIQUE INDEX u ON public.t USING btree (b)", true), false},
		{"a condition", index("u", unique, true), index("u", unique+" WHERE (a > 0)", true), false},
		{"not valid", index("u", unique, true), index("u", unique, false), false},
		{"an action", constraint("f", "f", "FOREIGN KEY (a) REFERENCES public.p(id)", ""), constraint("g", "f", "FOREIGN KEY (a) REFERENCES public.p(id) ON DELETE CASCADE NOT VALID", ""), true},
		{"another table", constraint("f", "f", "FOREIGN KEY (a) REFERENCES public.p(id)", ""), constraint("f", "f", "FOREIGN KEY (a) REFERENCES public.q(id)", ""), false},
		{"a check that is not valid", constraint("c", "c", "CHECK ((a > 0))", ""), constraint("d", "c", "CHECK ((a > 0)) NOT VALID", ""), true},
		{"another check", constraint("c", "c", "CHECK ((a > 0))", ""), constraint("c", "c", "CHECK ((a > 1))", ""), false},
	} {
		var forms [2][]string
		for i, o := range []*catalog.Object{test.a, test.b} {
			for _, k := range kept(nil, o) {
				forms[i] = append(forms[i], k.form)
			}
		}
		if slices.Equal(forms[0], forms[1]) != test.same {
			t.Errorf("%s: %q and %q", test.name, forms[0], forms[1])
		}
	}
}
