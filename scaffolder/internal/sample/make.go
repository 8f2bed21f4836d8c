package sample

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Make makes a value that passes the schema; ok is false where none was found.
func Make(s *api.Schema, d Direction) (v any, ok bool) {
	for _, m := range []maker{{d, 2, new(int)}, {d, 0, new(int)}, {d, -1, new(int)}} {
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
	for _, e := range examples {
		if v, err := Parse(e); err == nil && Valid(s, v, d) {
			return Prune(s, v, d), true
		}
	}
	return Make(s, d)
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
}

const (
	mostValues = 80
	deepest    = 24
)

func (m maker) make(s *api.Schema, depth int, within []*api.Schema) any {
	*m.made++
	if s == nil || s.IsAny() {
		return filler
	}
	if s.Never || depth > deepest {
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
	for _, c := range candidates {
		if c == "" {
			continue
		}
		if v, err := Parse(c); err == nil && Valid(s, v, m.direction) {
			return Prune(s, v, m.direction), true
		}
	}
	return nil, false
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
	var fallback any = missing
	for _, each := range alternatives {
		v := m.make(each, depth+1, within)
		if v == missing {
			continue
		}
		v = m.tag(s, each, v)
		if !rest.IsAny() && len(rest.Properties)+len(rest.Required) > 0 {
			v = merge(m.make(&rest, depth+1, within), v)
		}
		if fallback == missing {
			fallback = v
		}
		if v != nil && Valid(s, v, m.direction) {
			return v
		}
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

func (m maker) array(s *api.Schema, depth int, within []*api.Schema) any {
	out := []any{}
	want := count(orZero(s.MinItems))
	if want == 0 && (m.full >= 0 && depth < deepest/2 && *m.made < mostValues) {
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
		if Hidden(p.Schema, m.direction) && !(required && m.direction == Response) || !required && (depth > m.full || *m.made > mostValues) {
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
	return out
}

// addProperty fills an object up to minProperties.
func (m maker) addProperty(s *api.Schema, out *Object, i, depth int, within []*api.Schema) {
	for _, p := range s.Properties {
		if !out.Has(p.Name) && !Hidden(p.Schema, m.direction) {
			if v := m.make(p.Schema, depth+1, within); v != missing {
				out.Set(p.Name, v)
				return
			}
		}
	}
	out.Set("key"+strconv.Itoa(i+1), m.make(s.AdditionalProperties, depth+1, within))
}

// made are texts of each format.
var made = map[string]string{
	"date-time": "2024-01-15T09:30:00Z", "date": "2024-01-15", "time": "09:30:00Z", "duration": "P1D",
	"email": "user@example.com", "idn-email": "user@example.com", "hostname": "example.com",
	"idn-hostname": "example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	"uri": "https://example.com/", "url": "https://example.com/", "uri-reference": "/path", "iri": "https://example.com/",
	"uri-template": "/path/{id}", "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "byte": "aGVsbG8=",
	"regex": "^a+$", "json-pointer": "/a", "relative-json-pointer": "0", "password": "correct-horse-battery",
}

func makeString(s *api.Schema) any {
	least, most := count(orZero(s.MinLength)), math.MaxInt32
	if s.MaxLength != "" {
		most = count(s.MaxLength)
	}
	candidates := []string{made[s.Format], "string", "value", "abc", "a1", "1", ""}
	if s.Pattern != "" {
		candidates = append([]string{fromPattern(s.Pattern, least, most)}, candidates...)
	}
	if s.ContentEncoding == "base64" {
		candidates = append([]string{made["byte"]}, candidates...)
	}
	for _, c := range candidates {
		if c == "" {
			continue
		}
		if len(c) < least && least < 100_000 {
			c += strings.Repeat("x", least-len(c))
		}
		if validString(s, c) {
			return c
		}
		if len(c) > most && validString(s, c[:most]) {
			return c[:most]
		}
	}
	if validString(s, "") {
		return ""
	}
	return missing
}

func makeNumber(s *api.Schema, t api.Type) any {
	read := func(n api.Number) (float64, bool) {
		f, err := strconv.ParseFloat(string(n), 64)
		return f, n != "" && err == nil
	}
	var candidates []float64
	step := 1.0
	if t == api.Numeric {
		step = 0.5
	}
	if multiple, ok := read(s.MultipleOf); ok {
		step = multiple
	}
	for _, bound := range []api.Number{s.Minimum, s.ExclusiveMinimum} {
		if f, ok := read(bound); ok {
			first := math.Ceil(f/step) * step
			candidates = append(candidates, first, first+step)
		}
	}
	for _, bound := range []api.Number{s.Maximum, s.ExclusiveMaximum} {
		if f, ok := read(bound); ok {
			last := math.Floor(f/step) * step
			candidates = append(candidates, last, last-step)
			if low, has := read(s.ExclusiveMinimum); has {
				candidates = append(candidates, (low+f)/2)
			}
		}
	}
	candidates = append([]float64{1, step, 0, 10, 100}, candidates...)
	for _, c := range candidates {
		n := json.Number(strconv.FormatFloat(c, 'f', -1, 64))
		if validNumber(s, n) && (t != api.Integer || isInteger(n)) {
			return n
		}
	}
	return missing
}

func isFiller(v any) bool {
	text, ok := v.(string)
	return ok && text == filler
}
