package cli

import (
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// planned says what a plan was made for: the objects that it changes, as they are
// before it.
func planned(p *plan.Plan, from, to *catalog.Catalog) migfile.Planned {
	var roots []catalog.ID
	for _, c := range p.Changes {
		root := from.Root(c.ID)
		if from.Objects[c.ID] == nil {
			root = to.Root(c.ID) // it comes with the plan
		}
		if !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
	}
	found := migfile.Planned{Major: from.Version / 10000}
	for _, root := range roots {
		found.Objects = append(found.Objects, migfile.PlannedObject{Name: root.String(), Fingerprint: from.Fingerprint(root)})
	}
	return found
}
