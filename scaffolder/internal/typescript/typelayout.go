package typescript

import "strings"

// Layout is the type behind a prefix that ends in : or =.
func (t Type) Layout(prefix string, suffix string) Doc {
	if t.isName() && strings.HasSuffix(prefix, "=") {
		return Cat(Text(prefix), Group(Indent(Line, t.doc())), Text(suffix))
	}
	if t.kind != union {
		return Cat(Text(prefix+" "), t.doc(), Text(suffix))
	}
	if len(t.parts) == 2 && (t.parts[0].isNullOf(t.parts[1]) || t.parts[1].isNullOf(t.parts[0])) {
		return Cat(Text(prefix+" "), t.parts[0].doc(), Text(" | "), t.parts[1].doc(), Text(suffix))
	}
	return Cat(Text(prefix), Group(Indent(Line, t.alternatives())), Text(suffix))
}

// isName: a name, a literal or a list of them, which has no place of its own for a break;
// an alias is then broken behind its equals sign.
func (t Type) isName() bool {
	switch t.kind {
	case list:
		return t.parts[0].isName()
	case plain, textLiteral, numberLiteral:
		return true
	}
	return false
}

// isNullOf: null beside a record, which is broken inside of its braces.
func (t Type) isNullOf(other Type) bool { return t.isKeyword("null") && other.kind == record }

// alternatives are the members of a union, each on a line where they are broken.
func (t Type) alternatives() Doc {
	var members []Doc
	for _, m := range t.members() {
		if m.kind == intersection {
			members = append(members, Text(m.Operand()))
		} else {
			members = append(members, Text(m.Text()))
		}
	}
	return Group(IfBreak("| "), Join(Cat(Line, Text("| ")), members))
}

// doc is a type that may be broken: a record inside of its braces, an intersection.
func (t Type) doc() Doc {
	switch t.kind {
	case record:
		return Group(Text("{"), Indent(Line, Text("[key: string]: "), t.parts[0].inside(), IfBreak(";")), Line, Text("}"))
	case intersection:
		return t.intersectionDoc()
	}
	return Text(t.Text())
}

// inside is the type of a record's values.
func (t Type) inside() Doc {
	if t.kind == record {
		return t.doc()
	}
	return Text(t.Text())
}

// operandDoc is a part of an intersection: a union in parentheses may be broken.
func (t Type) operandDoc() Doc {
	switch t.kind {
	case union:
		return Group(Text("("), Indent(Softline, t.alternatives()), Softline, Text(")"))
	case intersection:
		return Text(t.Operand())
	}
	return t.doc()
}

// intersectionDoc is A & B as prettier breaks it: between types that are written as
// objects and others there is no line break.
func (t Type) intersectionDoc() Doc {
	var out []Doc
	inside := false
	for i, part := range t.parts {
		one := part.operandDoc()
		if i == 0 {
			out = append(out, one)
			continue
		}
		isObject, wasObject := part.kind == record, t.parts[i-1].kind == record
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

// TypeArguments are types between < and >: on one line, or each on its own.
func TypeArguments(types ...Doc) Doc {
	return Group(Text("<"), Indent(Softline, Join(Cat(Text(","), Line), types)), Softline, Text(">"))
}
