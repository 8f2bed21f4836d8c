package plan

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// Renaming says that what the old database calls From is what the new one calls
// To: "public.users public.accounts", "public.users.name full_name". Names
// are written without quotes; To may leave out what does not change.
type Renaming struct{ From, To string }

// Renames are the statements that rename, to be run before the rest of a plan
// is made: PostgreSQL then says itself how definitions read under the new names.
func Renames(from *catalog.Catalog, renamings []Renaming) ([]Statement, error) {
	var out []Statement
	for _, r := range renamings {
		id, ok := named(from, r.From)
		if !ok {
			return nil, fmt.Errorf("rename %s: no such table, column, constraint, index, view, type, sequence or schema in the old database", r.From)
		}
		name := r.To[strings.LastIndexByte(r.To, '.')+1:]
		if name == "" {
			return nil, fmt.Errorf("rename %s: no new name", r.From)
		}
		st := say(id, renameSQL(from, id, name)).danger(lint.Correctness, "what uses the name %s fails", id.Path())
		out = append(out, st.Statement)
	}
	return out, nil
}

// named finds what people call "schema.table.column"; the schema may be left
// out when it is public.
func named(c *catalog.Catalog, path string) (catalog.ID, bool) {
	for _, p := range []string{path, "public." + path} {
		for _, id := range c.Order {
			switch id.Kind {
			case catalog.KindDefault, catalog.KindTrigger, catalog.KindPolicy, catalog.KindRule, catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate:
				continue
			}
			if id.Path() == p {
				return id, true
			}
		}
	}
	return catalog.ID{}, false
}

func renameSQL(c *catalog.Catalog, id catalog.ID, name string) string {
	to := " TO " + catalog.Quote(name)
	parent, isPart := c.Parent(id)
	switch id.Kind {
	case catalog.KindColumn:
		return "ALTER " + word(parent.Kind) + " " + id.SQL() + " RENAME COLUMN " + catalog.Quote(id.Sub) + to
	case catalog.KindAttribute:
		return "ALTER TYPE " + id.SQL() + " RENAME ATTRIBUTE " + catalog.Quote(id.Sub) + to
	case catalog.KindConstraint, catalog.KindDomainConstraint:
		if isPart {
			return "ALTER " + word(parent.Kind) + " " + id.SQL() + " RENAME CONSTRAINT " + catalog.Quote(id.Sub) + to
		}
	}
	return "ALTER " + reference(c.Objects[id]) + " RENAME" + to
}

// Candidates are the drops and creates of a plan that look like renames: a
// column away and one of the same type new on one table; a table away and one of
// the same columns new. They are for asking; nobody should guess in silence.
func Candidates(from, to *catalog.Catalog) []Renaming {
	var found []Renaming
	taken := map[catalog.ID]bool{}
	for _, old := range from.Order {
		if to.Objects[old] != nil || old.Kind != catalog.KindTable && old.Kind != catalog.KindColumn {
			continue
		}
		for _, now := range to.Order {
			if from.Objects[now] != nil || taken[now] || now.Kind != old.Kind || now.Schema != old.Schema {
				continue
			}
			if old.Kind == catalog.KindColumn && (old.Name != now.Name || !sameColumn(from.Objects[old], to.Objects[now])) {
				continue
			}
			if old.Kind == catalog.KindTable && !sameColumns(from, to, old, now) {
				continue
			}
			taken[now] = true
			found = append(found, Renaming{old.Path(), now.Path()})
			break
		}
	}
	return found
}

func sameColumn(a, b *catalog.Object) bool {
	x, ok := a.Detail.(*catalog.Column)
	y, ok2 := b.Detail.(*catalog.Column)
	return ok && ok2 && x.Type == y.Type && x.Generated == y.Generated
}

// sameColumns tells whether two tables share at least three quarters of their columns.
func sameColumns(from, to *catalog.Catalog, old, now catalog.ID) bool {
	shared, all := 0, 0
	for _, o := range from.Parts(old, catalog.KindColumn) {
		all++
		other := to.Objects[catalog.ID{Kind: catalog.KindColumn, Schema: now.Schema, Name: now.Name, Sub: o.ID.Sub}]
		if other != nil && sameColumn(o, other) {
			shared++
		}
	}
	return all > 0 && shared*4 >= all*3
}
