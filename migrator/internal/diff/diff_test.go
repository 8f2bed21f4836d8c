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
	part := func(kind catalog.Kind, sub string, detail catalog.Detail) *catalog.Object {
		return &catalog.Object{ID: catalog.ID{Kind: kind, Schema: "public", Name: "users", Sub: sub}, Detail: detail}
	}
	one, two := part(catalog.KindDefault, "age", &catalog.Default{Expr: "1"}), part(catalog.KindDefault, "age", &catalog.Default{Expr: "2"})
	identity := func(generation string) *catalog.Column {
		return &catalog.Column{Type: "bigint", NotNull: true, Identity: generation, Sequence: &catalog.SequenceOptions{Type: "bigint", Start: 1, Increment: 1}}
	}
	key := part(catalog.KindConstraint, "users_pkey", &catalog.Constraint{Type: "p", Definition: "PRIMARY KEY (age)", Columns: []string{"age"}})
	wide := part(catalog.KindConstraint, "users_pkey", &catalog.Constraint{Type: "p", Definition: "PRIMARY KEY (age, email)", Columns: []string{"age", "email"}})
	foreign := func(action string) *catalog.Object {
		return part(catalog.KindConstraint, "users_age_fkey", &catalog.Constraint{Type: "f", Columns: []string{"age"},
			Definition: "FOREIGN KEY (age) REFERENCES public.ages(id)" + action, References: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "ages"}})
	}
	enum := func(labels ...string) *catalog.Object {
		return &catalog.Object{ID: catalog.ID{Kind: catalog.KindType, Schema: "public", Name: "mood"}, Detail: &catalog.Enum{Labels: labels}}
	}
	table := &catalog.Object{ID: catalog.ID{Kind: catalog.KindTable, Schema: "public", Name: "orders"}, Detail: &catalog.Table{Persistence: "p"}}
	spoken := &catalog.Object{ID: email.ID, Detail: email.Detail, Comment: "where to write"}
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
		{"default", database(t, integer), database(t, integer, one), map[string]string{"default public.users.age": modified}},
		{"default changes", database(t, integer, one), database(t, integer, two), map[string]string{"default public.users.age": modified}},
		{"default away", database(t, integer, one), database(t, integer), map[string]string{"default public.users.age": modified}},
		{"identity", database(t, identity("a")), database(t, identity("d")), map[string]string{"column public.users.age": modified}},
		{"index away", database(t, integer, index), database(t, integer), map[string]string{"index public.users_age": dropped}},
		{"key", database(t, integer, email), database(t, integer, email, key), map[string]string{"constraint public.users.users_pkey": added}},
		{"key changes", database(t, integer, email, key), database(t, integer, email, wide), map[string]string{"constraint public.users.users_pkey": modified}},
		{"key away", database(t, integer, email, key), database(t, integer, email), map[string]string{"constraint public.users.users_pkey": dropped}},
		{"foreign key", database(t, integer), database(t, integer, foreign("")), map[string]string{"constraint public.users.users_age_fkey": added}},
		{"foreign key changes", database(t, integer, foreign("")), database(t, integer, foreign(" ON DELETE CASCADE")), map[string]string{"constraint public.users.users_age_fkey": modified}},
		{"check added", database(t, integer), database(t, integer, check), map[string]string{"constraint public.users.adult": added}},
		{"enum", database(t, integer, enum("sad")), database(t, integer, enum("sad", "ok")), map[string]string{"type public.mood": modified}},
		{"comment", database(t, integer, email), database(t, integer, spoken), map[string]string{"column public.users.email": modified}},
		{"table", database(t, integer), database(t, integer, table), map[string]string{"table public.orders": added}},
		{"table away", database(t, integer, table), database(t, integer), map[string]string{"table public.orders": dropped}},
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
