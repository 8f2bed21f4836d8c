package schema

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// zodMethod reads on.name(args).
func (c call) zodMethod(on *reading, name string) *reading {
	switch name {
	case "optional", "nullable", "nullish", "default", "prefault", "catch", "array", "or", "and", "unwrap", "describe",
		"meta", "openapi", "readonly", "brand", "promise":
		return c.zodWrap(on, name)
	}
	got := on.clone()
	if c.zodText(got, name) || c.zodBound(got, name) || c.zodShape(got, name) {
		return got
	}
	switch name {
	case "keyof":
		var names []eval.Value
		for _, f := range on.shape {
			names = append(names, eval.String(f.name))
		}
		if s := enumOf(names); s != nil {
			return &reading{schema: *s}
		}
		return scalar(api.String)
	case "refine", "superRefine", "check", "transform", "pipe", "trim", "toLowerCase", "toUpperCase", "normalize", "finite",
		"safe", "refinement", "overwrite", "register", "clone", "slugify", "with", "apply":
		return got
	case "parse", "safeParse", "parseAsync", "safeParseAsync", "spa", "_def", "isOptional", "isNullable":
		return nil // what a schema makes is no schema
	}
	return got
}

// zodWrap reads the methods that take the schema as a whole: a named one stays named.
func (c call) zodWrap(on *reading, name string) *reading {
	got := &reading{schema: *c.use(on), optional: on.optional, coerced: on.coerced, shape: on.shape}
	switch name {
	case "optional":
		got.optional = true
	case "nullable":
		got.schema.Nullable = true
	case "nullish":
		got.optional, got.schema.Nullable = true, true
	case "default", "prefault", "catch":
		got.optional = true
		v := c.arg(0)
		if f, ok := v.(*eval.Function); ok {
			v = c.ev.Call(f, eval.Undefined{}, nil, eval.Place{})
		}
		if j, ok := JSON(v); ok && name != "catch" {
			got.schema.Default = j
		}
	case "array":
		return &reading{schema: api.Schema{Types: []api.Type{api.Array}, Items: c.use(on)}}
	case "or":
		other := c.read(c.arg(0))
		if other == nil {
			return &reading{}
		}
		return c.unionOf([]*reading{on, other})
	case "and":
		return &reading{schema: api.Schema{AllOf: []*api.Schema{c.use(on), c.schema(0)}}}
	case "unwrap":
		got.optional, got.schema.Nullable = false, false
	case "describe":
		if s, ok := c.arg(0).(eval.String); ok {
			got.schema.Description = string(s)
		}
	case "meta", "openapi":
		c.annotate(&got.schema)
	}
	return got
}

// annotate takes a title, description, examples and format of an object of metadata.
func (c call) annotate(s *api.Schema) {
	for i := range c.args {
		o := c.object(i)
		if o == nil {
			continue
		}
		for _, k := range o.Keys() {
			text, _ := o.Get(k).(eval.String)
			switch k {
			case "title":
				s.Title = string(text)
			case "description":
				s.Description = string(text)
			case "format":
				s.Format = string(text)
			case "example":
				if j, ok := JSON(o.Get(k)); ok {
					s.Examples = append(s.Examples, j)
				}
			case "examples":
				for _, e := range enumValues(o.Get(k)) {
					if j, ok := JSON(e); ok {
						s.Examples = append(s.Examples, j)
					}
				}
			case "deprecated":
				s.Deprecated = o.Get(k) == eval.Bool(true)
			}
		}
	}
}

// zodText reads the methods of texts.
func (c call) zodText(got *reading, name string) bool {
	if !got.schema.Is(api.String) {
		return false
	}
	s := &got.schema
	if f, ok := zodFormats[name]; ok {
		if f != "" {
			s.Format = f
		}
		return true
	}
	text, isText := c.arg(0).(eval.String)
	switch name {
	case "regex":
		if re, ok := c.arg(0).(*eval.RegExp); ok && !strings.Contains(re.Flags, "i") {
			s.Pattern = re.Pattern
		}
	case "startsWith":
		if isText {
			s.Pattern = "^" + regexp.QuoteMeta(string(text))
		}
	case "endsWith":
		if isText {
			s.Pattern = regexp.QuoteMeta(string(text)) + "$"
		}
	case "includes":
		if isText {
			s.Pattern = regexp.QuoteMeta(string(text))
		}
	default:
		return false
	}
	return true
}

// zodBound reads the methods that bound texts, numbers and lists.
func (c call) zodBound(got *reading, name string) bool {
	s, n := &got.schema, c.number(0)
	switch {
	case s.Is(api.String) && s.Format != "date-time":
		return textBound(s, name, n)
	case s.Is(api.Array):
		return listBound(s, name, n)
	case s.Is(api.Numeric) || s.Is(api.Integer):
		return numberBound(s, name, n)
	}
	return false
}

func textBound(s *api.Schema, name string, n api.Number) bool {
	switch name {
	case "min", "minLength":
		s.MinLength = n
	case "max", "maxLength":
		s.MaxLength = n
	case "length":
		s.MinLength, s.MaxLength = n, n
	case "nonempty":
		s.MinLength = "1"
	default:
		return false
	}
	return true
}

func listBound(s *api.Schema, name string, n api.Number) bool {
	switch name {
	case "min", "minLength":
		s.MinItems = n
	case "max", "maxLength":
		s.MaxItems = n
	case "length":
		s.MinItems, s.MaxItems = n, n
	case "nonempty":
		s.MinItems = "1"
	default:
		return false
	}
	return true
}

func numberBound(s *api.Schema, name string, n api.Number) bool {
	switch name {
	case "min", "gte", "minimum":
		s.Minimum = n
	case "max", "lte", "maximum":
		s.Maximum = n
	case "gt", "greater", "moreThan":
		s.ExclusiveMinimum = n
	case "lt", "less", "lessThan":
		s.ExclusiveMaximum = n
	case "int", "integer":
		s.Types = []api.Type{api.Integer}
	case "positive":
		s.ExclusiveMinimum = "0"
	case "nonnegative":
		s.Minimum = "0"
	case "negative":
		s.ExclusiveMaximum = "0"
	case "nonpositive":
		s.Maximum = "0"
	case "multipleOf", "step", "multiple":
		s.MultipleOf = n
	case "port":
		s.Types, s.Minimum, s.Maximum = []api.Type{api.Integer}, "0", "65535"
	default:
		return false
	}
	return true
}

// zodShape reads the methods that make another object of one.
func (c call) zodShape(got *reading, name string) bool {
	switch name {
	case "extend", "safeExtend", "augment", "merge", "setKey":
		other := c.shapeOf(c.arg(0))
		if on := c.read(c.arg(0)); on != nil && on.shape != nil {
			other = on
		}
		got.shape = overlaid(got.shape, other.shape)
	case "pick", "omit":
		got.shape = c.chosen(got.shape, name == "pick")
	case "partial", "deepPartial", "required":
		got.shape = c.loosened(got.shape, name != "required")
	case "strict":
		got.schema.AdditionalProperties = &api.Schema{Never: true}
		return true
	case "passthrough", "loose", "strip", "nonstrict":
		got.schema.AdditionalProperties = nil
		return true
	case "catchall":
		got.schema.AdditionalProperties = c.schema(0)
		return true
	default:
		return false
	}
	c.reshape(got)
	return true
}

// overlaid is a shape with the fields of another put over it.
func overlaid(under, over []field) []field {
	out := append([]field(nil), under...)
next:
	for _, f := range over {
		for i := range out {
			if out[i].name == f.name {
				out[i] = f
				continue next
			}
		}
		out = append(out, f)
	}
	return out
}

// chosen are the fields that the argument names, or the others.
func (c call) chosen(shape []field, named bool) (out []field) {
	for _, f := range shape {
		if c.names0(f.name) == named {
			out = append(out, f)
		}
	}
	return out
}

// names0 says whether the first argument names a field: {name: true}, or ['name'].
func (c call) names0(name string) bool {
	if o := c.object(0); o != nil {
		v := o.Get(name)
		return v != nil && v != eval.Value(eval.Bool(false))
	}
	for _, v := range c.list(0) {
		if v == eval.Value(eval.String(name)) {
			return true
		}
	}
	return false
}

// loosened are the fields with all, or those that the argument names, made optional or
// required.
func (c call) loosened(shape []field, optional bool) (out []field) {
	for _, f := range shape {
		if len(c.args) == 0 || c.object(0) == nil || c.names0(f.name) {
			v := *f.value
			v.optional, v.required = optional, !optional
			f.value = &v
		}
		out = append(out, f)
	}
	return out
}
