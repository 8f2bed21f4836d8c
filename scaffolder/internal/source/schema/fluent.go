package schema

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// fluent reads S.name(args) of fluent-json-schema.
func (c call) fluent(name string) *reading {
	switch name {
	case "string":
		return scalar(api.String)
	case "number":
		return scalar(api.Numeric)
	case "integer":
		return scalar(api.Integer)
	case "boolean":
		return scalar(api.Boolean)
	case "null":
		return scalar(api.Null)
	case "object":
		return scalar(api.Object)
	case "array":
		return scalar(api.Array)
	case "mixed":
		got := &reading{}
		for _, t := range texts(c.arg(0)) {
			got.schema.Types = append(got.schema.Types, api.Type(t))
		}
		return got
	case "ref":
		if ref, ok := c.arg(0).(eval.String); ok {
			return &reading{schema: *c.reference(string(ref))}
		}
		return &reading{}
	case "raw":
		if o := c.object(0); o != nil {
			got := &reading{}
			c.keywords(&got.schema, o)
			return got
		}
		return &reading{}
	case "enum", "const", "anyOf", "oneOf", "allOf", "id", "title", "description":
		return c.fluentMethod(&reading{}, name)
	}
	return nil
}

// fluentMethod reads on.name(args).
func (c call) fluentMethod(on *reading, name string) *reading {
	got := on.clone()
	s := &got.schema
	switch name {
	case "prop":
		key, ok := c.arg(0).(eval.String)
		if !ok {
			return got
		}
		value := c.read(c.arg(1))
		if value == nil {
			value = &reading{}
		}
		got.shape = overlaid(got.shape, []field{{name: string(key), value: value, of: c.arg(1)}})
		c.fluentShape(got, s.Required)
	case "required":
		switch {
		case len(c.args) > 0:
			s.Required = append(append([]string(nil), s.Required...), texts(c.arg(0))...)
		case len(got.shape) > 0:
			s.Required = append(append([]string(nil), s.Required...), got.shape[len(got.shape)-1].name)
		default:
			got.required = true
		}
	case "extend":
		if other := c.read(c.arg(0)); other != nil {
			got.shape = overlaid(other.shape, got.shape)
			c.fluentShape(got, append(append([]string(nil), other.schema.Required...), s.Required...))
		}
	case "only", "without":
		got.shape = c.chosen(got.shape, name == "only")
		c.fluentShape(got, s.Required)
	case "format":
		s.Format = formatName(c.arg(0))
	case "valueOf":
		return got
	default:
		c.fluentKeyword(s, name)
	}
	return got
}

// fluentShape makes the properties of the shape. Required are those that were, and those
// that say so themselves.
func (c call) fluentShape(got *reading, required []string) {
	got.schema.Properties = nil
	var kept []string
	for _, f := range got.shape {
		got.schema.Properties = append(got.schema.Properties, &api.Property{Name: f.name, Schema: c.use(f.value)})
		needed := f.value.required
		for _, r := range required {
			needed = needed || r == f.name
		}
		if needed {
			kept = append(kept, f.name)
		}
	}
	got.schema.Required = kept
}

// fluentKeyword takes a method that is named like a keyword of JSON Schema.
func (c call) fluentKeyword(s *api.Schema, name string) {
	v := c.arg(0)
	if name == "id" {
		return
	}
	if !c.scalarKeyword(s, name, v) && !c.annotation(s, name, v) {
		c.nestedKeyword(s, name, v)
	}
}

// formatName is a format, given as a text or as S.FORMATS.NAME.
func formatName(v eval.Value) string {
	switch x := v.(type) {
	case eval.String:
		return string(x)
	case *eval.Term:
		if x.Kind == eval.Member {
			return strings.ToLower(strings.ReplaceAll(x.Name, "_", "-"))
		}
	}
	return ""
}
