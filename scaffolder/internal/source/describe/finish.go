package describe

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// finish puts operations of one path side by side, in the order in which the paths came.
func (d *describer) finish() {
	d.cleanSchemes()
	order := map[string]int{}
	for i, op := range d.api.Operations {
		if _, ok := order[op.Path]; !ok {
			order[op.Path] = i
		}
	}
	slices.SortStableFunc(d.api.Operations, func(a, b *api.Operation) int { return order[a.Path] - order[b.Path] })
	Tags(d.api)
}

// Tags lists the tags that operations have, in the order in which they come.
func Tags(a *api.API) {
	a.Tags = nil
	seen := map[string]bool{}
	for _, op := range a.Operations {
		for _, t := range op.Tags {
			if !seen[t] {
				seen[t] = true
				a.Tags = append(a.Tags, api.Tag{Name: t})
			}
		}
	}
}

// cleanSchemes takes out what was only noted while the schemes were collected.
func (d *describer) cleanSchemes() {
	for _, s := range d.api.Security {
		s.Description = ""
	}
}
