package catalog

import "testing"

// Bounds of texts go by the database's collation; others do not.
func TestUnlikeOrderOfTexts(t *testing.T) {
	for _, test := range []struct {
		key, collation string
		want           bool
	}{
		{"RANGE (k)", "", true}, {"RANGE (n)", "", false}, {"LIST (k)", "", false}, {"RANGE (k)", `pg_catalog."C"`, false}, {"RANGE (lower(k))", "", true},
	} {
		make := func(locale string) *Catalog {
			c := Empty(150000)
			c.Locale = locale
			c.add(&Object{ID: ID{Kind: KindTable, Schema: "public", Name: "p"}, Detail: &Table{PartitionKey: test.key}})
			c.add(&Object{ID: ID{Kind: KindColumn, Schema: "public", Name: "p", Sub: "k"}, Detail: &Column{Type: "text", Collation: test.collation}})
			c.add(&Object{ID: ID{Kind: KindColumn, Schema: "public", Name: "p", Sub: "n"}, Detail: &Column{Type: "integer"}})
			return c
		}
		if got := Unlike(make("UTF8 de_DE.utf8"), make("UTF8 C")); (len(got) == 1) != test.want {
			t.Errorf("%+v: %v", test, got)
		}
		if got := Unlike(make("UTF8 C"), make("UTF8 C")); len(got) != 0 {
			t.Errorf("%+v: %v", test, got)
		}
	}
}
