package diff

import (
	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Change is one object that is not the same in the two databases.
type Change struct {
	ID     catalog.ID
	Old    *catalog.Object // nil when it is new
	New    *catalog.Object // nil when it is gone
	Fields []catalog.Difference
	// Atlas is what Atlas says of it: "add", "drop", "modify"; "" when it says
	// nothing, for kinds and properties that it does not model.
	Atlas string
}

// Find lists the changes: those of the old database's objects in their order,
// then the new ones.
func Find(from, to *catalog.Catalog, ignore catalog.Ignore) []Change {
	atlas := tables(from, to)
	var changes []Change
	for _, id := range from.Order {
		old, now := from.Objects[id], to.Objects[id]
		c := Change{ID: id, Old: old, New: now, Atlas: atlas[id]}
		if now != nil {
			c.Fields = catalog.CompareObjects(old, now, ignore)
			if len(c.Fields) == 0 {
				continue
			}
		}
		changes = append(changes, c)
	}
	for _, id := range to.Order {
		if from.Objects[id] == nil {
			changes = append(changes, Change{ID: id, New: to.Objects[id], Atlas: atlas[id]})
		}
	}
	return changes
}
