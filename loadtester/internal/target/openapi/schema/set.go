package schema

import "slices"

// Set puts a user's own text at a path into an object: as a string where the
// schema has one, else as it stands. ok is false where there is no such property.
func Set(s *Schema, v any, path []string, text string) (changed any, ok bool) {
	return set(applying([]*Schema{s}, v), v, path, text)
}

func set(flat []*Schema, v any, path []string, text string) (any, bool) {
	o, isObject := v.(*Object)
	if !isObject {
		return nil, false
	}
	of := propertyParts(flat, path[0])
	never := slices.ContainsFunc(of, func(s *Schema) bool { return s.Never })
	if never || len(of) == 0 && !o.Has(path[0]) {
		return nil, false
	}
	if len(path) == 1 {
		var value any = text
		if len(of) > 0 && !slices.Contains(types(of), "string") {
			value = Raw(text)
		}
		return o.with(path[0], value), true
	}
	inner, ok := set(applying(of, o.Values[path[0]]), o.Values[path[0]], path[1:], text)
	if !ok {
		return nil, false
	}
	return o.with(path[0], inner), true
}

// Binary says that a property of a form is a file.
func Binary(s *Schema, name string) bool {
	for _, p := range parts([]*Schema{s}) {
		of := p.property(name).Target()
		if of == nil {
			continue
		}
		if item := of.Items.Target(); item != nil {
			of = item
		}
		if of.Format == "binary" || of.Media {
			return true
		}
	}
	return false
}
