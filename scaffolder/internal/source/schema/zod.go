package schema

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// zodFormats are zod's formats of texts, as functions and as methods.
var zodFormats = map[string]string{
	"email": "email", "url": "uri", "httpUrl": "uri", "uuid": "uuid", "guid": "uuid", "uuidv4": "uuid", "uuidv6": "uuid",
	"uuidv7": "uuid", "datetime": "date-time", "date": "date", "time": "time", "duration": "duration", "ipv4": "ipv4",
	"ipv6": "ipv6", "cuid": "", "cuid2": "", "ulid": "", "nanoid": "", "base64": "", "base64url": "", "jwt": "", "emoji": "",
	"ip": "", "cidr": "", "cidrv4": "", "cidrv6": "", "e164": "", "hostname": "hostname", "hex": "", "xid": "", "ksuid": "",
}

// zod reads z.name(args).
func (c call) zod(name string, coerce bool) *reading {
	got := c.zodKind(name)
	if got != nil {
		got.coerced = got.coerced || coerce
	}
	return got
}

func (c call) zodKind(name string) *reading {
	switch name {
	case "string":
		return scalar(api.String)
	case "number", "float32", "float64", "nan":
		return scalar(api.Numeric)
	case "int", "int32", "uint32", "bigint", "int64", "uint64":
		return scalar(api.Integer)
	case "boolean", "stringbool":
		return scalar(api.Boolean)
	case "null", "undefined", "void":
		s := scalar(api.Null)
		s.optional = name != "null"
		return s
	case "any", "unknown", "custom", "json", "instanceof":
		s := &reading{}
		s.optional = name == "any" || name == "unknown"
		return s
	case "never":
		return &reading{schema: api.Schema{Never: true}}
	case "file":
		return &reading{schema: api.Schema{Types: []api.Type{api.String}, ContentMediaType: "application/octet-stream"}}
	case "object", "strictObject", "looseObject", "interface":
		got := c.shapeOf(c.arg(0))
		if name == "strictObject" {
			got.schema.AdditionalProperties = &api.Schema{Never: true}
		}
		return got
	case "literal", "enum", "nativeEnum":
		return c.zodValues(name)
	case "date":
		if len(c.args) == 0 || c.object(0) != nil {
			return format("date-time")
		}
	case "lazy":
		return c.lazy()
	case "optional", "nullable", "nullish", "array", "readonly", "promise":
		if on := c.read(c.arg(0)); on != nil {
			return c.rest().zodMethod(on, name)
		}
		return nil
	case "preprocess":
		return c.wrapped(1)
	case "pipe", "effects", "transformer":
		return c.wrapped(0)
	}
	if f, ok := zodFormats[name]; ok {
		return format(f)
	}
	return c.zodComposed(name)
}

// rest is the call without its first argument.
func (c call) rest() call {
	if len(c.args) > 0 {
		c.args = c.args[1:]
	}
	return c
}

// wrapped is an argument that is a schema, as it is used.
func (c call) wrapped(i int) *reading {
	on := c.read(c.arg(i))
	if on == nil {
		return &reading{}
	}
	got := on.clone()
	got.schema = *c.use(on)
	return got
}

// lazy reads what the function gives; it may refer to what is being read.
func (c call) lazy() *reading {
	f, ok := c.arg(0).(*eval.Function)
	if !ok {
		return &reading{}
	}
	v := c.ev.Call(f, eval.Undefined{}, nil, eval.Place{})
	if got := c.read(v); got != nil {
		return &reading{schema: *c.use(got), optional: got.optional}
	}
	return &reading{}
}

func (c call) zodValues(name string) *reading {
	var s *api.Schema
	switch {
	case name == "literal" && c.list(0) != nil:
		s = enumOf(c.list(0))
	case name == "literal":
		s = literal(c.arg(0))
	default:
		s = enumOf(enumValues(c.arg(0)))
	}
	if s == nil {
		s = &api.Schema{}
	}
	return &reading{schema: *s}
}

func (c call) zodComposed(name string) *reading {
	switch name {
	case "union", "discriminatedUnion", "xor":
		options := c.list(0)
		if name == "discriminatedUnion" {
			options = c.list(1)
		}
		got := c.union(options)
		if key, ok := c.arg(0).(eval.String); ok && name == "discriminatedUnion" && got.schema.AnyOf != nil {
			got.schema.OneOf, got.schema.AnyOf = got.schema.AnyOf, nil
			got.schema.Discriminator = discriminator(string(key), got.schema.OneOf)
		}
		return got
	case "intersection":
		return &reading{schema: api.Schema{AllOf: []*api.Schema{c.schema(0), c.schema(1)}}}
	case "record", "partialRecord", "looseRecord", "map":
		s := api.Schema{Types: []api.Type{api.Object}}
		if len(c.args) > 1 {
			s.AdditionalProperties = c.schema(1)
		} else {
			s.AdditionalProperties = c.schema(0)
		}
		return &reading{schema: s}
	case "tuple":
		s := api.Schema{Types: []api.Type{api.Array}}
		for i := range c.list(0) {
			s.PrefixItems = append(s.PrefixItems, call{c.Reader, c.list(0)}.schema(i))
		}
		s.MinItems = api.Number(eval.ToText(eval.Number(len(s.PrefixItems))))
		return &reading{schema: s}
	case "set":
		return &reading{schema: api.Schema{Types: []api.Type{api.Array}, Items: c.schema(0), UniqueItems: true}}
	}
	return nil
}

// union is a schema that passes what any of several do.
func (c call) union(options []eval.Value) *reading {
	var of []*reading
	for _, o := range options {
		one := c.read(o)
		if one == nil {
			return &reading{}
		}
		of = append(of, one)
	}
	return c.unionOf(of)
}

func (c call) unionOf(of []*reading) *reading {
	got := &reading{}
	for _, one := range of {
		got.optional = got.optional || one.optional
		s := c.use(one)
		if len(s.Types) == 1 && s.Types[0] == api.Null && s.Ref == nil {
			if one.optional {
				continue // undefined
			}
			got.schema.Nullable = true
			continue
		}
		got.schema.AnyOf = append(got.schema.AnyOf, s)
	}
	return got.simplified()
}

// simplified writes a union of one, and a union of constants, as what they are.
func (r *reading) simplified() *reading {
	s := &r.schema
	if len(s.AnyOf) == 1 {
		one := *s.AnyOf[0]
		one.Nullable = one.Nullable || s.Nullable
		r.schema = one
		return r
	}
	enum := api.Schema{HasEnum: true, Nullable: s.Nullable}
	for _, o := range s.AnyOf {
		if o.Const == "" || o.Nullable {
			return r
		}
		enum.Enum = append(enum.Enum, o.Const)
		for _, t := range o.Types {
			if !enum.Is(t) {
				enum.Types = append(enum.Types, t)
			}
		}
	}
	if len(enum.Enum) > 0 {
		r.schema = enum
	}
	return r
}

// discriminator picks by the constants that the options have under key; nil where one
// of them is no component or has none.
func discriminator(key string, options []*api.Schema) *api.Discriminator {
	d := &api.Discriminator{Property: key}
	for _, o := range options {
		if !o.IsRef() {
			return nil
		}
		p := o.Ref.Property(key)
		if p == nil || p.Const == "" {
			return nil
		}
		v, err := p.Const.Decode()
		text, ok := v.(string)
		if err != nil || !ok {
			return nil
		}
		d.Mapping = append(d.Mapping, api.Mapping{Value: text, Schema: o})
	}
	return d
}

// shapeOf reads an object of schemas as the properties of an object.
func (c call) shapeOf(v eval.Value) *reading {
	got := &reading{schema: api.Schema{Types: []api.Type{api.Object}}}
	o, ok := v.(*eval.Object)
	if !ok {
		return got
	}
	for _, k := range o.Keys() {
		value := o.Get(k)
		on := c.read(value)
		if on == nil {
			if nested, ok := value.(*eval.Object); ok && nested.Host == nil && len(nested.Keys()) > 0 {
				on = c.shapeOf(nested) // Joi and celebrate take a plain object for an object
			} else {
				on = &reading{}
			}
		}
		if got.library == none {
			got.library = on.library
		}
		got.shape = append(got.shape, field{name: k, value: on, of: value})
	}
	c.reshape(got)
	return got
}

// reshape makes the properties of what the shape says.
func (c call) reshape(got *reading) {
	got.schema.Properties, got.schema.Required = nil, nil
	for _, f := range got.shape {
		s := &api.Schema{}
		if t := f.value.term; t != nil && t.Label == f.name {
			*s = f.value.schema // the property gave it its name, and no variable
		} else {
			s = c.use(f.value)
		}
		got.schema.Properties = append(got.schema.Properties, &api.Property{Name: f.name, Schema: s})
		if f.value.needed() {
			got.schema.Required = append(got.schema.Required, f.name)
		}
	}
}

// needed says whether a property must be there: in zod unless it is optional, in Joi and
// yup only where that is said.
func (r *reading) needed() bool {
	switch r.library {
	case joi, yup, fluent:
		return r.required
	case zod, typebox, valibot, superstruct, codec, vine, jtd:
		return !r.optional
	}
	return false
}
