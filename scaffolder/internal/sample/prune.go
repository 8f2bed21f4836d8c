package sample

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// Prune leaves out the properties that the schema does not name, in so far as it
// allows no others, and those that are hidden in this direction: what is left is
// what a type made from the schema has room for. What answers must have although
// it is writeOnly is added: examples rarely show it.
func Prune(s *api.Schema, v any, d Direction) any { return prune(s, v, d, 0) }

func prune(s *api.Schema, v any, d Direction, depth int) any {
	if s == nil || depth > 100 {
		return v
	}
	switch x := v.(type) {
	case []any:
		out := make([]any, len(x))
		for i, item := range x {
			out[i] = prune(itemOf(s, x, i, d, depth), item, d, depth+1)
		}
		return out
	case *Object:
		shapes, open := propertiesOf(s, v, d, 0)
		asked := askedOf(s, v, d, 0)
		out := NewObject()
		for _, key := range x.Keys {
			schema, known := shapes[key]
			if !known && !open || hidden(schema, d) && asked[key] == nil {
				continue
			}
			out.Set(key, prune(schema, x.Values[key], d, depth+1))
		}
		complete(out, asked, d)
		return out
	}
	return v
}

// itemOf is the schema of the i-th item of a list: that of the schema, of what it
// takes in, or of the first alternative that the list passes.
func itemOf(s *api.Schema, list []any, i int, d Direction, depth int) *api.Schema {
	if s == nil || depth > 100 {
		return nil
	}
	if i < len(s.PrefixItems) {
		return s.PrefixItems[i]
	}
	if s.Items != nil {
		return s.Items
	}
	parts := append([]*api.Schema{s.Ref}, s.AllOf...)
	parts = append(parts, alternatives(s, list, d)...)
	for _, each := range parts {
		if item := itemOf(each, list, i, d, depth+1); item != nil {
			return item
		}
	}
	return nil
}

// propertiesOf are the properties that an object may have here: of the schema, of
// what it takes in, and of the first alternative that the object passes.
func propertiesOf(s *api.Schema, v any, d Direction, depth int) (map[string]*api.Schema, bool) {
	out := map[string]*api.Schema{}
	open := false
	add := func(from *api.Schema) {
		more, isOpen := propertiesOf(from, v, d, depth+1)
		for k, p := range more {
			if out[k] == nil {
				out[k] = p
			}
		}
		open = open || isOpen
	}
	if s == nil || depth > 50 {
		return out, true
	}
	for _, p := range s.Properties {
		out[p.Name] = p.Schema
	}
	if s.AdditionalProperties != nil && !s.AdditionalProperties.Never || len(s.PatternProperties) > 0 {
		open = true
	}
	if s.Ref != nil {
		add(s.Ref)
	}
	for _, each := range s.AllOf {
		add(each)
	}
	for _, each := range alternatives(s, v, d) {
		add(each)
	}
	for _, name := range s.Required {
		if _, there := out[name]; !there {
			out[name] = nil
		}
	}
	if len(out) == 0 && s.Ref == nil && len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) == 0 {
		open = true
	}
	return out, open
}
