package tstype

import (
	"encoding/json"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

func count(n int) api.Number { return api.Number(strconv.Itoa(n)) }

func text(s string) api.Value {
	b, _ := json.Marshal(s) // texts always encode
	return api.Value(b)
}

// literal is the schema of a literal; any value where it is none that is known.
func literal(e syntax.Expression) *api.Schema {
	value, t := constant(e)
	if value == "" {
		return &api.Schema{}
	}
	return &api.Schema{Types: []api.Type{t}, Const: value}
}

// constant is an expression that is a literal, as JSON.
func constant(e syntax.Expression) (api.Value, api.Type) {
	switch x := syntax.Unwrap(e).(type) {
	case *syntax.StringLiteral:
		return text(x.Value), api.String
	case *syntax.TemplateLiteral:
		if len(x.Expressions) == 0 {
			return text(x.Parts[0].Cooked), api.String
		}
	case *syntax.NumberLiteral:
		return api.Value(x.Key()), numeric(x.Value)
	case *syntax.BigIntLiteral:
		return api.Value(x.Digits), api.Integer
	case *syntax.BooleanLiteral:
		return api.Value(strconv.FormatBool(x.Value)), api.Boolean
	case *syntax.UnaryExpression:
		if v, t := constant(x.Operand); x.Operator == token.Minus && v != "" && t != api.String {
			return "-" + v, t
		}
	}
	return "", ""
}

func numeric(v float64) api.Type {
	if v == float64(int64(v)) {
		return api.Integer
	}
	return api.Numeric
}

// object is the schema of an object type or interface.
func (r *Reader) object(members []syntax.Member, in scope) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.Object}}
	for _, m := range members {
		switch x := m.(type) {
		case *syntax.Field:
			r.property(s, x, in)
		case *syntax.Method:
			if x.Kind == syntax.MethodGet {
				if name, ok := syntax.KeyName(x.Key); ok {
					put(s, name, r.known(x.Function.ReturnType, in), true)
				}
			}
		case *syntax.IndexSignature:
			if x.Type != nil {
				s.AdditionalProperties = r.known(x.Type, in)
				if s.AdditionalProperties.IsAny() {
					s.AdditionalProperties = nil
				}
			}
		}
	}
	return s
}

// property adds a field; functions are none of JSON's.
func (r *Reader) property(s *api.Schema, f *syntax.Field, in scope) {
	name, ok := syntax.KeyName(f.Key)
	if !ok || f.Modifiers&(syntax.ModStatic|syntax.ModPrivate|syntax.ModProtected) != 0 {
		return
	}
	value := r.read(f.Type, in)
	if value == nil {
		return
	}
	if doc, ok := in.module.File.Documentation(f); ok {
		value = documented(value, in.module.File.Content(doc))
	}
	put(s, name, value, !f.Optional && f.Value == nil && !admitsUndefined(f.Type))
}

// admitsUndefined says whether a property of the type may be missing from JSON.
func admitsUndefined(t syntax.Type) bool {
	switch x := t.(type) {
	case *syntax.KeywordType:
		return x.Keyword == token.Undefined || x.Keyword == token.Any || x.Keyword == token.Unknown
	case *syntax.ParenthesizedType:
		return admitsUndefined(x.Type)
	case *syntax.UnionType:
		for _, one := range x.Types {
			if k, ok := one.(*syntax.KeywordType); ok && k.Keyword == token.Undefined {
				return true
			}
		}
	}
	return t == nil
}

// put sets a property.
func put(s *api.Schema, name string, value *api.Schema, required bool) {
	for _, p := range s.Properties {
		if p.Name == name {
			p.Schema = value
			s.Required = without(s.Required, name)
			if required {
				s.Required = append(s.Required, name)
			}
			return
		}
	}
	s.Properties = append(s.Properties, &api.Property{Name: name, Schema: value})
	if required {
		s.Required = append(s.Required, name)
	}
}

func without(list []string, name string) (out []string) {
	for _, n := range list {
		if n != name {
			out = append(out, n)
		}
	}
	return out
}

// isPlainObject says whether a schema is an object that is no component.
func isPlainObject(s *api.Schema) bool {
	return s.Ref == nil && len(s.Types) == 1 && s.Types[0] == api.Object && len(s.AllOf) == 0 && !s.Nullable
}

// overlaid is an object with the properties of another put over it.
func overlaid(under, over *api.Schema) *api.Schema {
	s := flat(under)
	top := flat(over)
	for _, p := range top.Properties {
		put(s, p.Name, p.Schema, top.Requires(p.Name))
	}
	if top.AdditionalProperties != nil {
		s.AdditionalProperties = top.AdditionalProperties
	}
	return s
}

// flat is an object with all of its properties, also those that it has by reference or
// by allOf. It may be changed.
func flat(s *api.Schema) *api.Schema {
	out := &api.Schema{Types: []api.Type{api.Object}}
	flatten(out, s, 0)
	return out
}

func flatten(out, s *api.Schema, depth int) {
	if s == nil || depth > maxDepth {
		return
	}
	flatten(out, s.Ref, depth+1)
	for _, part := range s.AllOf {
		flatten(out, part, depth+1)
	}
	for _, p := range s.Properties {
		put(out, p.Name, p.Schema, s.Requires(p.Name))
	}
	if s.AdditionalProperties != nil {
		out.AdditionalProperties = s.AdditionalProperties
	}
	if out.Description == "" {
		out.Description = s.Description
	}
}

// keysOf are the names of an object's properties.
func (r *Reader) keysOf(t syntax.Type, in scope) *api.Schema {
	return enumOf(flat(r.known(t, in)))
}

func enumOf(o *api.Schema) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.String}}
	for _, p := range o.Properties {
		s.HasEnum = true
		s.Enum = append(s.Enum, text(p.Name))
	}
	return s
}

// access is T['a'], T[number] and T[keyof T].
func (r *Reader) access(x *syntax.IndexedAccessType, in scope) *api.Schema {
	object := r.known(x.Object, in)
	if k, ok := x.Index.(*syntax.KeywordType); ok {
		target := object.Target()
		if k.Keyword == token.NumberWord && target != nil && len(target.PrefixItems) > 0 && target.Items == nil {
			if s := constants(target.PrefixItems); s != nil {
				return s
			}
			return &api.Schema{AnyOf: target.PrefixItems}
		}
		if target != nil && target.Items != nil {
			return target.Items
		}
		if target != nil && target.AdditionalProperties != nil {
			return target.AdditionalProperties
		}
		return &api.Schema{}
	}
	o := flat(object)
	var of []*api.Schema
	for _, name := range r.namesOf(x.Index, in) {
		if p := o.Property(name); p != nil {
			of = append(of, p)
		}
	}
	switch len(of) {
	case 0:
		return &api.Schema{}
	case 1:
		return of[0]
	}
	if s := constants(of); s != nil {
		return s
	}
	return &api.Schema{AnyOf: of}
}

// namesOf are the texts that a type of keys lets pass.
func (r *Reader) namesOf(t syntax.Type, in scope) (names []string) {
	s := r.known(t, in).Target()
	if s == nil {
		return nil
	}
	values := s.Enum
	if s.Const != "" {
		values = []api.Value{s.Const}
	}
	for _, v := range values {
		if decoded, err := v.Decode(); err == nil {
			if name, ok := decoded.(string); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// mapped is {[K in Keys]: T}. With keys that are known it has these properties.
func (r *Reader) mapped(x *syntax.MappedType, in scope) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.Object}}
	if x.Name != nil {
		return s
	}
	names := r.namesOf(x.Constraint, in)
	if len(names) == 0 {
		if value := r.known(x.Type, in); !value.IsAny() {
			s.AdditionalProperties = value
		}
		return s
	}
	for _, name := range names {
		inner := scope{module: in.module, given: map[string]argument{}}
		for k, v := range in.given {
			inner.given[k] = v
		}
		key := &syntax.LiteralType{Span: x.Span, Literal: &syntax.StringLiteral{Span: x.Span, Value: name}}
		inner.given[x.Key.Name] = argument{key, in}
		if value := r.read(x.Type, inner); value != nil {
			put(s, name, value, x.Optional != syntax.MappedAdd)
		}
	}
	return s
}
