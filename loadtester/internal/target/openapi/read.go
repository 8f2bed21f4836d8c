package openapi

import (
	"strings"

	"github.com/pb33f/go-yaml"

	"github.com/seniorbackend/tools/loadtester/internal/target/openapi/schema"
)

// reader makes schemas of nodes: one of each, so that recursion is a circle of
// pointers.
type reader struct {
	doc      *document
	old      bool // OpenAPI 3.0: nullable, and exclusive bounds that are true or false
	schemas  map[*yaml.Node]*schema.Schema
	patterns map[string]*schema.Pattern
	children map[*schema.Schema][]named // schemas of components by what they are built on
}

type named struct {
	name   string
	schema *schema.Schema
}

func newReader(doc *document, root node) (*reader, error) {
	r := &reader{
		doc: doc, old: strings.HasPrefix(root.string("openapi"), "3.0"),
		schemas: map[*yaml.Node]*schema.Schema{}, patterns: map[string]*schema.Pattern{}, children: map[*schema.Schema][]named{},
	}
	// Discriminators of a base are about those that build on it, which only the
	// list of all schemas knows.
	var bases []node
	for _, p := range root.get("components").get("schemas").pairs() {
		if p.value.get("discriminator").isMap() && !p.value.get("oneOf").ok() && !p.value.get("anyOf").ok() {
			bases = append(bases, p.value)
		}
	}
	if len(bases) == 0 {
		return r, nil
	}
	for _, p := range root.get("components").get("schemas").pairs() {
		for _, part := range p.value.get("allOf").items() {
			base, err := doc.follow(part)
			if err != nil {
				continue // said where it is used
			}
			for _, b := range bases {
				if b.y == base.y {
					child, err := r.schema(p.value)
					if err != nil {
						return nil, err
					}
					s := r.schemas[b.y]
					r.children[s] = append(r.children[s], named{p.name, child})
				}
			}
		}
	}
	for _, b := range bases {
		if s := r.schemas[b.y]; s != nil {
			if err := r.discriminator(b, s); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// schema reads one; nil where there is none.
func (r *reader) schema(n node) (*schema.Schema, error) {
	if !n.ok() {
		return nil, nil
	}
	if s, ok := r.schemas[n.y]; ok {
		return s, nil
	}
	s := &schema.Schema{}
	r.schemas[n.y] = s
	if n.isScalar() {
		s.Never = n.text() == "false"
		return s, nil
	}
	if ref := n.string("$ref"); ref != "" {
		to, err := r.doc.resolve(n, ref)
		if err != nil {
			return nil, err
		}
		if s.Ref, err = r.schema(to); err != nil {
			return nil, err
		}
		if r.old { // what stands beside a $ref means nothing there
			return s, nil
		}
	}
	r.scalars(n, s)
	if err := r.structure(n, s); err != nil {
		return nil, err
	}
	return s, r.discriminator(n, s)
}

// scalars reads the keywords that hold no schema.
func (r *reader) scalars(n node, s *schema.Schema) {
	if t := n.get("type"); t.isScalar() {
		s.Types = []string{t.text()}
	} else {
		s.Types = n.strings("type")
	}
	if r.old && n.bool("nullable", false) && len(s.Types) > 0 {
		s.Types = append(s.Types, "null")
	}
	if enum, ok := n.get("enum").value().([]any); ok {
		s.Enum = enum
	}
	if c := n.get("const"); c.ok() {
		s.Const = []any{c.value()}
	}
	s.Minimum, s.Maximum, s.MultipleOf = n.number("minimum"), n.number("maximum"), n.number("multipleOf")
	s.ExclusiveMinimum, s.ExclusiveMaximum = n.number("exclusiveMinimum"), n.number("exclusiveMaximum")
	if n.bool("exclusiveMinimum", false) {
		s.ExclusiveMinimum, s.Minimum = s.Minimum, nil
	}
	if n.bool("exclusiveMaximum", false) {
		s.ExclusiveMaximum, s.Maximum = s.Maximum, nil
	}
	s.MinLength, s.MaxLength = n.count("minLength"), n.count("maxLength")
	s.MinItems, s.MaxItems, s.Unique = n.count("minItems"), n.count("maxItems"), n.bool("uniqueItems", false)
	s.MinProperties, s.MaxProperties = n.count("minProperties"), n.count("maxProperties")
	s.Required, s.Format, s.ReadOnly = n.strings("required"), n.string("format"), n.bool("readOnly", false)
	s.Media = n.string("contentMediaType") != ""
	if p := n.get("pattern"); p.isScalar() {
		s.Pattern = r.pattern(p.text())
	}
	if e := n.get("example"); e.ok() {
		s.Examples = append(s.Examples, e.value())
	}
	for _, e := range n.get("examples").items() {
		s.Examples = append(s.Examples, e.value())
	}
	if v := n.get("default"); v.ok() {
		s.Examples = append(s.Examples, v.value())
	}
}

func (r *reader) pattern(source string) *schema.Pattern {
	if r.patterns[source] == nil {
		r.patterns[source] = schema.NewPattern(source)
	}
	return r.patterns[source]
}

// structure reads the keywords that hold schemas.
func (r *reader) structure(n node, s *schema.Schema) error {
	for _, one := range []struct {
		key string
		to  **schema.Schema
	}{
		{"items", &s.Items}, {"contains", &s.Contains}, {"additionalProperties", &s.Additional}, {"propertyNames", &s.Names},
		{"not", &s.Not}, {"if", &s.If}, {"then", &s.Then}, {"else", &s.Else},
	} {
		of, err := r.schema(n.get(one.key))
		if err != nil {
			return err
		}
		*one.to = of
	}
	for _, list := range []struct {
		key string
		to  *[]*schema.Schema
	}{{"prefixItems", &s.PrefixItems}, {"allOf", &s.AllOf}, {"anyOf", &s.AnyOf}, {"oneOf", &s.OneOf}} {
		for _, item := range n.get(list.key).items() {
			of, err := r.schema(item)
			if err != nil {
				return err
			}
			*list.to = append(*list.to, of)
		}
	}
	for _, p := range n.get("properties").pairs() {
		of, err := r.schema(p.value)
		if err != nil {
			return err
		}
		s.Properties = append(s.Properties, schema.Property{Name: p.name, Schema: of})
	}
	for _, p := range n.get("patternProperties").pairs() {
		of, err := r.schema(p.value)
		if err != nil {
			return err
		}
		s.Patterns = append(s.Patterns, schema.PatternProperty{Pattern: r.pattern(p.name), Schema: of})
	}
	for _, p := range n.get("dependentRequired").pairs() {
		d := schema.Dependent{Name: p.name}
		for _, name := range p.value.items() {
			d.Required = append(d.Required, name.text())
		}
		s.Dependent = append(s.Dependent, d)
	}
	for _, p := range n.get("dependentSchemas").pairs() {
		of, err := r.schema(p.value)
		if err != nil {
			return err
		}
		s.Dependent = append(s.Dependent, schema.Dependent{Name: p.name, Schema: of})
	}
	s.Closed = n.get("unevaluatedProperties").text() == "false"
	return nil
}

// discriminator reads which value stands for which schema: by the mapping, else
// by the names of the schemas.
func (r *reader) discriminator(n node, s *schema.Schema) error {
	d := n.get("discriminator")
	if !d.isMap() || d.string("propertyName") == "" {
		return nil
	}
	s.Discriminator = &schema.Discriminator{Property: d.string("propertyName")}
	mapped := map[*schema.Schema]bool{}
	for _, p := range d.get("mapping").pairs() {
		ref := p.value.text()
		if !strings.ContainsAny(ref, "#/.") {
			ref = "#/components/schemas/" + ref
		}
		to, err := r.doc.resolve(d, ref)
		if err != nil {
			return err
		}
		of, err := r.schema(to)
		if err != nil {
			return err
		}
		mapped[of] = true
		s.Discriminator.Options = append(s.Discriminator.Options, schema.Option{Value: p.name, Schema: of})
	}
	for _, list := range []string{"oneOf", "anyOf"} {
		for _, item := range n.get(list).items() {
			ref := item.string("$ref")
			of, err := r.schema(item)
			if err != nil {
				return err
			}
			if ref != "" && !mapped[of.Ref] {
				s.Discriminator.Options = append(s.Discriminator.Options, schema.Option{Value: ref[strings.LastIndexByte(ref, '/')+1:], Schema: of})
			}
		}
	}
	for _, child := range r.children[s] {
		if !mapped[child.schema] {
			s.Discriminator.Options = append(s.Discriminator.Options, schema.Option{Value: child.name, Schema: child.schema})
		}
	}
	return nil
}
