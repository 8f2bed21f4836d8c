package breaking

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// view is what a schema says of values in one direction, whichever way it is put
// together: references and allOf are taken in.
type view struct {
	at     api.Position
	types  []api.Type // without null; empty: any
	null   bool
	never  bool
	format string

	enum   []api.Value // nil: no enum
	bounds map[string]api.Number
	texts  map[string]string // keywords that are equal or not: pattern, contentEncoding

	properties []*property
	required   []string
	hidden     map[string]string // properties of the other direction, with why
	rest       *api.Schema       // additionalProperties
	closed     bool              // no additional properties
	items      *api.Schema
	prefix     []*api.Schema

	groups [][]*api.Schema        // of oneOf and anyOf
	others map[string]*api.Schema // keywords that hold a schema and are not looked into
	needs  map[string][]string    // dependentRequired
}

// property is one that a value may have in the direction.
type property struct {
	name   string
	schema *api.Schema
	place  place // where its schema stands
}

// viewOf reads a schema at a place. Properties that come out of a named schema are
// told there.
func viewOf(s *api.Schema, in direction, at place) *view {
	v := &view{at: s.At, bounds: map[string]api.Number{}, texts: map[string]string{}, hidden: map[string]string{}, others: map[string]*api.Schema{}, needs: map[string][]string{}}
	null := v.collect(s, in, at, map[*api.Schema]bool{})
	v.null = null && !v.never
	return v
}

// collect takes a schema in, and says whether it lets null pass.
func (v *view) collect(s *api.Schema, in direction, at place, seen map[*api.Schema]bool) (null bool) {
	if s == nil || seen[s] {
		return true
	}
	seen[s] = true
	null = true
	if s.Ref != nil {
		null = v.collect(s.Ref, in, schemaPlace(s.Ref), seen)
	}
	null = v.values(s) && null
	v.scalars(s)
	v.objects(s, in, at)
	v.arrays(s)
	v.compound(s)
	for _, part := range s.AllOf {
		null = v.collect(part, in, at, seen) && null
	}
	for _, group := range [][]*api.Schema{s.OneOf, s.AnyOf} {
		null = v.group(group, in, at, seen) && null
	}
	return s.Nullable || null
}

// group takes alternatives in. null as one of them is no alternative, and a single one
// is none either.
func (v *view) group(list []*api.Schema, in direction, at place, seen map[*api.Schema]bool) (null bool) {
	if len(list) == 0 {
		return true
	}
	var rest []*api.Schema
	for _, s := range list {
		if len(s.Types) == 1 && s.Types[0] == api.Null && s.Ref == nil {
			null = true
			continue
		}
		rest = append(rest, s)
		target := s.Target()
		null = null || target.Nullable || target.Is(api.Null)
	}
	if len(rest) == 1 {
		return v.collect(rest[0], in, at, seen) || null
	}
	if len(rest) > 1 {
		v.groups = append(v.groups, rest)
	}
	return null
}

// values takes in which values there are at all.
func (v *view) values(s *api.Schema) (null bool) {
	v.never = v.never || s.Never
	null = true
	if types := s.ImpliedTypes(); len(types) > 0 {
		null = slices.Contains(types, api.Null)
		plain := slices.DeleteFunc(slices.Clone(types), func(t api.Type) bool { return t == api.Null })
		if len(v.types) == 0 || slices.ContainsFunc(plain, func(t api.Type) bool { return covered(t, v.types) }) {
			v.types = plain
		}
	}
	enum := s.Enum
	if s.Const != "" {
		enum = []api.Value{s.Const}
	}
	if s.HasEnum || s.Const != "" {
		null = slices.Contains(enum, "null")
		v.enum = slices.DeleteFunc(slices.Clone(enum), func(e api.Value) bool { return e == "null" })
		if v.enum == nil {
			v.enum = []api.Value{}
		}
	}
	if s.Format != "" {
		v.format = s.Format
	}
	return null && !s.Never
}

func (v *view) scalars(s *api.Schema) {
	for name, n := range map[string]api.Number{
		"minimum": s.Minimum, "exclusiveMinimum": s.ExclusiveMinimum, "maximum": s.Maximum, "exclusiveMaximum": s.ExclusiveMaximum,
		"minLength": s.MinLength, "maxLength": s.MaxLength, "minItems": s.MinItems, "maxItems": s.MaxItems,
		"minProperties": s.MinProperties, "maxProperties": s.MaxProperties, "minContains": s.MinContains, "maxContains": s.MaxContains,
	} {
		if n != "" && !(counts[name] && n == "0") {
			v.bounds[name] = n
		}
	}
	for name, text := range map[string]string{
		"pattern": s.Pattern, "multipleOf": string(s.MultipleOf), "contentEncoding": s.ContentEncoding, "contentMediaType": s.ContentMediaType,
	} {
		if text != "" {
			v.texts[name] = text
		}
	}
	if s.UniqueItems {
		v.texts["uniqueItems"] = "true"
	}
}

// counts are lower bounds for which 0 says nothing.
var counts = map[string]bool{"minLength": true, "minItems": true, "minProperties": true}

func (v *view) objects(s *api.Schema, in direction, at place) {
	for _, p := range s.Properties {
		if why := hidden(p.Schema, in); why != "" {
			v.hidden[p.Name] = why
			continue
		}
		if i := slices.IndexFunc(v.properties, func(have *property) bool { return have.name == p.Name }); i >= 0 {
			v.properties[i].schema = &api.Schema{AllOf: []*api.Schema{v.properties[i].schema, p.Schema}, At: p.Schema.At}
			continue
		}
		v.properties = append(v.properties, &property{p.Name, p.Schema, at.property(p.Name)})
	}
	for _, name := range s.Required {
		if !slices.Contains(v.required, name) {
			v.required = append(v.required, name)
		}
	}
	if a := s.AdditionalProperties; a != nil {
		v.closed = v.closed || a.Never
		if !a.Never && !a.IsAny() {
			v.rest = a
		}
	}
	for _, d := range s.DependentRequired {
		v.needs[d.Name] = append(v.needs[d.Name], d.Required...)
	}
}

// hidden says why a property is not there in a direction; "": it is.
func hidden(s *api.Schema, in direction) string {
	target := s.Target()
	switch {
	case in == request && (s.ReadOnly || target.ReadOnly):
		return "readOnly"
	case in == answer && (s.WriteOnly || target.WriteOnly):
		return "writeOnly"
	}
	return ""
}

func (v *view) arrays(s *api.Schema) {
	if s.Items != nil {
		v.items = s.Items
	}
	if len(s.PrefixItems) > 0 {
		v.prefix = s.PrefixItems
	}
}

func (v *view) compound(s *api.Schema) {
	add := func(name string, inner *api.Schema) {
		if inner != nil {
			v.others[name] = inner
		}
	}
	add("not", s.Not)
	add("if", s.If)
	add("then", s.Then)
	add("else", s.Else)
	add("contains", s.Contains)
	add("propertyNames", s.PropertyNames)
	add("unevaluatedItems", s.UnevaluatedItems)
	add("unevaluatedProperties", s.UnevaluatedProperties)
	add("contentSchema", s.ContentSchema)
	for _, p := range s.PatternProperties {
		add("patternProperties "+p.Pattern, p.Schema)
	}
	for _, d := range s.DependentSchemas {
		add("dependentSchemas "+d.Name, d.Schema)
	}
}

// schemaPlace is where a named schema stands.
func schemaPlace(s *api.Schema) place { return place{head: "schema " + s.Name, shared: true} }

// property is the place of a property: "property address.city".
func (p place) property(name string) place {
	if p.nested {
		p.path += "." + name
		return p
	}
	p = p.then("property " + name)
	p.nested = true
	return p
}

// items is the place of what a list holds: "property tags[]".
func (p place) items() place {
	if p.nested {
		p.path += "[]"
		return p
	}
	return p.then("items")
}
