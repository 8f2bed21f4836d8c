package sample

import (
	"encoding/json"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func (m maker) array(s *api.Schema, depth int, within []*api.Schema) any {
	out := []any{}
	want := count(orZero(s.MinItems))
	if want == 0 && depth < deepest/2 && (m.filled || m.full >= 0 && *m.made < mostValues) {
		want = 1
	}
	if s.MaxItems != "" {
		want = min(want, count(s.MaxItems))
	}
	if want > 1000 {
		return missing
	}
	for i := 0; i < max(want, len(s.PrefixItems)); i++ {
		schema := s.Items
		if i < len(s.PrefixItems) {
			schema = s.PrefixItems[i]
		} else if s.Contains != nil && i == len(s.PrefixItems) {
			schema = s.Contains
		}
		v := m.make(schema, depth+1, within)
		if v == missing {
			break
		}
		if s.UniqueItems && i > 0 {
			v = distinct(v, i, schema, m.direction)
		}
		out = append(out, v)
	}
	return out
}

// distinct makes the i-th item differ from those before it.
func distinct(v any, i int, s *api.Schema, d Direction) any {
	switch x := v.(type) {
	case string:
		if target := s.Target(); target != nil && i < len(target.Enum) {
			if e, err := Parse(target.Enum[i]); err == nil {
				return e
			}
		}
		if c := x + strconv.Itoa(i); Valid(s, c, d) {
			return c
		}
	case json.Number:
		if f, err := x.Float64(); err == nil {
			return json.Number(strconv.FormatFloat(f+float64(i), 'f', -1, 64))
		}
	}
	return v
}

func orZero(n api.Number) api.Number {
	if n == "" {
		return "0"
	}
	return n
}

func (m maker) object(s *api.Schema, depth int, within []*api.Schema) any {
	out := NewObject()
	for _, p := range s.Properties {
		required := s.Requires(p.Name)
		if isOut(s, p, m.direction) || !required && (depth > m.full || *m.made > mostValues) {
			continue
		}
		v := m.make(p.Schema, depth+1, within)
		if v != missing {
			out.Set(p.Name, v)
		}
	}
	for _, name := range s.Required {
		if !out.Has(name) && s.Property(name) == nil {
			out.Set(name, m.make(s.AdditionalProperties, depth+1, within))
		}
	}
	for i := 0; i < 100 && len(out.Keys) < count(orZero(s.MinProperties)); i++ {
		m.addProperty(s, out, i, depth, within)
	}
	if m.filled && len(out.Keys) == 0 && len(s.Properties) > 0 {
		m.addProperty(s, out, 0, depth, within)
	}
	return out
}

// addProperty fills an object up to minProperties.
func (m maker) addProperty(s *api.Schema, out *Object, i, depth int, within []*api.Schema) {
	for _, p := range s.Properties {
		if !out.Has(p.Name) && !isOut(s, p, m.direction) {
			if v := m.make(p.Schema, depth+1, within); v != missing {
				out.Set(p.Name, v)
				return
			}
		}
	}
	out.Set("key"+strconv.Itoa(i+1), m.make(s.AdditionalProperties, depth+1, within))
}
