package schema

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// superstruct reads a function of superstruct that makes a struct, or makes one of another.
func (c call) superstruct(name string) *reading {
	switch name {
	case "object":
		got := c.shapeOf(c.arg(0))
		got.schema.AdditionalProperties = &api.Schema{Never: true}
		return got
	case "type":
		return c.shapeOf(c.arg(0))
	case "integer":
		return scalar(api.Integer)
	case "enums":
		return c.zodValues("enum")
	case "func", "instance", "define", "dynamic":
		return &reading{}
	case "regexp":
		return &reading{}
	case "any", "unknown", "never", "string", "number", "boolean", "bigint", "date", "literal", "union", "intersection", "record", "map",
		"tuple", "set", "array", "lazy":
		return c.superstructKind(name)
	case "assign", "partial", "pick", "omit":
		return c.superstructShape(name)
	}
	return c.refined(name)
}

func (c call) superstructKind(name string) *reading {
	switch name {
	case "array":
		got := scalar(api.Array)
		got.schema.Items = c.schema(0)
		return got
	case "intersection":
		got := &reading{}
		for i := range c.list(0) {
			got.schema.AllOf = append(got.schema.AllOf, call{c.Reader, c.list(0)}.schema(i))
		}
		return got
	}
	return c.zod(name, false)
}

func (c call) superstructShape(name string) *reading {
	on := c.read(c.arg(0))
	if on == nil {
		if plain := c.object(0); plain == nil {
			return nil
		}
		on = c.shapeOf(c.arg(0))
	}
	got := on.clone()
	switch name {
	case "assign":
		for i := range c.args[1:] {
			if other := c.read(c.arg(i + 1)); other != nil {
				got.shape = overlaid(got.shape, other.shape)
			}
		}
	case "partial":
		return c.rest().zodMethod(on, "partial")
	default: // pick and omit take a list of names
		chosen := c.rest()
		got.shape = chosen.chosen(got.shape, name == "pick")
	}
	c.reshape(got)
	return got
}

// refined reads functions around a struct: optional(x), size(x, 1, 5), pattern(x, /a/).
func (c call) refined(name string) *reading {
	on := c.read(c.arg(0))
	if on == nil {
		return nil
	}
	switch name {
	case "optional", "nullable":
		return c.rest().zodMethod(on, name)
	case "deprecated":
		got := on.clone()
		got.optional = true
		return got
	case "defaulted":
		return c.rest().zodMethod(on, "default")
	case "pattern":
		return c.rest().zodMethod(on, "regex")
	case "nonempty":
		return c.rest().zodMethod(on, "nonempty")
	case "min", "max":
		if o := c.object(2); o != nil && o.Get("exclusive") == eval.Value(eval.Bool(true)) {
			name = map[string]string{"min": "gt", "max": "lt"}[name]
		}
		return c.rest().zodMethod(on, name)
	case "size":
		got := c.rest().zodMethod(on, "min")
		if len(c.args) == 2 {
			return c.rest().zodMethod(got, "max")
		}
		return c.rest().rest().zodMethod(got, "max")
	case "trimmed", "coerce", "refine", "deprecate", "masked", "mask":
		return on.clone()
	}
	return nil
}
