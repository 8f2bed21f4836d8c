package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// declaration writes one exported type with its comment. Writing it may make
// further declarations, which are written after it.
func (t *types) declaration(c *decl) string {
	head := comment(0, c.schema.Title, c.schema.Description, deprecated(c.schema.Deprecated))
	if isPlainObject(c.schema) {
		return head + "export interface " + c.Name + " {\n" + t.members(c.schema, c) + "}\n"
	}
	if bases, own := t.inheritance(c.schema); own != nil {
		return head + t.extending(c, bases, own)
	}
	cut := func(to *api.Schema) bool { return t.leadsBack(to, c.schema, map[*api.Schema]bool{}) }
	body := t.body(c.schema, c.mode, c.Name, cut)
	return head + render(body.layout("export type "+c.Name+" =", ";"), 0) + "\n"
}

func deprecated(yes bool) string {
	if yes {
		return "@deprecated"
	}
	return ""
}

// leadsBack: a type alias may not refer to itself but through an object or array.
func (t *types) leadsBack(from, to *api.Schema, seen map[*api.Schema]bool) bool {
	if from == to {
		return true
	}
	if seen[from] || t.isInterface(from) {
		return false
	}
	seen[from] = true
	found := false
	var look func(s *api.Schema)
	look = func(s *api.Schema) {
		if s.Ref != nil && t.leadsBack(s.Ref, to, seen) {
			found = true
		}
		for _, part := range [][]*api.Schema{s.AllOf, s.AnyOf, s.OneOf} {
			for _, p := range part {
				look(p)
			}
		}
	}
	look(from)
	return found
}

func (t *types) members(schema *api.Schema, c *decl) string {
	var b strings.Builder
	for _, p := range schema.Properties {
		if hidden(schema, p, c.mode) {
			continue
		}
		mark := "?:"
		if demands(schema, p, c.mode) {
			mark = ":"
		}
		key := p.Name
		if !isPlainKey(key) {
			key = quote(key)
		}
		b.WriteString(comment(1, p.Schema.Description, secrecy(p.Schema, c.mode), deprecated(p.Schema.Deprecated)))
		value := t.use(p.Schema, c.mode, c.Name+pascal(p.Name))
		b.WriteString("  " + render(value.layout(key+mark, ";"), 1) + "\n")
	}
	for _, name := range schema.Required {
		if schema.Property(name) == nil && !strings.HasPrefix(name, "__proto__") {
			key := name
			if !isPlainKey(key) {
				key = quote(key)
			}
			b.WriteString("  " + key + ": unknown;\n")
		}
	}
	if isOpen(schema) {
		b.WriteString("  [key: string]: unknown;\n")
	}
	return b.String()
}

// isOpen: the document says itself that there may be more properties.
func isOpen(s *api.Schema) bool {
	return s.AdditionalProperties != nil && !s.AdditionalProperties.Never || len(s.PatternProperties) > 0
}

// hidden: a readOnly property is no part of a request, nor a writeOnly one of a
// response, unless OpenAPI 3.1 requires it there (decision 0400).
func hidden(owner *api.Schema, p *api.Property, m mode) bool {
	return isOtherWay(p.Schema, m) && (m != response || !owner.RequiresInAnswers(p.Name))
}

// demands: a value of this direction must have the property.
func demands(owner *api.Schema, p *api.Property, m mode) bool {
	return owner.Requires(p.Name) && !isOtherWay(p.Schema, m)
}

// isOtherWay says that a schema is for the other direction.
func isOtherWay(s *api.Schema, m mode) bool {
	target := s.Target()
	if m == response {
		return s.WriteOnly || target != nil && target.WriteOnly
	}
	return s.ReadOnly || target != nil && target.ReadOnly
}

// secrecy explains a writeOnly property in the type of an answer.
func secrecy(s *api.Schema, m mode) string {
	if m != response || !isOtherWay(s, m) {
		return ""
	}
	return "Write-only, and required: by its schema alone an answer has it."
}
