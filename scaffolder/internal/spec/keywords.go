package spec

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/pattern"
)

func (r *reader) arrays(s *api.Schema, n node, depth int) {
	items := n.get("items")
	if items.isSequence() { // drafts before 2020-12
		r.warn(items, "old-keyword", "write prefixItems", "a list of items is taken for prefixItems")
		s.PrefixItems = r.schemaList(items, depth)
		s.Items = r.schema(n.get("additionalItems"), depth)
	} else {
		s.Items = r.schema(items, depth)
		s.PrefixItems = r.schemaList(n.get("prefixItems"), depth)
	}
	s.Contains = r.schema(n.get("contains"), depth)
	s.MinContains = r.count(n, "minContains")
	s.MaxContains = r.count(n, "maxContains")
	s.MinItems = r.count(n, "minItems")
	s.MaxItems = r.count(n, "maxItems")
	s.UniqueItems = n.bool("uniqueItems", false)
	s.UnevaluatedItems = r.schema(n.get("unevaluatedItems"), depth)
	s.ContentSchema = r.schema(n.get("contentSchema"), depth)
}

func (r *reader) objects(s *api.Schema, n node, depth int) {
	properties := r.under(n, "properties")
	if r.fits(properties, properties.isMap(), "properties", "a mapping of names to schemas") {
		for _, p := range properties.pairs() {
			if p.value.isNull() { // `name:` with nothing behind it
				p.value = node{f: n.f}
				s.Properties = append(s.Properties, &api.Property{Name: p.name, Schema: &api.Schema{At: p.key.at()}})
				continue
			}
			s.Properties = append(s.Properties, &api.Property{Name: p.name, Schema: r.schema(p.value, depth)})
		}
	}
	s.Required = r.required(n)
	s.RequiresBothWays = r.minor > 0 && len(s.Required) > 0
	for _, p := range n.get("patternProperties").pairs() {
		s.PatternProperties = append(s.PatternProperties, &api.PatternProperty{
			Pattern: p.name, Slow: r.slowPattern(p.name, p.key), Schema: r.schema(p.value, depth),
		})
	}
	s.AdditionalProperties = r.schema(n.get("additionalProperties"), depth)
	s.UnevaluatedProperties = r.schema(n.get("unevaluatedProperties"), depth)
	s.PropertyNames = r.schema(n.get("propertyNames"), depth)
	s.MinProperties = r.count(n, "minProperties")
	s.MaxProperties = r.count(n, "maxProperties")
	for _, p := range n.get("dependentRequired").pairs() {
		s.DependentRequired = append(s.DependentRequired, api.DependentRequired{Name: p.name, Required: texts(p.value)})
	}
	for _, p := range n.get("dependentSchemas").pairs() {
		s.DependentSchemas = append(s.DependentSchemas, api.DependentSchema{Name: p.name, Schema: r.schema(p.value, depth)})
	}
	for _, p := range n.get("dependencies").pairs() { // drafts before 2019-09
		if p.value.isSequence() {
			s.DependentRequired = append(s.DependentRequired, api.DependentRequired{Name: p.name, Required: texts(p.value)})
		} else {
			s.DependentSchemas = append(s.DependentSchemas, api.DependentSchema{Name: p.name, Schema: r.schema(p.value, depth)})
		}
	}
}

// slowPattern judges a pattern. It warns of one for which the server can only bound the
// time, and of one that the server cannot use.
func (r *reader) slowPattern(source string, n node) bool {
	if why := pattern.Broken(source); why != "" {
		r.warn(n, "bad-pattern", "patterns are regular expressions of ECMAScript",
			"the pattern %q is not looked at: %s", short(source), why)
	}
	v := pattern.Judge(source)
	if v.Slow && v.Linear == nil {
		r.warn(n, "slow-pattern", "rewrite it without looking around and references back, or so that what it repeats does not repeat, or overlap, inside",
			"the pattern %q can take very long on a hostile text, and has what only an engine that backtracks can do; the server gives it 50 ms a request", short(source))
	}
	return v.Slow
}

// required is the list of required properties, each once.
func (r *reader) required(n node) []string {
	v := n.get("required")
	if isBoolean(v) {
		r.warn(v, "old-keyword", "list the name of the property in required of the object", "required: %s on a property is not looked at", v.text())
		return nil
	}
	if !r.fits(v, v.isSequence(), "required", "a list of names") {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, name := range texts(v) {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

func (r *reader) composition(s *api.Schema, n node, depth int) {
	s.AllOf = r.schemaList(n.get("allOf"), depth)
	s.AnyOf = r.schemaList(n.get("anyOf"), depth)
	s.OneOf = r.schemaList(n.get("oneOf"), depth)
	s.Not = r.schema(n.get("not"), depth)
	s.If = r.schema(n.get("if"), depth)
	if s.If != nil {
		s.Then = r.schema(n.get("then"), depth)
		s.Else = r.schema(n.get("else"), depth)
	}
	if d := n.get("discriminator"); d.ok() {
		r.discriminator(s, d)
	}
}

func (r *reader) schemaList(n node, depth int) []*api.Schema {
	if !r.fits(n, n.isSequence(), "a list of schemas", "a list") {
		return nil
	}
	var out []*api.Schema
	for _, item := range n.items() {
		out = append(out, r.schema(item, depth))
	}
	return out
}

// discriminator reads what the document maps. What it implies is added when
// all schemas are known: see impliedMappings.
func (r *reader) discriminator(s *api.Schema, n node) {
	property := n.string("propertyName")
	if n.isScalar() { // Swagger 2.0 wrote the name alone
		property = n.text()
	}
	if property == "" {
		r.warn(n, "bad-value", "name the property with propertyName", "a discriminator without propertyName is not looked at")
		return
	}
	r.known(n, "this discriminator", discriminatorKeys)
	d := &api.Discriminator{Property: property, Inherited: len(s.OneOf) == 0 && len(s.AnyOf) == 0}
	for _, p := range n.get("mapping").pairs() {
		if target := r.mapped(p.value); target != nil {
			d.Mapping = append(d.Mapping, api.Mapping{Value: p.name, Schema: &api.Schema{Ref: target, At: p.value.at()}})
		}
	}
	if other := n.get("defaultMapping"); other.isString() {
		if target := r.mapped(other); target != nil {
			d.Default = &api.Schema{Ref: target, At: other.at()}
		}
	}
	s.Discriminator = d
}

// mapped is the schema that a value of a mapping means: the name of a
// component, or a reference.
func (r *reader) mapped(n node) *api.Schema {
	value := n.text()
	if value == "" {
		return nil
	}
	if !strings.ContainsAny(value, "#/") {
		if s := r.componentNamed(value); s != nil {
			return s
		}
	}
	return r.refer(n, value)
}

func texts(n node) []string {
	var out []string
	for _, item := range n.items() {
		if item.isScalar() {
			out = append(out, item.y.Value)
		}
	}
	return out
}

var discriminatorKeys = []string{"propertyName", "mapping", "defaultMapping"}

var schemaKeys = []string{
	"title", "description", "type", "format", "default", "example", "examples",
	"enum", "const", "nullable", "deprecated", "readOnly", "writeOnly",
	"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
	"minLength", "maxLength", "pattern",
	"contentEncoding", "contentMediaType", "contentSchema",
	"items", "prefixItems", "additionalItems", "contains", "minContains", "maxContains",
	"minItems", "maxItems", "uniqueItems", "unevaluatedItems",
	"properties", "required", "patternProperties", "additionalProperties",
	"unevaluatedProperties", "propertyNames", "minProperties", "maxProperties",
	"dependentRequired", "dependentSchemas", "dependencies",
	"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "discriminator",
	"xml", "externalDocs", "summary",
	"$ref", "$defs", "definitions", "$id", "id", "$schema", "$anchor", "$comment",
	"$dynamicRef", "$dynamicAnchor", "$vocabulary",
}
