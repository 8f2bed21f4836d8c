package typescript

import (
	"slices"
	"strings"
)

// Type is a type in TypeScript, as a tree: what it is made of is asked of it, never read
// out of its text.
type Type struct {
	kind typeKind
	// text is that of a name, a keyword, a literal, or a type that is laid out as it is.
	text string
	// parts are the members of a union or an intersection, the values of a record, the
	// items of a list.
	parts []Type
}

type typeKind int

const (
	plain typeKind = iota
	tuple          // on one line
	textLiteral
	numberLiteral
	record
	list
	union
	intersection
)

// Atom is a type by its name or keyword, without a union or an intersection in it.
func Atom(text string) Type { return Type{text: text} }

// Tuple is a list of types that each have their place, as code.
func Tuple(items []string) Type {
	return Type{kind: tuple, text: "[" + strings.Join(items, ", ") + "]"}
}

// TextType and NumberType are the types of exactly one value, as code.
func TextType(quoted string) Type   { return Type{kind: textLiteral, text: quoted} }
func NumberType(digits string) Type { return Type{kind: numberLiteral, text: digits} }

// Record is { [key: string]: value }.
func Record(value Type) Type { return Type{kind: record, parts: []Type{value}} }

// AnyObject is an object of which nothing is known.
func AnyObject() Type { return Record(Atom("unknown")) }

// ListOf is item[].
func ListOf(item Type) Type { return Type{kind: list, parts: []Type{item}} }

// OneOf is a union of names, or of literals, as code.
func OneOf(names []string) Type { return Atom("never").Or(names...) }

// isKeyword says that the type is one by this name: unknown, never, null.
func (t Type) isKeyword(name string) bool { return t.kind == plain && t.text == name }

func (t Type) IsUnknown() bool { return t.isKeyword("unknown") }
func (t Type) IsNever() bool   { return t.isKeyword("never") }

// members are those of a union; every other type is its only member.
func (t Type) members() []Type {
	if t.kind == union {
		return t.parts
	}
	return []Type{t}
}

// Or is the union with types by their names.
func (t Type) Or(names ...string) Type {
	var more []Type
	for _, name := range names {
		more = append(more, Atom(name))
	}
	return t.Join(more...)
}

// Join is the union with other types.
func (t Type) Join(more ...Type) Type {
	var all []Type
	seen := map[string]bool{}
	for _, one := range append([]Type{t}, more...) {
		for _, m := range one.members() {
			if m.IsUnknown() {
				return m
			}
			if text := m.Text(); !seen[text] && !m.IsNever() {
				seen[text] = true
				all = append(all, m)
			}
		}
	}
	switch len(all) {
	case 0:
		return Atom("never")
	case 1:
		return all[0]
	}
	return Type{kind: union, parts: all}
}

// And is the intersection of types.
func And(all []Type) Type {
	seen := map[string]bool{}
	// `type: object` says nothing beside the object types that it is joined with.
	object := AnyObject().Text()
	seen[object] = len(all) > 1 && slices.ContainsFunc(all, func(p Type) bool { return !p.IsUnknown() && p.Text() != object })
	// Nor does `type: string` beside the texts of an enum, or `type: integer` beside its numbers.
	seen["string"] = slices.ContainsFunc(all, func(p Type) bool { return p.isEvery(textLiteral) })
	seen["number"] = slices.ContainsFunc(all, func(p Type) bool { return p.isEvery(numberLiteral) })
	var parts []Type
	for _, p := range all {
		if text := p.Text(); !p.IsUnknown() && !seen[text] {
			seen[text] = true
			parts = append(parts, p)
		}
	}
	switch len(parts) {
	case 0:
		return Atom("unknown")
	case 1:
		return parts[0]
	}
	return Type{kind: intersection, parts: parts}
}

// isEvery says that a type is some literals of a kind and nothing else.
func (t Type) isEvery(kind typeKind) bool {
	return !slices.ContainsFunc(t.members(), func(m Type) bool { return m.kind != kind })
}

// Text is the type on one line.
func (t Type) Text() string {
	switch t.kind {
	case record:
		return "{ [key: string]: " + t.parts[0].Text() + " }"
	case list:
		return t.parts[0].Operand() + "[]"
	case union:
		return t.joined(" | ", func(m Type) string {
			if m.kind == intersection {
				return "(" + m.Text() + ")"
			}
			return m.Text()
		})
	case intersection:
		return t.joined(" & ", Type.Operand)
	}
	return t.text
}

func (t Type) joined(between string, text func(Type) string) string {
	var out []string
	for _, p := range t.parts {
		out = append(out, text(p))
	}
	return strings.Join(out, between)
}

// Operand is the type inside of a list or an intersection.
func (t Type) Operand() string {
	if t.kind == union || t.kind == intersection {
		return "(" + t.Text() + ")"
	}
	return t.Text()
}
