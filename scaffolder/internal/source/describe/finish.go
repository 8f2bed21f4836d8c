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
	seen := map[string]bool{}
	for _, op := range d.api.Operations {
		for _, t := range op.Tags {
			if !seen[t] {
				seen[t] = true
				d.api.Tags = append(d.api.Tags, api.Tag{Name: t})
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
