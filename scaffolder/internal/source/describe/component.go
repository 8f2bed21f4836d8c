package describe

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// components puts the named schemas that operations lead to into the model, in the
// order in which they were read.
func (d *describer) components() {
	if d.Names == nil {
		return
	}
	used := Reached(d.api.Operations)
	for _, s := range d.Names.All() {
		if used[s] {
			d.api.Schemas = append(d.api.Schemas, s)
		}
	}
}

// Reached are the named schemas that operations lead to.
func Reached(operations []*api.Operation) map[*api.Schema]bool {
	used := map[*api.Schema]bool{}
	for _, op := range operations {
		for _, p := range op.Parameters {
			collect(p.Schema, used)
		}
		if op.Body != nil {
			for _, m := range op.Body.Content {
				collect(m.Schema, used)
			}
		}
		for _, r := range op.Responses {
			for _, m := range r.Content {
				collect(m.Schema, used)
			}
		}
	}
	return used
}

// collect notes the named schemas that a schema leads to.
func collect(s *api.Schema, used map[*api.Schema]bool) {
	if s == nil {
		return
	}
	s.Walk(func(one *api.Schema) {
		if one.Ref != nil && !used[one.Ref] {
			used[one.Ref] = true
			collect(one.Ref, used)
		}
	})
}
