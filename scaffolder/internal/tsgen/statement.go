package tsgen

import "strings"

// Statements of TypeScript, as far as validators need them.
type (
	stmt interface {
		write(w *strings.Builder, depth int)
	}

	exprStmt struct{ doc doc }
	// ifStmt tests that all conditions hold.
	ifStmt struct {
		conditions []string
		then, els  []stmt
	}
	forStmt struct {
		head string
		body []stmt
	}
	switchStmt struct {
		on    string
		cases []switchCase
		els   []stmt
	}
	switchCase struct {
		value string
		body  []stmt
	}
)

func writeAll(w *strings.Builder, depth int, body []stmt) {
	for _, s := range body {
		s.write(w, depth)
	}
}

func pad(depth int) string { return strings.Repeat("  ", depth) }

func (s exprStmt) write(w *strings.Builder, depth int) {
	w.WriteString(pad(depth) + render(cat(s.doc, docText(";")), depth) + "\n")
}

func (s ifStmt) write(w *strings.Builder, depth int) {
	w.WriteString(pad(depth))
	s.writeChain(w, depth, "")
	w.WriteString("\n")
}

func (s ifStmt) writeChain(w *strings.Builder, depth int, before string) {
	var conditions []doc
	for _, c := range s.conditions {
		conditions = append(conditions, docText(c))
	}
	head := cat(docText(before+"if ("), group(indent(softline, join(cat(docText(" &&"), line), conditions)), softline), docText(") {"))
	w.WriteString(render(head, depth) + "\n")
	writeAll(w, depth+1, s.then)
	w.WriteString(pad(depth) + "}")
	if len(s.els) == 0 {
		return
	}
	if next, ok := s.els[0].(ifStmt); ok && len(s.els) == 1 {
		w.WriteString(" ")
		next.writeChain(w, depth, "else ")
		return
	}
	w.WriteString(" else {\n")
	writeAll(w, depth+1, s.els)
	w.WriteString(pad(depth) + "}")
}

func (s forStmt) write(w *strings.Builder, depth int) {
	w.WriteString(pad(depth) + "for (" + s.head + ") {\n")
	writeAll(w, depth+1, s.body)
	w.WriteString(pad(depth) + "}\n")
}

func (s switchStmt) write(w *strings.Builder, depth int) {
	w.WriteString(pad(depth) + "switch (" + s.on + ") {\n")
	for _, c := range s.cases {
		w.WriteString(pad(depth+1) + "case " + c.value + ":\n")
		writeAll(w, depth+2, c.body)
		w.WriteString(pad(depth+2) + "break;\n")
	}
	if len(s.els) > 0 {
		w.WriteString(pad(depth+1) + "default:\n")
		writeAll(w, depth+2, s.els)
	}
	w.WriteString(pad(depth) + "}\n")
}

// when runs body under a condition; a single if inside becomes part of it.
func when(condition string, body []stmt) []stmt {
	if len(body) == 0 {
		return nil
	}
	if inner, ok := body[0].(ifStmt); ok && len(body) == 1 && len(inner.els) == 0 {
		return []stmt{ifStmt{conditions: append([]string{condition}, inner.conditions...), then: inner.then}}
	}
	return []stmt{ifStmt{conditions: []string{condition}, then: body}}
}
