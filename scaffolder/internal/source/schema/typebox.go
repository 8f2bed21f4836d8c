package schema

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// typebox reads Type.Name(args). The last argument may be keywords of JSON Schema.
func (c call) typebox(name string) *reading {
	got, options := c.typeboxKind(name)
	if got == nil {
		return nil
	}
	if o := c.object(options); o != nil {
		c.keywords(&got.schema, o)
		if id, ok := o.Get("$id").(eval.String); ok && got.term == nil && isName(string(id)) && isStructure(&got.schema) {
			s := got.schema
			component := c.names.Component(o, string(id), func() *api.Schema { return &s })
			got.schema = api.Schema{Ref: component}
		}
	}
	return got
}

// typeboxKind is the schema without options, and which argument they are.
func (c call) typeboxKind(name string) (got *reading, options int) {
	switch name {
	case "String", "RegExp":
		if re, ok := c.arg(0).(*eval.RegExp); ok {
			return &reading{schema: api.Schema{Types: []api.Type{api.String}, Pattern: re.Pattern}}, 1
		}
		return scalar(api.String), 0
	case "Number":
		return scalar(api.Numeric), 0
	case "Integer", "BigInt":
		return scalar(api.Integer), 0
	case "Boolean":
		return scalar(api.Boolean), 0
	case "Null":
		return scalar(api.Null), 0
	case "Any", "Unknown":
		return &reading{}, 0
	case "Never":
		return &reading{schema: api.Schema{Never: true}}, 0
	case "Date":
		return format("date-time"), 0
	case "Object":
		return c.shapeOf(c.arg(0)), 1
	case "Array":
		return &reading{schema: api.Schema{Types: []api.Type{api.Array}, Items: c.schema(0)}}, 1
	case "Literal":
		if s := literal(c.arg(0)); s != nil {
			return &reading{schema: *s}, 1
		}
		return &reading{}, 1
	case "Enum":
		if s := enumOf(enumValues(c.arg(0))); s != nil {
			return &reading{schema: *s}, 1
		}
		return &reading{}, 1
	case "Union":
		return c.union(c.list(0)), 1
	case "Tuple":
		return c.zodComposed("tuple"), 1
	case "Record":
		return &reading{schema: api.Schema{Types: []api.Type{api.Object}, AdditionalProperties: c.schema(1)}}, 2
	case "Unsafe":
		return &reading{}, 0
	}
	return c.typeboxMade(name)
}

// typeboxMade is a schema that is made of others.
func (c call) typeboxMade(name string) (got *reading, options int) {
	on := c.read(c.arg(0))
	switch name {
	case "Optional", "ReadonlyOptional":
		got = c.wrapped(0)
		got.optional = true
		return got, 1
	case "Readonly", "Required", "Partial":
		got = c.wrapped(0)
		if name != "Readonly" && on != nil && on.shape != nil {
			got.schema = on.schema
			got.shape = call{c.Reader, nil}.loosened(on.shape, name == "Partial")
			c.reshape(got)
		}
		return got, 1
	case "Pick", "Omit":
		if on == nil || on.shape == nil {
			return &reading{}, 2
		}
		got = on.clone()
		got.shape = c.rest().chosen(on.shape, name == "Pick")
		c.reshape(got)
		return got, 2
	case "Intersect":
		got = &reading{}
		for i := range c.list(0) {
			got.schema.AllOf = append(got.schema.AllOf, call{c.Reader, c.list(0)}.schema(i))
		}
		return got, 1
	case "Composite":
		got = &reading{schema: api.Schema{Types: []api.Type{api.Object}}}
		for _, v := range c.list(0) {
			if part := c.read(v); part != nil {
				got.shape = overlaid(got.shape, part.shape)
			}
		}
		c.reshape(got)
		return got, 1
	case "Ref":
		return c.wrapped(0), 1
	}
	return nil, 0
}
