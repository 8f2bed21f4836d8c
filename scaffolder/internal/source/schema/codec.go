package schema

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// codecConstant reads what io-ts and runtypes have as constants: t.string, Number.
func codecConstant(name string) *reading {
	switch name {
	case "string", "String":
		return scalar(api.String)
	case "number", "Number":
		return scalar(api.Numeric)
	case "Int", "bigint", "BigInt":
		return scalar(api.Integer)
	case "boolean", "Boolean":
		return scalar(api.Boolean)
	case "null", "nullType", "Null":
		return scalar(api.Null)
	case "undefined", "void", "voidType", "Undefined", "Void":
		return &reading{optional: true}
	case "UnknownRecord", "object":
		return scalar(api.Object)
	case "UnknownArray":
		return scalar(api.Array)
	case "unknown", "any", "Unknown":
		return &reading{}
	}
	return nil
}

// codec reads what they have as functions: t.type({…}), Record({…}).
func (c call) codec(name string) *reading {
	switch name {
	case "type", "interface", "strict", "Record", "Object":
		return c.shapeOf(c.arg(0))
	case "partial", "Partial":
		got := c.shapeOf(c.arg(0))
		for i, f := range got.shape {
			value := *f.value
			value.optional = true
			got.shape[i].value = &value
		}
		c.reshape(got)
		return got
	case "intersection", "Intersect":
		return c.codecAll(c.options())
	case "union", "Union":
		return c.union(c.options().args)
	case "array", "readonlyArray", "Array":
		got := scalar(api.Array)
		got.schema.Items = c.schema(0)
		return got
	case "literal", "Literal":
		return c.zodValues("literal")
	case "keyof":
		if o := c.object(0); o != nil {
			got := &reading{schema: api.Schema{Types: []api.Type{api.String}, HasEnum: true}}
			for _, k := range o.Keys() {
				got.schema.Enum = append(got.schema.Enum, quoted(k))
			}
			return got
		}
	case "record", "Dictionary", "tuple", "Tuple":
		return c.zod(map[string]string{"record": "record", "Dictionary": "record", "tuple": "tuple", "Tuple": "tuple"}[name], false)
	case "exact", "readonly", "Readonly":
		return c.wrapped(0)
	case "Optional":
		return c.rest().zodMethod(c.wrapped(0), "optional")
	case "recursion", "Lazy", "brand", "refinement":
		return &reading{}
	}
	return nil
}

// options are the schemas of a list, or the arguments themselves.
func (c call) options() call {
	if list := c.list(0); list != nil {
		c.args = list
	}
	return c
}

// codecAll is all of several: objects among them are one object.
func (c call) codecAll(options call) *reading {
	got := &reading{schema: api.Schema{Types: []api.Type{api.Object}}}
	for i := range options.args {
		on := c.read(options.arg(i))
		if on == nil || len(on.shape) == 0 {
			all := &reading{}
			for j := range options.args {
				all.schema.AllOf = append(all.schema.AllOf, options.schema(j))
			}
			return all
		}
		got.shape = overlaid(got.shape, on.shape)
	}
	c.reshape(got)
	return got
}
