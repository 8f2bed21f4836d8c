package sample

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// Make makes a value that passes the schema; ok is false where none was found.
func Make(s *api.Schema, d Direction) (v any, ok bool) {
	for _, m := range []maker{{direction: d, full: 2, made: new(int)}, {direction: d, made: new(int)}, {direction: d, full: -1, made: new(int)}} {
		v = m.make(s, 0, nil)
		if v != missing && Valid(s, v, d) {
			return v, true
		}
	}
	return nil, false
}

// From is the first of the examples that passes the schema, without the
// properties that the schema does not know; or else a value made from the schema.
func From(s *api.Schema, examples []api.Value, d Direction) (any, bool) {
	if v, ok := pruned(s, examples, d); ok {
		return v, true
	}
	return Make(s, d)
}

// pruned is the first of the examples that passes the schema, and still does without the
// properties that the schema does not know: these may be what tells one alternative from
// the others.
func pruned(s *api.Schema, examples []api.Value, d Direction) (any, bool) {
	for _, e := range examples {
		if e == "" {
			continue
		}
		v, err := Parse(e)
		if err != nil || !Valid(s, v, d) {
			continue
		}
		if v = Prune(s, v, d); Valid(s, v, d) {
			return v, true
		}
	}
	return nil, false
}

type sentinel struct{}

// missing: no value was found.
var missing any = sentinel{}

// filler stands where anything may; what another part of allOf says wins.
var filler any = "value"

// maker makes values; optional properties are given down to the depth full, and
// until there are too many values altogether.
type maker struct {
	direction Direction
	full      int
	made      *int
	filled    bool // no list and no object is empty that need not be
}

const (
	mostValues = 80
	deepest    = 24
	mostTried  = 20_000 // values, until the first alternative that gives one is taken
)

func (m maker) make(s *api.Schema, depth int, within []*api.Schema) any {
	*m.made++
	if s == nil || s.IsAny() {
		return filler
	}
	if s.Never || depth > deepest || *m.made > 2*mostTried {
		return missing
	}
	if v, ok := m.given(s); ok {
		return v
	}
	if s.Ref != nil {
		return m.reference(s, depth, within)
	}
	if len(s.AllOf) > 0 {
		return m.all(s, depth, within)
	}
	if len(s.OneOf)+len(s.AnyOf) > 0 {
		return m.one(s, depth, within)
	}
	for _, t := range kinds(s) {
		if v := m.ofType(s, t, depth, within); v != missing {
			return v
		}
	}
	return missing
}

// given is a value that the document itself shows.
func (m maker) given(s *api.Schema) (any, bool) {
	candidates := append([]api.Value{}, s.Examples...)
	candidates = append(candidates, s.Const, s.Default)
	candidates = append(candidates, s.Enum...)
	return pruned(s, candidates, m.direction)
}

func (m maker) reference(s *api.Schema, depth int, within []*api.Schema) any {
	times := 0
	for _, w := range within {
		if w == s.Ref {
			times++
		}
	}
	if times > 1 || times > 0 && m.full < 0 {
		if s.Nullable {
			return nil
		}
		if times > 3 {
			return missing
		}
		m.full = -1
	}
	v := m.make(s.Ref, depth+1, append(within[:len(within):len(within)], s.Ref))
	rest := *s
	rest.Ref, rest.Nullable = nil, false
	if rest.IsAny() {
		return v
	}
	return merge(v, m.make(&rest, depth+1, within))
}

func (m maker) all(s *api.Schema, depth int, within []*api.Schema) any {
	rest := *s
	rest.AllOf = nil
	var out any = missing
	if !rest.IsAny() {
		out = m.make(&rest, depth+1, within)
	}
	for _, each := range s.AllOf {
		if each.IsAny() {
			continue
		}
		out = merge(out, m.make(each, depth+1, within))
	}
	m.refill(s, out, depth, within)
	return out
}

// refill gives what one part of allOf requires the value that another describes.
func (m maker) refill(s *api.Schema, v any, depth int, within []*api.Schema) {
	o, ok := v.(*Object)
	if !ok {
		return
	}
	shapes, _ := propertiesOf(s, v, m.direction, 0)
	for _, k := range o.Keys {
		if shape := shapes[k]; shape != nil && isFiller(o.Values[k]) && !Valid(shape, o.Values[k], m.direction) {
			if made := m.make(shape, depth+1, within); made != missing {
				o.Set(k, made)
			}
		}
	}
}

// merge joins what two schemas make of the same object.
func merge(a, b any) any {
	if a == missing {
		return b
	}
	x, isX := a.(*Object)
	y, isY := b.(*Object)
	if !isX {
		if isY {
			return b
		}
		return a
	}
	if isY {
		for _, k := range y.Keys {
			if !isFiller(y.Values[k]) || !x.Has(k) {
				x.Set(k, y.Values[k])
			}
		}
	}
	return a
}

func (m maker) one(s *api.Schema, depth int, within []*api.Schema) any {
	rest := *s
	rest.OneOf, rest.AnyOf, rest.Discriminator = nil, nil, nil
	alternatives := append(append([]*api.Schema{}, s.OneOf...), s.AnyOf...)
	tagged, fallback := missing, missing
	for _, each := range alternatives {
		if *m.made > mostTried && (tagged != missing || fallback != missing) {
			break
		}
		v := m.make(each, depth+1, within)
		if v == missing {
			continue
		}
		v = m.tag(s, each, v)
		if !rest.IsAny() && len(rest.Properties)+len(rest.Required) > 0 {
			v = merge(m.make(&rest, depth+1, within), v)
		}
		switch {
		case v == nil || !Valid(s, v, m.direction):
			if fallback == missing {
				fallback = v
			}
		case len(s.OneOf) == 0 || newJudge(m.direction).passing(s.OneOf, v, 0, 2) == 1:
			return v
		case tagged == missing: // only the discriminator tells it from the others
			tagged = v
		}
	}
	if tagged != missing {
		return tagged
	}
	return fallback
}

// tag sets the discriminator's property to the value that stands for a schema.
func (m maker) tag(s, alternative *api.Schema, v any) any {
	o, ok := v.(*Object)
	if s.Discriminator == nil || !ok {
		return v
	}
	for _, each := range s.Discriminator.Mapping {
		if each.Schema.Ref != nil && each.Schema.Ref == alternative.Ref {
			before, had := o.Values[s.Discriminator.Property]
			o.Set(s.Discriminator.Property, each.Value)
			if had && !Valid(alternative, v, m.direction) {
				o.Set(s.Discriminator.Property, before)
			}
			break
		}
	}
	return v
}

func kinds(s *api.Schema) []api.Type {
	var last []api.Type
	var out []api.Type
	for _, t := range s.Types {
		if t == api.Null {
			last = append(last, t)
		} else {
			out = append(out, t)
		}
	}
	if out = append(out, last...); len(out) > 0 {
		return out
	}
	switch {
	case len(s.Properties) > 0 || len(s.Required) > 0 || s.AdditionalProperties != nil || len(s.PatternProperties) > 0 || s.MinProperties != "":
		return []api.Type{api.Object}
	case s.Items != nil || len(s.PrefixItems) > 0 || s.MinItems != "":
		return []api.Type{api.Array}
	case s.Minimum != "" || s.Maximum != "" || s.MultipleOf != "":
		return []api.Type{api.Numeric}
	}
	return []api.Type{api.String, api.Numeric, api.Object}
}

func (m maker) ofType(s *api.Schema, t api.Type, depth int, within []*api.Schema) any {
	switch t {
	case api.Null:
		return nil
	case api.Boolean:
		return true
	case api.String:
		return makeString(s)
	case api.Integer, api.Numeric:
		return makeNumber(s, t)
	case api.Array:
		return m.array(s, depth, within)
	}
	return m.object(s, depth, within)
}

func isFiller(v any) bool {
	text, ok := v.(string)
	return ok && text == filler
}
