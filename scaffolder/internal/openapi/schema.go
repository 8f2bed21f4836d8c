package openapi

import (
	"net/url"
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func (w *writer) schemas(a *api.API) object {
	out := newObject()
	for _, s := range a.Schemas {
		out.set(s.Name, w.schema(s))
	}
	return out
}

// schema is nil where there is none.
func (w *writer) schema(s *api.Schema) *yaml.Node {
	switch {
	case s == nil:
		return nil
	case s.Never && !s.Nullable:
		return literal("false")
	}
	s = normal(s)
	o := newObject()
	if s.Ref != nil {
		o.text("$ref", reference(s.Ref))
	}
	w.types(o, s)
	w.annotations(o, s)
	w.scalars(o, s)
	w.arrays(o, s)
	w.objects(o, s)
	w.composition(o, s)
	if o.empty() {
		o.node.Style = yaml.FlowStyle
	}
	return o.node
}

// pointerEscape writes a name as a part of a JSON pointer.
var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// reference points at a named schema.
func reference(s *api.Schema) string {
	return "#/components/schemas/" + url.PathEscape(pointerEscape.Replace(s.Name))
}

func (w *writer) types(o object, s *api.Schema) {
	if len(s.Types) == 1 {
		o.text("type", string(s.Types[0]))
	} else {
		var names []string
		for _, t := range s.Types {
			names = append(names, string(t))
		}
		o.texts("type", names)
	}
	o.text("format", s.Format)
	if s.HasEnum {
		o.set("enum", valueList(s.Enum))
	}
	o.value("const", s.Const)
}

func valueList(values []api.Value) *yaml.Node {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return valueNode(api.Value("[" + strings.Join(texts, ",") + "]"))
}

func (w *writer) annotations(o object, s *api.Schema) {
	o.text("title", s.Title).text("description", s.Description).
		flag("deprecated", s.Deprecated).flag("readOnly", s.ReadOnly).flag("writeOnly", s.WriteOnly).
		value("default", s.Default)
	if len(s.Examples) > 0 {
		o.set("examples", valueList(s.Examples))
	}
}

func (w *writer) scalars(o object, s *api.Schema) {
	o.number("minimum", s.Minimum).number("exclusiveMinimum", s.ExclusiveMinimum).
		number("maximum", s.Maximum).number("exclusiveMaximum", s.ExclusiveMaximum).
		number("multipleOf", s.MultipleOf).
		number("minLength", s.MinLength).number("maxLength", s.MaxLength).text("pattern", s.Pattern).
		text("contentEncoding", s.ContentEncoding).text("contentMediaType", s.ContentMediaType).
		set("contentSchema", w.schema(s.ContentSchema))
}

func (w *writer) arrays(o object, s *api.Schema) {
	o.list("prefixItems", w.list(s.PrefixItems)).set("items", w.schema(s.Items)).
		set("contains", w.schema(s.Contains)).number("minContains", s.MinContains).number("maxContains", s.MaxContains).
		number("minItems", s.MinItems).number("maxItems", s.MaxItems).flag("uniqueItems", s.UniqueItems).
		set("unevaluatedItems", w.schema(s.UnevaluatedItems))
}

func (w *writer) objects(o object, s *api.Schema) {
	o.texts("required", s.Required)
	properties, patterns := newObject(), newObject()
	for _, p := range s.Properties {
		properties.set(p.Name, w.schema(p.Schema))
	}
	for _, p := range s.PatternProperties {
		patterns.set(p.Pattern, w.schema(p.Schema))
	}
	o.object("properties", properties).object("patternProperties", patterns).
		set("additionalProperties", w.schema(s.AdditionalProperties)).
		set("propertyNames", w.schema(s.PropertyNames)).
		number("minProperties", s.MinProperties).number("maxProperties", s.MaxProperties)
	required, schemas := newObject(), newObject()
	for _, d := range s.DependentRequired {
		names := sequence()
		for _, name := range d.Required {
			names.Content = append(names.Content, oneLine(name))
		}
		names.Style = yaml.FlowStyle
		required.set(d.Name, names)
	}
	for _, d := range s.DependentSchemas {
		schemas.set(d.Name, w.schema(d.Schema))
	}
	o.object("dependentRequired", required).object("dependentSchemas", schemas).
		set("unevaluatedProperties", w.schema(s.UnevaluatedProperties))
}

func (w *writer) composition(o object, s *api.Schema) {
	o.list("allOf", w.list(s.AllOf)).list("anyOf", w.list(s.AnyOf)).list("oneOf", w.list(s.OneOf)).
		set("not", w.schema(s.Not)).set("if", w.schema(s.If)).set("then", w.schema(s.Then)).set("else", w.schema(s.Else))
	d := s.Discriminator
	if d == nil {
		return
	}
	mapping := newObject()
	for _, m := range d.Mapping {
		mapping.text(m.Value, reference(m.Schema.Ref))
	}
	one := newObject().text("propertyName", d.Property).object("mapping", mapping)
	if d.Default != nil {
		w.newer = true
		one.text("defaultMapping", reference(d.Default.Ref))
	}
	o.object("discriminator", one)
}

func (w *writer) list(schemas []*api.Schema) []*yaml.Node {
	var out []*yaml.Node
	for _, s := range schemas {
		out = append(out, w.schema(s))
	}
	return out
}
