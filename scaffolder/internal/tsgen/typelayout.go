package tsgen

import (
	"slices"
	"strings"
)

// layout is the type behind a prefix that ends in : or =.
func (t texpr) layout(prefix string, suffix string) doc {
	if len(t.all) > 1 && len(t.members) == 1 {
		return cat(docText(prefix+" "), t.intersection(), docText(suffix))
	}
	if len(t.members) == 1 {
		return cat(docText(prefix+" "), typeDoc(t.members[0]), docText(suffix))
	}
	if i := slices.IndexFunc(t.members, isRecord); i >= 0 && len(t.members) == 2 && t.members[1-i] == "null" {
		parts := []doc{typeDoc(t.members[0]), typeDoc(t.members[1])}
		return cat(docText(prefix+" "), join(docText(" | "), parts), docText(suffix))
	}
	var members []doc
	for _, m := range t.members {
		members = append(members, docText(m))
	}
	return cat(docText(prefix), group(indent(line, group(docIfBreak("| "), join(cat(line, docText("| ")), members)))), docText(suffix))
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
func operandDoc(s string) doc {
	if !strings.HasPrefix(s, "(") || closing(s) != len(s)-1 {
		return typeDoc(s)
	}
	inner := s[1 : len(s)-1]
	var members []doc
	depth, from := 0, 0
	for i, r := range outside(inner) {
		switch {
		case strings.ContainsRune("({[", r):
			depth++
		case strings.ContainsRune(")}]", r):
			depth--
		case r == '|' && depth == 0:
			members = append(members, docText(strings.TrimSpace(inner[from:i])))
			from = i + 1
		}
	}
	members = append(members, docText(strings.TrimSpace(inner[from:])))
	return group(docText("("), indent(softline, group(docIfBreak("| "), join(cat(line, docText("| ")), members))), softline, docText(")"))
}

// typeDoc is a type that may be broken: that of a record inside of its braces.
func typeDoc(s string) doc {
	if !isRecord(s) {
		return docText(s)
	}
	inner := typeDoc(s[len(recordStart) : len(s)-len(recordEnd)])
	return group(docText("{"), indent(line, docText("[key: string]: "), inner, docIfBreak(";")), line, docText("}"))
}

// intersection is A & B as prettier breaks it: between types that are written as
// objects and others there is no line break.
func (t texpr) intersection() doc {
	var out []doc
	inside := false
	for i, part := range t.all {
		one := operandDoc(part)
		if i == 0 {
			out = append(out, one)
			continue
		}
		isObject, wasObject := strings.HasPrefix(part, "{"), strings.HasPrefix(t.all[i-1], "{")
		if !isObject && !wasObject {
			out = append(out, indent(docText(" &"), line, one))
			continue
		}
		inside = inside || isObject != wasObject && i > 1
		if inside {
			one = indent(one)
		}
		out = append(out, docText(" & "), one)
	}
	return group(out...)
}

// operand is the type inside an array or an intersection.
func (t texpr) operand() string {
	if len(t.members) == 1 && len(t.all) < 2 {
		return t.members[0]
	}
	return "(" + t.text() + ")"
}
