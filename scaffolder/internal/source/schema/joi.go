package schema

import (
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// joi reads Joi.name(args), and the same of yup.
func (c call) joi(lib library, name string) *reading {
	switch name {
	case "string":
		return scalar(api.String)
	case "number":
		return scalar(api.Numeric)
	case "boolean", "bool":
		return scalar(api.Boolean)
	case "date":
		return format("date-time")
	case "object":
		got := c.shapeOf(c.arg(0))
		got.library = lib
		return got
	case "compile": // a schema, or an object of schemas
		if on := c.Reader.read(c.arg(0)); on != nil {
			return on
		}
		got := c.shapeOf(c.arg(0))
		got.library = lib
		return got
	case "array":
		got := scalar(api.Array)
		got.schema.Items = &api.Schema{}
		if len(c.args) > 0 {
			got.schema.Items = c.schema(0)
		}
		return got
	case "any", "mixed", "symbol", "func", "link":
		return &reading{}
	case "binary":
		return &reading{schema: api.Schema{Types: []api.Type{api.String}, ContentMediaType: "application/octet-stream"}}
	case "alternatives", "alt":
		return c.alternatives()
	case "valid", "equal", "allow":
		return c.joiMethod(&reading{}, "valid")
	case "required", "optional":
		return c.joiMethod(&reading{}, name)
	case "lazy":
		return c.lazy()
	}
	return nil
}

// alternatives reads the schemas of try, in a list or as arguments.
func (c call) alternatives() *reading {
	options := c.args
	if list := c.list(0); list != nil {
		options = list
	}
	if len(options) == 0 {
		return &reading{}
	}
	return c.union(options)
}

// joiMethod reads on.name(args).
func (c call) joiMethod(on *reading, name string) *reading {
	got := on.clone()
	got.schema = on.schema
	if c.joiPresence(on, got, name) || c.joiValues(got, name) || c.joiText(got, name) || c.joiList(got, name) || c.joiObject(got, name) {
		return got
	}
	if name == "validate" || name == "validateAsync" || name == "validateSync" || name == "attempt" || name == "isValid" || name == "cast" {
		return nil
	}
	s, n := &got.schema, c.number(0)
	switch {
	case s.Is(api.String) && s.Format != "date-time":
		textBound(s, name, n)
	case s.Is(api.Array):
		listBound(s, name, n)
	case s.Is(api.Numeric), s.Is(api.Integer):
		numberBound(s, name, n)
	case s.Is(api.Object):
		switch name {
		case "min":
			s.MinProperties = n
		case "max":
			s.MaxProperties = n
		}
	}
	return got
}

// joiPresence reads what says whether and how a value is there. A named schema stays
// named.
func (c call) joiPresence(on, got *reading, name string) bool {
	switch name {
	case "required", "exist", "defined":
		got.required, got.optional = true, false
	case "optional", "notRequired", "forbidden":
		got.required, got.optional = false, true
	case "nullable":
		got.schema = *c.use(on)
		got.schema.Nullable = len(c.args) == 0 || c.arg(0) == eval.Value(eval.Bool(true))
		return true
	case "default":
		if j, ok := JSON(c.arg(0)); ok {
			got.schema.Default = j
		}
		got.required = false
		return true
	case "description", "note":
		if s, ok := c.arg(0).(eval.String); ok {
			got.schema.Description = string(s)
		}
		return true
	case "example":
		if j, ok := JSON(c.arg(0)); ok {
			got.schema.Examples = append(append([]api.Value(nil), got.schema.Examples...), j)
		}
		return true
	case "meta":
		c.annotate(&got.schema)
		return true
	default:
		return false
	}
	got.schema = *c.use(on)
	return true
}

// joiValues reads the methods that name the values themselves.
func (c call) joiValues(got *reading, name string) bool {
	values := c.args
	if list := c.list(0); list != nil {
		values = list
	}
	switch name {
	case "valid", "equal", "only", "oneOf":
		if s := enumOf(values); s != nil {
			s.Nullable = s.Nullable || got.schema.Nullable
			s.Description, s.Default = got.schema.Description, got.schema.Default
			got.schema = *s
		}
	case "allow":
		for _, v := range values {
			switch x := v.(type) {
			case eval.Null:
				got.schema.Nullable = true
			case eval.String:
				if x == "" && (got.schema.Format != "" || got.schema.Pattern != "" || got.schema.MinLength != "") {
					// The empty text passes beside what the rules say.
					s := got.schema
					got.schema = api.Schema{AnyOf: []*api.Schema{&s, {Const: `""`, Types: []api.Type{api.String}}}, Nullable: s.Nullable}
				}
			}
		}
	default:
		return false
	}
	return true
}

var joiFormats = map[string]string{
	"email": "email", "uri": "uri", "url": "uri", "guid": "uuid", "uuid": "uuid", "isoDate": "date-time", "iso": "date-time",
	"hostname": "hostname", "domain": "hostname", "datetime": "date-time", "isoDuration": "duration",
}

// joiText reads the methods of texts.
func (c call) joiText(got *reading, name string) bool {
	s := &got.schema
	if !s.Is(api.String) {
		return false
	}
	if f, ok := joiFormats[name]; ok {
		if s.Format != "date-time" {
			s.Format = f
		}
		return true
	}
	switch name {
	case "pattern", "regex", "matches":
		switch re := c.arg(0).(type) {
		case *eval.RegExp:
			if !strings.Contains(re.Flags, "i") {
				s.Pattern = re.Pattern
			}
		}
	case "alphanum":
		s.Pattern = "^[a-zA-Z0-9]+$"
	case "hex":
		s.Pattern = "^[a-fA-F0-9]+$"
	case "token":
		s.Pattern = "^[a-zA-Z0-9_]+$"
	case "startsWith":
		if text, ok := c.arg(0).(eval.String); ok {
			s.Pattern = "^" + regexp.QuoteMeta(string(text))
		}
	default:
		return false
	}
	return true
}

// joiList reads the methods of lists.
func (c call) joiList(got *reading, name string) bool {
	s := &got.schema
	if !s.Is(api.Array) {
		if name == "try" {
			*got = *c.alternatives()
			return true
		}
		return false
	}
	switch name {
	case "items", "of":
		if len(c.args) == 1 && c.list(0) == nil {
			s.Items = c.schema(0)
		} else {
			u := c.alternatives().schema
			s.Items = &u
		}
	case "ordered":
		for i := range c.args {
			s.PrefixItems = append(s.PrefixItems, c.schema(i))
		}
	case "unique":
		s.UniqueItems = len(c.args) == 0
	default:
		return false
	}
	return true
}

// forked are the fields, those that the first argument names as the function that is the
// second makes them.
func (c call) forked(shape []field) (out []field) {
	for _, f := range shape {
		if c.names0(f.name) || c.arg(0) == eval.Value(eval.String(f.name)) {
			if on := c.read(c.ev.Call(c.arg(1), eval.Undefined{}, []eval.Value{f.of}, eval.Place{})); on != nil {
				f.value = on
			}
		}
		out = append(out, f)
	}
	return out
}

// joiObject reads the methods of objects.
func (c call) joiObject(got *reading, name string) bool {
	s := &got.schema
	if !s.Is(api.Object) {
		return false
	}
	switch name {
	case "keys", "append", "shape", "concat":
		other := c.shapeOf(c.arg(0))
		if on := c.read(c.arg(0)); on != nil && on.shape != nil {
			other = on
		}
		got.shape = overlaid(got.shape, other.shape)
		c.reshape(got)
	case "unknown":
		s.AdditionalProperties = nil
		if c.arg(0) == eval.Value(eval.Bool(false)) {
			s.AdditionalProperties = &api.Schema{Never: true}
		}
	case "noUnknown":
		s.AdditionalProperties = &api.Schema{Never: true}
	case "pattern":
		if re, ok := c.arg(0).(*eval.RegExp); ok {
			s.PatternProperties = append(s.PatternProperties, &api.PatternProperty{Pattern: re.Pattern, Schema: c.schema(1)})
		} else {
			s.AdditionalProperties = c.schema(1)
		}
	case "fork":
		got.shape = c.forked(got.shape)
		c.reshape(got)
	case "pick", "omit":
		got.shape = c.chosen(got.shape, name == "pick")
		c.reshape(got)
	case "partial", "deepPartial":
		got.shape = c.loosened(got.shape, true)
		c.reshape(got)
	default:
		return false
	}
	return true
}
