package typescript

import (
	"slices"
	"strings"
)

// Layout is the type behind a prefix that ends in : or =.
func (t Type) Layout(prefix string, suffix string) Doc {
	if len(t.all) > 1 && len(t.Members) == 1 {
		return Cat(Text(prefix+" "), t.intersection(), Text(suffix))
	}
	if len(t.Members) == 1 {
		return Cat(Text(prefix+" "), typeDoc(t.Members[0]), Text(suffix))
	}
	if i := slices.IndexFunc(t.Members, isRecord); i >= 0 && len(t.Members) == 2 && t.Members[1-i] == "null" {
		parts := []Doc{typeDoc(t.Members[0]), typeDoc(t.Members[1])}
		return Cat(Text(prefix+" "), Join(Text(" | "), parts), Text(suffix))
	}
	var members []Doc
	for _, m := range t.Members {
		members = append(members, Text(m))
	}
	return Cat(Text(prefix), Group(Indent(Line, Group(IfBreak("| "), Join(Cat(Line, Text("| ")), members)))), Text(suffix))
}

const recordStart, recordEnd = "{ [key: string]: ", " }"

// isRecord: { [key: string]: A }, and no union or intersection of such.
func isRecord(s string) bool {
	if !strings.HasPrefix(s, recordStart) || !strings.HasSuffix(s, recordEnd) {
		return false
	}
	return closing(s) == len(s)-1
}

// closing is where the bracket that a type begins with is closed.
func closing(s string) int {
	depth := 0
	for i, r := range outside(s) {
		switch {
		case strings.ContainsRune("({[", r):
			depth++
		case strings.ContainsRune(")}]", r):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// outside is a type with its text literals blotted out.
func outside(s string) string {
	quoted := byte(0)
	out := []byte(s)
	for i, c := range out {
		switch {
		case quoted != 0:
			if c == quoted {
				quoted = 0
			}
			out[i] = '.'
		case strings.IndexByte("'\"`", c) >= 0:
			quoted, out[i] = c, '.'
		}
	}
	return string(out)
}

// operandDoc is a part of an intersection: a union in parentheses may be broken.
func operandDoc(s string) Doc {
	if !strings.HasPrefix(s, "(") || closing(s) != len(s)-1 {
		return typeDoc(s)
	}
	inner := s[1 : len(s)-1]
	var members []Doc
	depth, from := 0, 0
	for i, r := range outside(inner) {
		switch {
		case strings.ContainsRune("({[", r):
			depth++
		case strings.ContainsRune(")}]", r):
			depth--
		case r == '|' && depth == 0:
			members = append(members, Text(strings.TrimSpace(inner[from:i])))
			from = i + 1
		}
	}
	members = append(members, Text(strings.TrimSpace(inner[from:])))
	return Group(Text("("), Indent(Softline, Group(IfBreak("| "), Join(Cat(Line, Text("| ")), members))), Softline, Text(")"))
}

// typeDoc is a type that may be broken: that of a record inside of its braces.
func typeDoc(s string) Doc {
	if !isRecord(s) {
		return Text(s)
	}
	inner := typeDoc(s[len(recordStart) : len(s)-len(recordEnd)])
	return Group(Text("{"), Indent(Line, Text("[key: string]: "), inner, IfBreak(";")), Line, Text("}"))
}

// intersection is A & B as prettier breaks it: between types that are written as
// objects and others there is no line break.
func (t Type) intersection() Doc {
	var out []Doc
	inside := false
	for i, part := range t.all {
		one := operandDoc(part)
		if i == 0 {
			out = append(out, one)
			continue
		}
		isObject, wasObject := strings.HasPrefix(part, "{"), strings.HasPrefix(t.all[i-1], "{")
		if !isObject && !wasObject {
			out = append(out, Indent(Text(" &"), Line, one))
			continue
		}
		inside = inside || isObject != wasObject && i > 1
		if inside {
			one = Indent(one)
		}
		out = append(out, Text(" & "), one)
	}
	return Group(out...)
}

// Operand is the type inside an array or an intersection.
func (t Type) Operand() string {
	if len(t.Members) == 1 && len(t.all) < 2 {
		return t.Members[0]
	}
	return "(" + t.Text() + ")"
}
