package schema

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// vine reads vine.name(args) of VineJS.
func (c call) vine(name string) *reading {
	switch name {
	case "accepted":
		return scalar(api.Boolean)
	case "object", "string", "number", "boolean", "any", "literal", "enum", "array", "record", "tuple", "date", "union":
		if name == "array" {
			got := scalar(api.Array)
			got.schema.Items = c.schema(0)
			return got
		}
		return c.zod(name, false)
	}
	return nil
}

// vineMethod reads on.name(args): most are zod's under other names.
func (c call) vineMethod(on *reading, name string) *reading {
	switch name {
	case "withoutDecimals":
		name = "int"
	case "fixedLength":
		name = "length"
	case "range":
		if list := c.list(0); len(list) == 2 {
			got := call{c.Reader, list[:1]}.zodMethod(on, "min")
			return call{c.Reader, list[1:]}.zodMethod(got, "max")
		}
	case "in":
		return c.zodValues("enum")
	case "optional", "nullable", "min", "max":
	default:
		if renamed, ok := valibotNames[name]; ok {
			name = renamed
		}
	}
	return c.zodMethod(on, name)
}

// codecMethod reads on.name(args) of runtypes and io-ts: what it makes of a schema lets
// pass what the schema does.
func codecMethod(on *reading, name string) *reading {
	got := on.clone()
	switch name {
	case "optional":
		got.optional = true
	case "nullable":
		got.schema.Nullable = true
	case "Or", "And", "withConstraint", "withBrand", "withGuard", "asReadonly":
		if name == "Or" || name == "And" {
			return &reading{}
		}
	case "decode", "is", "check", "guard", "validate", "assert", "encode":
		return nil
	}
	return got
}
