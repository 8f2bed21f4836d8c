package sample

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// ForForm is From for parameters and forms, which write nothing for an empty list
// or object: the value has none, or there is no value.
func ForForm(s *api.Schema, examples []api.Value, d Direction) (any, bool) {
	var candidates []any
	if v, ok := From(s, examples, d); ok {
		candidates = append(candidates, v)
	}
	for _, full := range []int{2, 0, -1} {
		m := maker{direction: d, full: full, made: new(int), filled: true}
		candidates = append(candidates, m.make(s, 0, nil))
	}
	for _, c := range candidates {
		if v := withoutEmpty(c); v != missing && Valid(s, v, d) {
			return v, true
		}
	}
	return nil, false
}

// withoutEmpty leaves empty lists and objects out, also where that makes others
// empty; missing where nothing remains.
func withoutEmpty(v any) any {
	switch x := v.(type) {
	case []any:
		var out []any
		for _, item := range x {
			if kept := withoutEmpty(item); kept != missing {
				out = append(out, kept)
			}
		}
		if len(out) > 0 {
			return out
		}
		return missing
	case *Object:
		out := NewObject()
		for _, key := range x.Keys {
			if kept := withoutEmpty(x.Values[key]); kept != missing {
				out.Set(key, kept)
			}
		}
		if len(out.Keys) > 0 {
			return out
		}
		return missing
	}
	return v
}
