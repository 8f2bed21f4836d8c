package plan

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// Move takes an extension from one schema to another, before the rest of a plan is
// made: what it brought, its types above all, stays the same thing under another name,
// and PostgreSQL says itself how everything else reads then.
type Move struct {
	There, Back []Statement
	Change      Change // of the way there
}

// Moves are those of the extensions that both databases have in different schemas.
func Moves(from, to *catalog.Catalog) []Move {
	var all []Move
	made := map[string]bool{}
	for _, id := range from.Order {
		old, ok := detailOf[*catalog.Extension](from.Objects[id])
		now, is := detailOf[*catalog.Extension](to.Objects[id])
		if !ok || !is || old.Schema == now.Schema || !old.Relocatable {
			continue
		}
		m := Move{Change: Change{Action: Alter, ID: id, Fields: []catalog.Difference{{ID: id, Field: catalog.FieldSchema, Old: old.Schema, New: now.Schema}}}}
		home := catalog.ID{Kind: catalog.KindSchema, Name: now.Schema}
		if from.Objects[home] == nil && to.Objects[home] != nil && !made[home.Name] {
			made[home.Name] = true
			m.There = append(m.There, brief(say(home, "CREATE SCHEMA "+home.SQL())))
			m.Back = append(m.Back, brief(say(home, "DROP SCHEMA "+home.SQL())))
		}
		m.There = append(m.There, moveTo(id, old.Schema, now.Schema))
		m.Back = append(m.Back, moveTo(id, now.Schema, old.Schema))
		slices.Reverse(m.Back)
		all = append(all, m)
	}
	return all
}

func moveTo(id catalog.ID, from, to string) Statement {
	return brief(do(id, "ALTER EXTENSION %s SET SCHEMA %s", catalog.Quote(id.Name), catalog.Quote(to)).
		danger(lint.Correctness, "what finds it in the schema %s fails", from))
}

// brief is a statement that takes no time.
func brief(st step) Statement {
	st.LockTimeout, st.StatementTimeout = lockBudget, shortBudget
	return st.Statement
}
