package typescript

import "strings"

// Statements of TypeScript, as far as validators need them.
type (
	// Statement is one of the kinds of this file.
	Statement interface {
		write(w *strings.Builder, depth int)
	}

	Expression struct{ Doc Doc }
	// If tests that all conditions hold.
	If struct {
		Conditions []string
		Then, Else []Statement
	}
	For struct {
		Head string
		Body []Statement
	}
	// Part is statements in a function of their own, called at once: TypeScript follows no
	// function with thousands of branches.
	Part struct {
		Name string
		Body []Statement
	}
	Switch struct {
		On    string
		Cases []Case
		Else  []Statement
	}
	Case struct {
		Value string
		Body  []Statement
	}
)

// Write writes statements, indented by depth levels.
func Write(w *strings.Builder, depth int, body []Statement) {
	for _, s := range body {
		s.write(w, depth)
	}
}

// Pad is the indentation of depth levels.
func Pad(depth int) string { return strings.Repeat("  ", depth) }

func (s Expression) write(w *strings.Builder, depth int) {
	w.WriteString(Pad(depth) + Render(Cat(s.Doc, Text(";")), depth) + "\n")
}

func (s If) write(w *strings.Builder, depth int) {
	w.WriteString(Pad(depth))
	s.writeChain(w, depth, "")
	w.WriteString("\n")
}

func (s If) writeChain(w *strings.Builder, depth int, before string) {
	var conditions []Doc
	for _, c := range s.Conditions {
		conditions = append(conditions, Text(c))
	}
	head := Cat(Text(before+"if ("), Group(Indent(Softline, Join(Cat(Text(" &&"), Line), conditions)), Softline), Text(") {"))
	w.WriteString(Render(head, depth) + "\n")
	Write(w, depth+1, s.Then)
	w.WriteString(Pad(depth) + "}")
	if len(s.Else) == 0 {
		return
	}
	if next, ok := s.Else[0].(If); ok && len(s.Else) == 1 {
		w.WriteString(" ")
		next.writeChain(w, depth, "else ")
		return
	}
	w.WriteString(" else {\n")
	Write(w, depth+1, s.Else)
	w.WriteString(Pad(depth) + "}")
}

func (s For) write(w *strings.Builder, depth int) {
	w.WriteString(Pad(depth) + "for (" + s.Head + ") {\n")
	Write(w, depth+1, s.Body)
	w.WriteString(Pad(depth) + "}\n")
}

func (s Part) write(w *strings.Builder, depth int) {
	w.WriteString(Pad(depth) + "const " + s.Name + " = (): void => {\n")
	Write(w, depth+1, s.Body)
	w.WriteString(Pad(depth) + "};\n" + Pad(depth) + s.Name + "();\n")
}

func (s Switch) write(w *strings.Builder, depth int) {
	w.WriteString(Pad(depth) + "switch (" + s.On + ") {\n")
	for _, c := range s.Cases {
		w.WriteString(Pad(depth+1) + "case " + c.Value + ":\n")
		Write(w, depth+2, c.Body)
		w.WriteString(Pad(depth+2) + "break;\n")
	}
	if len(s.Else) > 0 {
		w.WriteString(Pad(depth+1) + "default:\n")
		Write(w, depth+2, s.Else)
	}
	w.WriteString(Pad(depth) + "}\n")
}

// When runs body under a condition; a single if inside becomes part of it.
func When(condition string, body []Statement) []Statement {
	if len(body) == 0 {
		return nil
	}
	if inner, ok := body[0].(If); ok && len(body) == 1 && len(inner.Else) == 0 {
		return []Statement{If{Conditions: append([]string{condition}, inner.Conditions...), Then: inner.Then}}
	}
	return []Statement{If{Conditions: []string{condition}, Then: body}}
}
