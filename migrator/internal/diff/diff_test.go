package diff

import (
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// database builds a catalog of one table, without a server.
func database(t *testing.T, column *catalog.Column, more ...*catalog.Object) *catalog.Catalog {
	t.Helper()
	c := catalog.Empty(150000)
	table := catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "users"}
	objects := append([]*catalog.Object{
		{ID: table, Detail: &catalog.Table{Persistence: "p"}},
		{ID: catalog.ID{Kind: catalog.KindColumn, Schema: "public", Name: "users", Sub: "age"}, Detail: column},
	}, more...)
	for _, o := range objects {
		c.Objects[o.ID] = o
		c.Order = append(c.Order, o.ID)
	}
	return c
}

func TestAtlasAndTheCatalogAgree(t *testing.T) {
	email := &catalog.Object{ID: catalog.ID{Kind: catalog.KindColumn, Schema: "public", Name: "users", Sub: "email"}, Detail: &catalog.Column{Type: "text"}}
	index := &catalog.Object{ID: catalog.ID{Kind: catalog.KindIndex, Schema: "public", Name: "users_age"}, Detail: &catalog.Index{
		Definition: "CREATE INDEX users_age ON public.users USING btree (age)", Table: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "users"}}}
	check := &catalog.Object{ID: catalog.ID{Kind: catalog.KindConstraint, Schema: "public", Name: "users", Sub: "adult"}, Detail: &catalog.Constraint{
		Type: "c", Definition: "CHECK ((age > 17))"}}
	integer, bigint := &catalog.Column{Type: "integer"}, &catalog.Column{Type: "bigint"}
	for _, test := range []struct {
		name     string
		from, to *catalog.Catalog
		want     map[string]string
	}{
		{"nothing", database(t, integer, email), database(t, &catalog.Column{Type: "integer"}, email), map[string]string{}},
		{"type", database(t, integer), database(t, bigint), map[string]string{"column public.users.age": modified}},
		{"not null", database(t, integer), database(t, &catalog.Column{Type: "integer", NotNull: true}), map[string]string{"column public.users.age": modified}},
		{"column", database(t, integer), database(t, integer, email), map[string]string{"column public.users.email": added}},
		{"column away", database(t, integer, email), database(t, integer), map[string]string{"column public.users.email": dropped}},
		{"index", database(t, integer), database(t, integer, index), map[string]string{"index public.users_age": added}},
		{"check", database(t, integer, check), database(t, integer), map[string]string{"constraint public.users.adult": dropped}},
		// Atlas does not model storage: the catalog alone sees it.
		{"storage", database(t, integer), database(t, &catalog.Column{Type: "integer", Storage: "m"}), map[string]string{"column public.users.age": ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := map[string]string{}
			changes, doubts := Find(test.from, test.to, catalog.Ignore{})
			if len(doubts) > 0 {
				t.Errorf("Atlas alone sees %v", doubts)
			}
			for _, c := range changes {
				got[c.ID.String()] = c.Atlas
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %v, want %v", got, test.want)
			}
			for id, atlas := range test.want {
				if what, ok := got[id]; !ok || what != atlas {
					t.Errorf("%s: Atlas says %q, want %q (%v)", id, what, atlas, got)
				}
			}
		})
	}
}

// An index whose texts differ is either a change or a doubt, never neither.
func TestDoubtsAreTold(t *testing.T) {
	index := func(definition string) *catalog.Object {
		return &catalog.Object{ID: catalog.ID{Kind: catalog.KindIndex, Schema: "public", Name: "users_age"}, Detail: &catalog.Index{
			Definition: definition, Table: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "users"}}}
	}
	column := &catalog.Column{Type: "integer"}
	from := database(t, column, index("CREATE INDEX users_age ON public.users USING btree (age) WITH (fillfactor='70', deduplicate_items=off)"))
	to := database(t, column, index("CREATE INDEX users_age ON public.users USING btree (age) WITH (deduplicate_items=off, fillfactor='70')"))
	changes, doubts := Find(from, to, catalog.Ignore{})
	if len(changes)+len(doubts) != 1 {
		t.Errorf("changes %v, doubts %v: one of them wants the index", changes, doubts)
	}
}
