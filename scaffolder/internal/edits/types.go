package edits

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// types reads the edits of types/api.ts.
func (e *editor) types(before, now *syntax.File) {
	old := declarations(before)
	reader := newTypeReader(e, now)
	for _, s := range now.Statements {
		name := nameOf(s)
		was := old[name]
		if was == nil || textOf(before, was) == textOf(now, s) {
			continue
		}
		if op, ok := e.responding(name); ok {
			e.responses(op, before, now, reader)
			continue
		}
		schema := e.Schemas[name]
		if schema == nil {
			continue // Left tells of it
		}
		holder := e.holderOf(name, schema)
		switch x := s.(type) {
		case *syntax.InterfaceDeclaration:
			if w, ok := was.(*syntax.InterfaceDeclaration); ok {
				e.members(name, holder, before, now, w.Members, x.Members, reader)
			}
		case *syntax.TypeAlias:
			e.alias(name, schema, now, x, reader)
		}
	}
	e.changedResponses(before, now, reader)
}

// alias takes over another type.
func (e *editor) alias(name string, schema *api.Schema, now *syntax.File, x *syntax.TypeAlias, reader *typeReader) {
	replace(schema, reader.schema(x.Type))
	e.tell(now, x, "type %s is now %s", name, clipped(textOf(now, x.Type)))
}

func (e *editor) members(name string, h holder, before, now *syntax.File, was, is []syntax.Member, reader *typeReader) {
	old, _ := membersOf(before, was)
	fresh, _ := membersOf(now, is)
	for _, m := range old {
		if _, ok := find(fresh, m.name); !ok {
			h.remove(m.name)
			e.tellDeclaration(now, name, "%s has no %s any more", name, m.name)
		}
	}
	for i, m := range fresh {
		had, ok := find(old, m.name)
		if !ok {
			after := ""
			if i > 0 {
				after = fresh[i-1].name
			}
			h.add(m.name, reader.schema(m.field.Type), !m.optional, after)
			e.tell(now, m.field, "%s has %s: %s", name, m.name, clipped(m.text))
			continue
		}
		if had.optional != m.optional {
			h.require(m.name, !m.optional)
			e.tell(now, m.field, "%s of %s is %s", m.name, name, map[bool]string{true: "optional", false: "required"}[m.optional])
		}
		if had.text != m.text {
			if p := h.get(m.name); p != nil {
				h.set(m.name, revised(p, reader.schema(m.field.Type)))
			}
			e.tell(now, m.field, "%s of %s is %s, which was %s", m.name, name, clipped(m.text), clipped(had.text))
		}
	}
}

// tellDeclaration tells a change at the declaration of a type.
func (e *editor) tellDeclaration(f *syntax.File, name, format string, words ...any) {
	if s := declarations(f)[name]; s != nil {
		e.tell(f, s, format, words...)
	}
}

func clipped(s string) string {
	if len(s) > 60 {
		return s[:57] + "…"
	}
	return s
}

// replace has a schema let other values pass; what people wrote of it stays.
func replace(s, with *api.Schema) {
	kept := *s
	*s = *with
	s.Name, s.Title, s.Description, s.Deprecated, s.ReadOnly, s.WriteOnly, s.At = kept.Name, kept.Title, kept.Description, kept.Deprecated, kept.ReadOnly, kept.WriteOnly, kept.At
	s.RequiresBothWays = kept.RequiresBothWays
}

// revised is a schema whose type in the code is another one now. Where the kind of value
// is the same, what the type does not say stays: bounds, patterns, formats.
func revised(was, is *api.Schema) *api.Schema {
	out := *was
	if !sameKind(was, is) {
		replace(&out, is)
		return &out
	}
	setNullable(&out, isNullable(is))
	if was.HasEnum || is.HasEnum {
		out.Enum, out.HasEnum, out.Const = is.Enum, is.HasEnum, is.Const
	}
	if was.Items != nil && is.Items != nil {
		out.Items = revised(was.Items, is.Items)
	}
	return &out
}

// sameKind says whether values of two schemas are of one kind: integers are numbers in
// TypeScript.
func sameKind(a, b *api.Schema) bool {
	if a.Ref != nil || b.Ref != nil {
		return a.Ref == b.Ref
	}
	kinds := func(s *api.Schema) string {
		var out []string
		for _, t := range s.Types {
			switch t {
			case api.Null:
				continue
			case api.Integer:
				t = api.Numeric
			}
			out = append(out, string(t))
		}
		slices.Sort(out)
		return strings.Join(slices.Compact(out), " ")
	}
	return kinds(a) == kinds(b) && len(a.Properties)+len(b.Properties)+len(a.OneOf)+len(a.AnyOf)+len(b.AnyOf)+len(b.OneOf) == 0
}

// isNullable and setNullable: null is a type, or a mark beside the others.
func isNullable(s *api.Schema) bool { return s.Nullable || s.Is(api.Null) }

func setNullable(s *api.Schema, nullable bool) {
	if isNullable(s) == nullable {
		return
	}
	s.Nullable = nullable
	s.Types = slices.DeleteFunc(slices.Clone(s.Types), func(t api.Type) bool { return t == api.Null })
}
