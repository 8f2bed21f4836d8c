package typescript

import (
	"slices"
	"strconv"
	"strings"
)

// Type is a type in TypeScript: a union of members, of which a plain type has one.
type Type struct {
	Members []string
	// all are the parts of an intersection that is the only member.
	all []string
}

// Atom is a type without a union or an intersection in it.
func Atom(text string) Type { return Type{Members: []string{text}} }

func (t Type) IsUnknown() bool { return len(t.Members) == 1 && t.Members[0] == "unknown" }

// Text is the type on one line.
func (t Type) Text() string { return strings.Join(t.Members, " | ") }

// isIntersection: A & B, not {a: A & B}.
func isIntersection(s string) bool {
	depth, quoted := 0, rune(0)
	for _, r := range s {
		switch {
		case quoted != 0:
			if r == quoted {
				quoted = 0
			}
		case strings.ContainsRune("'\"`", r):
			quoted = r
		case strings.ContainsRune("({[<", r):
			depth++
		case strings.ContainsRune(")}]>", r):
			depth--
		case r == '&' && depth == 0:
			return true
		}
	}
	return false
}

func (t Type) Or(more ...string) Type {
	out := Type{}
	seen := map[string]bool{}
	for _, m := range append(append([]string{}, t.Members...), more...) {
		if m == "unknown" {
			return Atom("unknown")
		}
		if !seen[m] && m != "never" {
			seen[m] = true
			out.Members = append(out.Members, m)
		}
	}
	if len(out.Members) == 0 {
		return Atom("never")
	}
	for i, m := range out.Members {
		if len(out.Members) > 1 && isIntersection(m) {
			out.Members[i] = "(" + m + ")"
		}
	}
	return out
}

const AnyObject = "{ [key: string]: unknown }"

func hasOther(parts []Type) bool {
	for _, p := range parts {
		if !p.IsUnknown() && p.Text() != AnyObject {
			return true
		}
	}
	return false
}

// isEvery says that a type is some literals of a kind and nothing else.
func (t Type) isEvery(kind func(string) bool) bool {
	return len(t.Members) > 0 && !slices.ContainsFunc(t.Members, func(m string) bool { return !kind(m) })
}

func isNumberLiteral(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// isTextLiteral: 'a', and no union or intersection of such.
func isTextLiteral(s string) bool {
	return len(s) > 1 && s[0] == '\'' && strings.IndexByte(s[1:], '\'') == len(s)-2
}

// And is the intersection of types.
func And(parts []Type) Type {
	var texts []string
	var only Type
	seen := map[string]bool{}
	// `type: object` says nothing beside the object types that it is joined with.
	seen[AnyObject] = len(parts) > 1 && hasOther(parts)
	// Nor does `type: string` beside the texts of an enum, or `type: integer` beside its numbers.
	seen["string"] = slices.ContainsFunc(parts, func(p Type) bool { return p.isEvery(isTextLiteral) })
	seen["number"] = slices.ContainsFunc(parts, func(p Type) bool { return p.isEvery(isNumberLiteral) })
	for _, p := range parts {
		if p.IsUnknown() || seen[p.Text()] {
			continue
		}
		seen[p.Text()] = true
		only = p
		texts = append(texts, p.Operand())
	}
	switch len(texts) {
	case 0:
		return Atom("unknown")
	case 1:
		return only
	}
	return Type{Members: []string{strings.Join(texts, " & ")}, all: texts}
}
