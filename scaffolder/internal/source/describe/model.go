package describe

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
)

// stored adds the fields of models to a body that is stored as it comes, beside what the
// handler reads of it.
func (d *describer) stored(op *api.Operation, s *api.Schema, c *chain) *api.Schema {
	if d.Schemas == nil {
		return s
	}
	for _, l := range c.links {
		for _, m := range d.digest(l.facts).models {
			made := &api.Schema{Types: []api.Type{api.Object}}
			for _, f := range d.modelFields(m) {
				if !slices.Contains(m.Without, f.Name) && !slices.Contains(m.Part.Node.Given, f.Name) {
					set(made, f.Name, f.Schema, f.Required && !m.Partly)
				}
			}
			if len(made.Properties) == 0 {
				continue
			}
			s = withModel(s, m.Part.Path, made)
			d.fact(op, "body", "model", m.At)
		}
	}
	return s
}

// modelFields are the fields that callers can send: those that databases keep by themselves
// are left out.
func (d *describer) modelFields(m schema.Model) []schema.Field {
	if m.Class == nil {
		return m.Fields
	}
	if d.Types == nil || m.Class.Node == nil {
		return nil
	}
	var out []schema.Field
	fields(d.Types.Class(m.Class), 0, func(name string, s *api.Schema, required bool) {
		if !schema.IsKept(name) {
			out = append(out, schema.Field{Name: name, Schema: s, Required: required})
		}
	})
	return out
}

// withModel adds what a model has at the end of a path; what use has told of a field stays.
func withModel(s *api.Schema, path []string, made *api.Schema) *api.Schema {
	out := *s
	out.Properties = slices.Clone(s.Properties)
	out.Required = slices.Clone(s.Required)
	if len(path) > 0 && path[0] == "[]" {
		if out.Items == nil {
			out.Items = &api.Schema{}
		}
		out.Types = []api.Type{api.Array}
		out.Items = withModel(out.Items, path[1:], made)
		return &out
	}
	out.Types = []api.Type{api.Object}
	if len(path) > 0 {
		inner := out.Property(path[0])
		if inner == nil {
			inner = &api.Schema{}
		}
		set(&out, path[0], withModel(inner, path[1:], made), false)
		return &out
	}
	for _, p := range made.Properties {
		have := out.Property(p.Name)
		if have == nil || len(have.Types) == 0 && len(have.Properties) == 0 {
			have = p.Schema
		}
		set(&out, p.Name, have, made.Requires(p.Name))
	}
	return &out
}
