package schema

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// isJTD says whether a call is one of ajv's for JSON Type Definition (RFC 8927), whose
// schemas have keywords of their own.
func isJTD(t *eval.Term) bool { return t.Root() == "ajv/dist/jtd" || t.Root() == "jtd" }

// jtdTypes are the types of JSON Type Definition with the bounds of the integers.
var jtdTypes = map[string]api.Schema{
	"boolean":   {Types: []api.Type{api.Boolean}},
	"string":    {Types: []api.Type{api.String}},
	"timestamp": {Types: []api.Type{api.String}, Format: "date-time"},
	"float32":   {Types: []api.Type{api.Numeric}},
	"float64":   {Types: []api.Type{api.Numeric}},
	"int8":      {Types: []api.Type{api.Integer}, Minimum: "-128", Maximum: "127"},
	"uint8":     {Types: []api.Type{api.Integer}, Minimum: "0", Maximum: "255"},
	"int16":     {Types: []api.Type{api.Integer}, Minimum: "-32768", Maximum: "32767"},
	"uint16":    {Types: []api.Type{api.Integer}, Minimum: "0", Maximum: "65535"},
	"int32":     {Types: []api.Type{api.Integer}, Minimum: "-2147483648", Maximum: "2147483647"},
	"uint32":    {Types: []api.Type{api.Integer}, Minimum: "0", Maximum: "4294967295"},
}

// jtd reads a schema of JSON Type Definition.
func (r *Reader) jtd(v eval.Value) *reading {
	o, ok := v.(*eval.Object)
	if !ok || o.Host != nil {
		return nil
	}
	definitions, _ := o.Get("definitions").(*eval.Object)
	s := r.jtdForm(o, definitions, 0)
	got := &reading{schema: *s}
	for _, p := range s.Properties {
		got.shape = append(got.shape, field{name: p.Name, value: &reading{schema: *p.Schema, library: jtd, optional: !s.Requires(p.Name)}})
	}
	return got
}

func (r *Reader) jtdForm(v eval.Value, definitions *eval.Object, depth int) *api.Schema {
	o, ok := v.(*eval.Object)
	if !ok || depth > 40 {
		return &api.Schema{}
	}
	inner := func(v eval.Value) *api.Schema { return r.jtdForm(v, definitions, depth+1) }
	s := &api.Schema{}
	for _, k := range o.Keys() {
		given := o.Get(k)
		nested, _ := given.(*eval.Object)
		switch k {
		case "type":
			if name, ok := given.(eval.String); ok {
				known := jtdTypes[string(name)]
				s.Types, s.Format, s.Minimum, s.Maximum = known.Types, known.Format, known.Minimum, known.Maximum
			}
		case "enum":
			if e := enumOf(enumValues(given)); e != nil {
				s.Types, s.Enum, s.HasEnum = e.Types, e.Enum, true
			}
		case "elements":
			s.Types, s.Items = []api.Type{api.Array}, inner(given)
		case "values":
			s.Types, s.AdditionalProperties = []api.Type{api.Object}, inner(given)
		case "properties", "optionalProperties":
			jtdProperties(s, nested, k == "properties", inner)
		case "mapping":
			r.jtdMapping(s, o, nested, inner)
		case "ref":
			if name, ok := given.(eval.String); ok && definitions != nil {
				if to, ok := definitions.Get(string(name)).(*eval.Object); ok {
					s.Ref = r.names.Component(to, string(name), func() *api.Schema { return inner(to) })
				}
			}
		case "metadata":
			if nested != nil {
				if text, ok := nested.Get("description").(eval.String); ok {
					s.Description = string(text)
				}
			}
		}
	}
	if len(s.Properties) > 0 && o.Get("additionalProperties") != eval.Value(eval.Bool(true)) {
		s.AdditionalProperties = &api.Schema{Never: true}
	}
	if o.Get("nullable") == eval.Value(eval.Bool(true)) {
		s.Nullable = true
	}
	return s
}

func jtdProperties(s *api.Schema, of *eval.Object, required bool, inner func(eval.Value) *api.Schema) {
	s.Types = []api.Type{api.Object}
	if of == nil {
		return
	}
	for _, name := range of.Keys() {
		s.Properties = append(s.Properties, &api.Property{Name: name, Schema: inner(of.Get(name))})
		if required {
			s.Required = append(s.Required, name)
		}
	}
}

// jtdMapping reads a discriminator: one of several objects, each with its tag.
func (r *Reader) jtdMapping(s *api.Schema, o, mapping *eval.Object, inner func(eval.Value) *api.Schema) {
	tag, ok := o.Get("discriminator").(eval.String)
	if !ok || mapping == nil {
		return
	}
	for _, name := range mapping.Keys() {
		one := inner(mapping.Get(name))
		one.Types = []api.Type{api.Object}
		value := &api.Schema{Types: []api.Type{api.String}, Const: quoted(name)}
		one.Properties = append([]*api.Property{{Name: string(tag), Schema: value}}, one.Properties...)
		one.Required = append([]string{string(tag)}, one.Required...)
		s.OneOf = append(s.OneOf, one)
	}
}

// quoted is a text as JSON.
func quoted(s string) api.Value {
	v, _ := JSON(eval.String(s))
	return v
}
