package schema

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// jsonSchema reads a plain object of JSON Schema keywords; nil where it is none.
func (r *Reader) jsonSchema(o *eval.Object) *api.Schema {
	if o.Host != nil || !looksLikeSchema(o) || r.depth > 100 {
		return nil
	}
	r.depth++
	defer func() { r.depth-- }()
	if ref, ok := o.Get("$ref").(eval.String); ok {
		return r.reference(string(ref))
	}
	s := &api.Schema{}
	if id, ok := o.Get("$id").(eval.String); ok {
		if name := nameOfID(string(id)); isName(name) {
			return &api.Schema{Ref: r.names.Component(o, name, func() *api.Schema { r.keywords(s, o); return s })}
		}
	}
	r.keywords(s, o)
	return s
}

// Share takes a schema that others may refer to by its $id.
func (r *Reader) Share(v eval.Value) {
	if o, ok := v.(*eval.Object); ok {
		if id, ok := o.Get("$id").(eval.String); ok {
			r.shared[nameOfID(string(id))] = o
		}
		return
	}
	r.Schema(v) // a term, which has its name by itself
}

// looksLikeSchema says whether an object has keywords of JSON Schema that say so.
func looksLikeSchema(o *eval.Object) bool {
	switch t := o.Get("type").(type) {
	case eval.String:
		switch api.Type(t) {
		case api.String, api.Numeric, api.Integer, api.Boolean, api.Object, api.Array, api.Null:
			return true
		}
	case *eval.Array:
		return true
	}
	for _, k := range []string{"$ref", "properties", "enum", "const", "oneOf", "anyOf", "allOf"} {
		switch o.Get(k).(type) {
		case *eval.Object:
			return k == "properties"
		case *eval.Array:
			return k != "properties" && k != "$ref"
		case eval.String:
			return k == "$ref" || k == "const"
		}
	}
	return false
}

// nameOfID is the last part of an $id or $ref.
func nameOfID(id string) string {
	id = strings.TrimSuffix(id, "#")
	return strings.TrimSuffix(id[strings.LastIndexAny(id, "/#")+1:], ".json")
}

// reference is a component that another schema has given its name, or will.
func (r *Reader) reference(ref string) *api.Schema {
	name := nameOfID(ref)
	if o := r.shared[name]; o != nil {
		return r.jsonSchema(o)
	}
	if s := r.names.byName[name]; s != nil {
		return &api.Schema{Ref: s}
	}
	return &api.Schema{}
}

// keywords takes the keywords of an object of JSON Schema.
func (r *Reader) keywords(s *api.Schema, o *eval.Object) {
	for _, k := range o.Keys() {
		v := o.Get(k)
		if !r.scalarKeyword(s, k, v) && !r.annotation(s, k, v) {
			r.nestedKeyword(s, k, v)
		}
	}
}

// scalarKeyword takes a keyword whose value is no schema.
func (r *Reader) scalarKeyword(s *api.Schema, name string, v eval.Value) bool {
	switch name {
	case "type":
		s.Types = nil
		for _, one := range texts(v) {
			if api.Type(one) == api.Null && len(texts(v)) > 1 {
				s.Nullable = true
				continue
			}
			s.Types = append(s.Types, api.Type(one))
		}
	case "nullable":
		s.Nullable = v == eval.Value(eval.Bool(true))
	case "enum":
		if e := enumOf(enumValues(v)); e != nil {
			s.Enum, s.HasEnum = e.Enum, true
			s.Nullable = s.Nullable || e.Nullable
		}
	case "const":
		if j, ok := JSON(v); ok {
			s.Const = j
		}
	case "required":
		if list, ok := v.(*eval.Array); ok {
			s.Required = texts(list)
		}
	case "pattern":
		if text, ok := v.(eval.String); ok {
			s.Pattern = string(text)
		}
	case "format":
		if text, ok := v.(eval.String); ok {
			s.Format = string(text)
		}
	case "uniqueItems":
		s.UniqueItems = v == eval.Value(eval.Bool(true))
	default:
		bound := boundOf(s, name)
		if bound == nil {
			return false
		}
		*bound = numberOf(v)
	}
	return true
}

// boundOf is where the number of a keyword goes; nil where it has none.
func boundOf(s *api.Schema, name string) *api.Number {
	switch name {
	case "minimum":
		return &s.Minimum
	case "maximum":
		return &s.Maximum
	case "exclusiveMinimum":
		return &s.ExclusiveMinimum
	case "exclusiveMaximum":
		return &s.ExclusiveMaximum
	case "multipleOf":
		return &s.MultipleOf
	case "minLength":
		return &s.MinLength
	case "maxLength":
		return &s.MaxLength
	case "minItems":
		return &s.MinItems
	case "maxItems":
		return &s.MaxItems
	case "minProperties":
		return &s.MinProperties
	case "maxProperties":
		return &s.MaxProperties
	}
	return nil
}

// annotation takes a keyword that judges nothing.
func (r *Reader) annotation(s *api.Schema, name string, v eval.Value) bool {
	text, _ := v.(eval.String)
	yes := v == eval.Value(eval.Bool(true))
	switch name {
	case "title":
		s.Title = string(text)
	case "description":
		s.Description = string(text)
	case "deprecated":
		s.Deprecated = yes
	case "readOnly":
		s.ReadOnly = yes
	case "writeOnly":
		s.WriteOnly = yes
	case "default":
		if j, ok := JSON(v); ok {
			s.Default = j
		}
	case "example":
		if j, ok := JSON(v); ok {
			s.Examples = append(s.Examples, j)
		}
	case "examples":
		for _, e := range enumValues(v) {
			if j, ok := JSON(e); ok {
				s.Examples = append(s.Examples, j)
			}
		}
	default:
		return false
	}
	return true
}

// nestedKeyword takes a keyword whose value is made of schemas.
func (r *Reader) nestedKeyword(s *api.Schema, name string, v eval.Value) {
	switch name {
	case "properties":
		if o, ok := v.(*eval.Object); ok {
			for _, k := range o.Keys() {
				s.Properties = append(s.Properties, &api.Property{Name: k, Schema: r.sub(o.Get(k))})
			}
		}
	case "patternProperties":
		if o, ok := v.(*eval.Object); ok {
			for _, k := range o.Keys() {
				s.PatternProperties = append(s.PatternProperties, &api.PatternProperty{Pattern: k, Schema: r.sub(o.Get(k))})
			}
		}
	case "additionalProperties":
		if v != eval.Value(eval.Bool(true)) {
			s.AdditionalProperties = r.sub(v)
		}
	case "items":
		if list, ok := v.(*eval.Array); ok {
			s.PrefixItems = r.subs(list)
		} else {
			s.Items = r.sub(v)
		}
	case "prefixItems":
		s.PrefixItems = r.subs(v)
	case "allOf":
		s.AllOf = r.subs(v)
	case "anyOf":
		s.AnyOf = r.subs(v)
	case "oneOf":
		s.OneOf = r.subs(v)
	case "not":
		s.Not = r.sub(v)
	}
}

// sub is a schema inside of another; one that cannot be read passes everything.
func (r *Reader) sub(v eval.Value) *api.Schema {
	if v == eval.Value(eval.Bool(false)) {
		return &api.Schema{Never: true}
	}
	if s := r.Schema(v); s != nil {
		return s
	}
	if o, ok := v.(*eval.Object); ok && o.Host == nil {
		s := &api.Schema{}
		r.keywords(s, o)
		return s
	}
	return &api.Schema{}
}

func (r *Reader) subs(v eval.Value) (list []*api.Schema) {
	if a, ok := v.(*eval.Array); ok {
		for _, e := range a.Elements {
			list = append(list, r.sub(e))
		}
	}
	return list
}

// texts are the texts that a value is, or has.
func texts(v eval.Value) (out []string) {
	switch x := v.(type) {
	case eval.String:
		return []string{string(x)}
	case *eval.Array:
		for _, e := range x.Elements {
			if s, ok := e.(eval.String); ok {
				out = append(out, string(s))
			}
		}
	}
	return out
}
