package tstype

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// library reads the types that the language and libraries give.
func (r *Reader) library(x *syntax.TypeReference, name string, in scope) *api.Schema {
	argument := func(i int) syntax.Type {
		if i < len(x.Arguments) {
			return x.Arguments[i]
		}
		return nil
	}
	switch name {
	case "Array", "ReadonlyArray", "Iterable":
		return &api.Schema{Types: []api.Type{api.Array}, Items: r.known(argument(0), in)}
	case "Promise", "PromiseLike", "Awaited", "Readonly", "NonNullable", "Required", "Partial", "DeepPartial", "Pick", "Omit":
		return r.utility(x, name, in)
	case "Record":
		return r.record(argument(0), argument(1), in)
	case "Exclude", "Extract":
		return r.excluded(argument(0), argument(1), name == "Extract", in)
	case "Date":
		return &api.Schema{Types: []api.Type{api.String}, Format: "date-time"}
	case "String", "Uppercase", "Lowercase", "Capitalize", "Uncapitalize", "ObjectId", "Types.ObjectId", "Schema.Types.ObjectId",
		"mongoose.Types.ObjectId", "URL", "Decimal":
		return &api.Schema{Types: []api.Type{api.String}}
	case "Number":
		return &api.Schema{Types: []api.Type{api.Numeric}}
	case "Boolean":
		return &api.Schema{Types: []api.Type{api.Boolean}}
	case "Object":
		return &api.Schema{Types: []api.Type{api.Object}}
	case "Function", "Symbol", "CallableFunction":
		return nil
	case "const":
		return &api.Schema{}
	}
	if last := name[strings.LastIndexByte(name, '.')+1:]; isInferred(last) && len(x.Arguments) == 1 {
		if q, ok := x.Arguments[0].(*syntax.TypeQuery); ok {
			return r.query(q, in)
		}
	}
	return &api.Schema{}
}

// isInferred says whether a type of a library is what a schema, its argument, gives.
func isInferred(name string) bool {
	switch name {
	case "infer", "input", "output", "TypeOf", "Static", "StaticDecode", "InferType", "Infer", "InferOutput", "InferInput", "FromSchema", "extractType":
		return true
	}
	return false
}

// query is typeof x: where x is a schema, what it lets pass.
func (r *Reader) query(x *syntax.TypeQuery, in scope) *api.Schema {
	name, ok := x.Name.(*syntax.Identifier)
	if !ok || in.module == nil {
		return &api.Schema{}
	}
	v := r.ev.Variable(in.module, name.Name)
	if s := r.schemas.Schema(v); s != nil {
		return s
	}
	return valueType(v)
}

// utility reads the types that make another object of one.
func (r *Reader) utility(x *syntax.TypeReference, name string, in scope) *api.Schema {
	if len(x.Arguments) == 0 {
		return &api.Schema{}
	}
	on := r.read(x.Arguments[0], in)
	if on == nil {
		return nil
	}
	var keys []string
	if len(x.Arguments) > 1 {
		keys = r.namesOf(x.Arguments[1], in)
	}
	switch name {
	case "Promise", "PromiseLike", "Awaited", "Readonly":
		return on
	case "NonNullable":
		c := *on
		c.Nullable = false
		return &c
	}
	o := flat(on)
	if len(o.Properties) == 0 && name == "Pick" && on.IsAny() {
		return r.picked(keys)
	}
	if len(o.Properties) == 0 {
		return on
	}
	out := &api.Schema{Types: o.Types, AdditionalProperties: o.AdditionalProperties}
	for _, p := range o.Properties {
		named := contains(keys, p.Name)
		switch {
		case name == "Pick" && !named, name == "Omit" && named:
			continue
		}
		put(out, p.Name, p.Schema, name == "Required" || name != "Partial" && name != "DeepPartial" && o.Requires(p.Name))
	}
	return out
}

// picked is an object of a type that is not known, of which some properties are named: a
// model of generated code.
func (r *Reader) picked(keys []string) *api.Schema {
	out := &api.Schema{}
	for _, k := range keys {
		out.Types = []api.Type{api.Object}
		put(out, k, &api.Schema{}, true)
	}
	return out
}

func contains(list []string, name string) bool {
	for _, n := range list {
		if n == name {
			return true
		}
	}
	return false
}

// record is Record<Keys, T>.
func (r *Reader) record(keys, value syntax.Type, in scope) *api.Schema {
	s := &api.Schema{Types: []api.Type{api.Object}}
	of := r.known(value, in)
	names := r.namesOf(keys, in)
	for _, name := range names {
		put(s, name, of, true)
	}
	if len(names) == 0 && !of.IsAny() {
		s.AdditionalProperties = of
	}
	return s
}

// excluded is a union of constants without, or with only, those of another.
func (r *Reader) excluded(from, what syntax.Type, keep bool, in scope) *api.Schema {
	all := r.known(from, in)
	names := r.namesOf(from, in)
	if len(names) == 0 {
		return all
	}
	taken := r.namesOf(what, in)
	s := &api.Schema{Types: []api.Type{api.String}, HasEnum: true}
	for _, n := range names {
		if contains(taken, n) == keep {
			s.Enum = append(s.Enum, text(n))
		}
	}
	return s
}

// valueType is the type of a constant as it is written: a list is a tuple of constants,
// an object has properties that are constants.
func valueType(v eval.Value) *api.Schema {
	switch x := v.(type) {
	case *eval.Array:
		s := &api.Schema{Types: []api.Type{api.Array}}
		for _, e := range x.Elements {
			s.PrefixItems = append(s.PrefixItems, valueType(e))
		}
		return s
	case *eval.Object:
		s := &api.Schema{Types: []api.Type{api.Object}}
		if x.Host != nil || x.Open {
			return s
		}
		for _, k := range x.Keys() {
			if value := x.Get(k); value != nil {
				put(s, k, valueType(value), true)
			}
		}
		return s
	case eval.String:
		return &api.Schema{Types: []api.Type{api.String}, Const: text(string(x))}
	case eval.Bool:
		return &api.Schema{Types: []api.Type{api.Boolean}}
	case eval.Number:
		if j, ok := schema.JSON(x); ok {
			return &api.Schema{Types: []api.Type{numeric(float64(x))}, Const: j}
		}
	}
	return &api.Schema{}
}
