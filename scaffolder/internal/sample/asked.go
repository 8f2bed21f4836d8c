package sample

import (
	"maps"
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// isOut says that values of this direction go without a property of s.
func isOut(s *api.Schema, p *api.Property, d Direction) bool {
	return hidden(p.Schema, d) && (d == Request || !s.RequiresInAnswers(p.Name))
}

// askedOf are the writeOnly properties that an answer must have here: of the
// schema, of what it takes in, and of the first alternative that the object passes.
func askedOf(s *api.Schema, v any, d Direction, depth int) map[string]*api.Schema {
	if s == nil || d == Request || depth > 50 {
		return nil
	}
	out := map[string]*api.Schema{}
	for _, p := range s.Properties {
		if hidden(p.Schema, d) && s.RequiresInAnswers(p.Name) {
			out[p.Name] = p.Schema
		}
	}
	parts := append([]*api.Schema{s.Ref}, s.AllOf...)
	for _, each := range append(parts, alternatives(s, v, d)...) {
		maps.Copy(out, askedOf(each, v, d, depth+1))
	}
	return out
}

// complete adds what is asked for and not there, in the order of names.
func complete(o *Object, asked map[string]*api.Schema, d Direction) {
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if o.Has(name) {
			continue
		}
		if v, ok := Make(asked[name], d); ok {
			o.Set(name, v)
		}
	}
}
