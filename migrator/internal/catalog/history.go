package catalog

import "slices"

// HistoryTable is the table in which package apply writes down what was
// applied. It is no part of anybody's schema.
const HistoryTable = "migrator_history"

// forgetHistory takes the history, with all its parts, out of the catalog.
func (c *Catalog) forgetHistory() {
	own := map[ID]bool{}
	for _, id := range c.Order {
		if id.Name == HistoryTable && id.Kind == KindTable {
			own[id] = true
		}
	}
	if len(own) == 0 {
		return
	}
	for _, id := range c.Order {
		parent, ok := c.Parent(id)
		for ok && !own[parent] {
			parent, ok = c.Parent(parent)
		}
		if ok {
			own[id] = true
		}
	}
	c.Order = slices.DeleteFunc(c.Order, func(id ID) bool { return own[id] })
	for id := range own {
		delete(c.Objects, id)
		delete(c.Sizes, id)
	}
}
