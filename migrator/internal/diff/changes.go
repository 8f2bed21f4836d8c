package diff

import (
	"slices"

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
// then the new ones. doubts are objects that Atlas finds different and the
// catalog finds equal: they are no change, and somebody should be told.
func Find(from, to *catalog.Catalog, ignore catalog.Ignore) (changes []Change, doubts []catalog.ID) {
	atlas := tables(from, to)
	for _, id := range from.Order {
		if ignore.Leaves(id.Kind) {
			continue
		}
		old, now := from.Objects[id], to.Objects[id]
		c := Change{ID: id, Old: old, New: now, Atlas: atlas[id]}
		if now != nil {
			c.Fields = catalog.CompareObjects(old, now, ignore)
			if len(c.Fields) == 0 {
				if c.Atlas != "" {
					doubts = append(doubts, id)
				}
				continue
			}
		}
		changes = append(changes, c)
	}
	for _, id := range to.Order {
		if from.Objects[id] == nil && !ignore.Leaves(id.Kind) {
			changes = append(changes, Change{ID: id, New: to.Objects[id], Atlas: atlas[id]})
		}
	}
	return changes, alone(doubts, changes, from, to)
}

// alone leaves out what has a part that changes: Atlas counts a column's default
// as the column's, the catalog as an object of its own. It leaves out too what
// passes, unchanged, from one kind of table to another: to Atlas it is new.
func alone(doubts []catalog.ID, changes []Change, from, to *catalog.Catalog) []catalog.ID {
	whole := map[catalog.ID]bool{}
	for _, c := range changes {
		for _, side := range []*catalog.Catalog{from, to} {
			if parent, ok := side.Parent(c.ID); ok {
				whole[parent] = true
			}
		}
	}
	return slices.DeleteFunc(doubts, func(id catalog.ID) bool {
		old, _ := from.Parent(id)
		now, _ := to.Parent(id)
		return whole[id] || old != now
	})
}

// Modelled tells whether Atlas has a word for the kind of object that changes.
func (c Change) Modelled() bool {
	switch c.ID.Kind {
	case catalog.KindTable, catalog.KindColumn, catalog.KindDefault, catalog.KindConstraint, catalog.KindIndex:
		return true
	case catalog.KindType:
		for _, o := range []*catalog.Object{c.Old, c.New} {
			if o != nil {
				_, enum := o.Detail.(*catalog.Enum)
				return enum
			}
		}
	}
	return false
}
