package schema

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// valibotNames are valibot's functions that zod has as methods, under zod's names.
var valibotNames = map[string]string{
	"minLength": "min", "maxLength": "max", "minValue": "min", "maxValue": "max", "integer": "int", "nonEmpty": "nonempty",
	"gtValue": "gt", "ltValue": "lt", "isoDate": "date", "isoDateTime": "datetime", "isoTimestamp": "datetime", "isoTime": "time",
}

// valibot reads v.name(args). What stands in a pipe is read as zod's methods are.
func (c call) valibot(name string) *reading {
	switch name {
	case "pipe":
		on := c.read(c.arg(0))
		if on == nil {
			return &reading{}
		}
		for _, action := range c.rest().args {
			on = c.piped(on, action)
		}
		return on
	case "optional", "nullable", "nullish", "exactOptional", "undefinedable":
		on := c.read(c.arg(0))
		if on == nil {
			on = &reading{}
		}
		if name == "exactOptional" || name == "undefinedable" {
			name = "optional"
		}
		got := c.zodMethod(on, name)
		if j, ok := JSON(c.arg(1)); ok {
			got.schema.Default = j
		}
		return got
	case "picklist", "enum", "enum_":
		return c.zodValues("enum")
	case "variant":
		return c.zod("discriminatedUnion", false)
	case "partial", "required", "pick", "omit":
		on := c.read(c.arg(0))
		if on == nil {
			return nil
		}
		return c.rest().zodMethod(on, name)
	case "intersect":
		got := &reading{}
		for i := range c.list(0) {
			got.schema.AllOf = append(got.schema.AllOf, call{c.Reader, c.list(0)}.schema(i))
		}
		return got
	case "email", "url", "uuid", "minLength", "maxLength", "regex", "integer", "transform", "check", "date":
		if name != "date" {
			return nil // an action, which is no schema by itself
		}
	case "objectWithRest", "looseObject":
		return c.shapeOf(c.arg(0))
	case "blob":
		return &reading{schema: api.Schema{Types: []api.Type{api.String}, ContentMediaType: "application/octet-stream"}}
	}
	return c.zod(name, false)
}

// piped is a schema with what one action adds; a schema in the pipe takes its place.
func (c call) piped(on *reading, action eval.Value) *reading {
	t, ok := action.(*eval.Term)
	if !ok || t.Kind != eval.Called {
		return on
	}
	callee, ok := t.Of.(*eval.Term)
	if !ok {
		return on
	}
	name := callee.Name
	if zodName, ok := valibotNames[name]; ok {
		name = zodName
	}
	if got := (call{c.Reader, t.Args}).zodMethod(on, name); got != nil {
		return got
	}
	return on
}
