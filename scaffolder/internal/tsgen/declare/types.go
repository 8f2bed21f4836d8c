package declare

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// declaration writes one exported type with its comment. Writing it may make
// further declarations, which are written after it.
func (t *Types) declaration(c *Declaration) string {
	head := ts.Comment(0, c.Schema.Title, c.Schema.Description, ts.Deprecated(c.Schema.Deprecated))
	if isPlainObject(c.Schema) {
		return head + "export interface " + c.Name + " {\n" + t.members(c.Schema, c) + "}\n"
	}
	if bases, own := t.inheritance(c.Schema); own != nil {
		return head + t.extending(c, bases, own)
	}
	cut := func(to *api.Schema) bool { return t.leadsBack(to, c.Schema, map[*api.Schema]bool{}) }
	body := t.body(c.Schema, c.Mode, c.Name, cut)
	return head + ts.Render(body.Layout("export type "+c.Name+" =", ";"), 0) + "\n"
}

// leadsBack: a type alias may not refer to itself but through an object or array.
func (t *Types) leadsBack(from, to *api.Schema, seen map[*api.Schema]bool) bool {
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

func (t *Types) members(schema *api.Schema, c *Declaration) string {
	var b strings.Builder
	for _, p := range schema.Properties {
		if Hidden(schema, p, c.Mode) {
			continue
		}
		mark := "?:"
		if Demands(schema, p, c.Mode) {
			mark = ":"
		}
		key := p.Name
		if !ts.IsPlainKey(key) {
			key = ts.Quote(key)
		}
		b.WriteString(ts.Comment(1, p.Schema.Description, secrecy(p.Schema, c.Mode), ts.Deprecated(p.Schema.Deprecated)))
		value := t.Use(p.Schema, c.Mode, c.Name+ts.Pascal(p.Name))
		b.WriteString("  " + ts.Render(value.Layout(key+mark, ";"), 1) + "\n")
	}
	for _, name := range schema.Required {
		if schema.Property(name) == nil && !strings.HasPrefix(name, "__proto__") {
			key := name
			if !ts.IsPlainKey(key) {
				key = ts.Quote(key)
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

// Hidden: a readOnly property is no part of a request, nor a writeOnly one of a
// response, unless OpenAPI 3.1 requires it there (decision 0400).
func Hidden(owner *api.Schema, p *api.Property, m Mode) bool {
	return isOtherWay(p.Schema, m) && (m != Response || !owner.RequiresInAnswers(p.Name))
}

// Demands: a value of this direction must have the property.
func Demands(owner *api.Schema, p *api.Property, m Mode) bool {
	return owner.Requires(p.Name) && !isOtherWay(p.Schema, m)
}

// isOtherWay says that a schema is for the other direction.
func isOtherWay(s *api.Schema, m Mode) bool {
	target := s.Target()
	if m == Response {
		return s.WriteOnly || target != nil && target.WriteOnly
	}
	return s.ReadOnly || target != nil && target.ReadOnly
}

// secrecy explains a writeOnly property in the type of an answer.
func secrecy(s *api.Schema, m Mode) string {
	if m != Response || !isOtherWay(s, m) {
		return ""
	}
	return "Write-only, and required: by its schema alone an answer has it."
}
