package cli

import (
	"fmt"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// hidden are the user mappings whose options the reader had no right to see.
func hidden(c *catalog.Catalog) []catalog.ID {
	var all []catalog.ID
	for _, id := range c.Order {
		if m, ok := c.Objects[id].Detail.(*catalog.UserMapping); ok && m.Hidden {
			all = append(all, id)
		}
	}
	return all
}

// hiddenNote says what may not be read of a user mapping.
func hiddenNote(id catalog.ID, consequence string) string {
	return fmt.Sprintf("the options of %s may not be read by this role: %s", id, consequence)
}

// leaveHidden leaves alone, on both sides, the user mappings of which one side
// could not be read.
func (d *comparison) leaveHidden() {
	for i := range d.states {
		for _, id := range hidden(d.states[i].Catalog) {
			tell(d.session.Err, "warning: %s", hiddenNote(id, "it is left alone"))
			for _, s := range d.states {
				s.Leave(id)
			}
		}
	}
}
