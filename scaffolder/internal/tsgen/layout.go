package tsgen

import "strings"

// width is the line width that all output keeps, as prettier's printWidth.
const width = 100

// A doc is a piece of code that can be laid out flat or broken over lines, after
// Wadler's "A prettier printer" and in the terms of prettier's own documents.
type doc interface{}

type (
	docText   string
	docConcat []doc
	// docGroup is flat where it fits and broken where it does not.
	docGroup struct{ body doc }
	// docIndent moves the lines in it two columns to the right.
	docIndent struct{ body doc }
	// docLine is flat text ("" or " ") or a line break; hard is always a break.
	docLine struct {
		flat string
		hard bool
	}
	// docIfBreak is text that stands only in a broken group.
	docIfBreak string
	// docFill puts as many items on a line as fit.
	docFill []doc
)

var (
	line     = docLine{flat: " "}
	softline = docLine{}
	hardline = docLine{hard: true}
)

func cat(parts ...doc) doc   { return docConcat(parts) }
func group(parts ...doc) doc { return docGroup{docConcat(parts)} }
func indent(parts ...doc) doc {
	return docIndent{docConcat(parts)}
}

func join(separator doc, parts []doc) doc {
	var out docConcat
	for i, p := range parts {
		if i > 0 {
			out = append(out, separator)
		}
		out = append(out, p)
	}
	return out
}

// call is a function call: arguments on one line, or each on its own.
func call(callee string, args ...doc) doc {
	if len(args) == 0 {
		return docText(callee + "()")
	}
	return cat(docText(callee), enclosed("(", softline, args, ")"))
}

// either is `a || b`; where it is broken, it starts on a line of its own.
type either struct{ a, b doc }

// assign is a declaration with a value: on one line; or broken in the value's own
// way behind the equals sign; or on the next line where there is no room for that.
func assign(left string, value doc, depth int) string {
	if e, ok := value.(either); ok {
		value = group(e.a, docText(" ||"), line, e.b)
		right := renderFlat(value) + ";"
		if columns(left)+1+columns(right)+depth*2 <= width {
			return left + " " + right
		}
		return left + "\n" + pad(depth+1) + render(cat(value, docText(";")), depth+1)
	}
	right := renderFlat(value) + ";"
	start, _, _ := strings.Cut(right, "(")
	if columns(left)+2+columns(start)+depth*2 > width {
		return left + "\n" + pad(depth+1) + render(cat(value, docText(";")), depth+1)
	}
	return render(cat(docText(left+" "), value, docText(";")), depth)
}

// list is an array literal; an object in braces has line instead of softline.
func list(items ...doc) doc {
	if len(items) == 0 {
		return docText("[]")
	}
	return enclosed("[", softline, items, "]")
}

func object(members ...doc) doc {
	if len(members) == 0 {
		return docText("{}")
	}
	return enclosed("{", line, members, "}")
}

func enclosed(open string, gap docLine, items []doc, close string) doc {
	return group(docText(open),
		indent(gap, join(cat(docText(","), line), items), docIfBreak(",")),
		gap, docText(close))
}

// filled are items with commas, as many on a line as fit.
func filled(items []doc) doc {
	var out docFill
	for i, item := range items {
		if i < len(items)-1 {
			item = cat(item, docText(","))
		}
		out = append(out, item)
	}
	return out
}

// expanded is an object literal over several lines, whatever its width.
func expanded(members ...doc) doc {
	if len(members) == 0 {
		return docText("{}")
	}
	return cat(docText("{"), indent(hardline, join(cat(docText(","), hardline), members), docText(",")), hardline, docText("}"))
}

type layoutCommand struct {
	indent int
	broken bool
	doc    doc
}

// render lays a document out, its first line starting at column start of a line
// that is indented by depth levels.
func render(d doc, depth int) string {
	var out strings.Builder
	if flatInto(&out, d, width-depth*2) >= 0 {
		return out.String() // nearly all statements
	}
	out.Reset()
	column := depth * 2
	stack := []layoutCommand{{depth * 2, true, d}}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch x := c.doc.(type) {
		case nil:
		case docText:
			out.WriteString(string(x))
			column += columns(string(x))
		case docConcat:
			for i := len(x) - 1; i >= 0; i-- {
				stack = append(stack, layoutCommand{c.indent, c.broken, x[i]})
			}
		case docIndent:
			stack = append(stack, layoutCommand{c.indent + 2, c.broken, x.body})
		case docGroup:
			flat := layoutCommand{c.indent, false, x.body}
			if hasHardline(x.body) || !fits(flat, stack, width-column) {
				flat.broken = true
			}
			stack = append(stack, flat)
		case docFill:
			stack = append(stack, fillCommands(x, c)...)
		case fillLine:
			if fits(layoutCommand{c.indent, false, x.next}, nil, width-column-1) {
				out.WriteString(" ")
				column++
			} else {
				out.WriteString("\n" + strings.Repeat(" ", c.indent))
				column = c.indent
			}
		case docIfBreak:
			if c.broken {
				out.WriteString(string(x))
				column += columns(string(x))
			}
		case docLine:
			if x.hard || c.broken {
				out.WriteString("\n" + strings.Repeat(" ", c.indent))
				column = c.indent
			} else {
				out.WriteString(x.flat)
				column += len(x.flat)
			}
		}
	}
	return out.String()
}

// flatInto writes a document on one line, and gives the room that is left; it is
// negative where there was too little, or where a line must break.
func flatInto(out *strings.Builder, d doc, room int) int {
	switch x := d.(type) {
	case docText:
		out.WriteString(string(x))
		return room - columns(string(x))
	case docConcat:
		for i := 0; i < len(x) && room >= 0; i++ {
			room = flatInto(out, x[i], room)
		}
	case docFill:
		for i := 0; i < len(x) && room >= 0; i++ {
			if i > 0 {
				out.WriteByte(' ')
				room--
			}
			room = flatInto(out, x[i], room)
		}
	case docGroup:
		return flatInto(out, x.body, room)
	case docIndent:
		return flatInto(out, x.body, room)
	case docLine:
		if x.hard {
			return -1
		}
		out.WriteString(x.flat)
		return room - len(x.flat)
	}
	return room
}

// fillLine is a break inside a docFill, before next.
type fillLine struct{ next doc }

func fillCommands(items docFill, c layoutCommand) []layoutCommand {
	var out []layoutCommand
	for i := len(items) - 1; i >= 0; i-- {
		out = append(out, layoutCommand{c.indent, c.broken, items[i]})
		if i > 0 {
			out = append(out, layoutCommand{c.indent, c.broken, fillLine{items[i]}})
		}
	}
	return out
}

// fits says whether the command and what follows it up to the next possible line
// break stay within room columns.
func fits(next layoutCommand, rest []layoutCommand, room int) bool {
	stack := []layoutCommand{next}
	i := len(rest)
	for room >= 0 {
		if len(stack) == 0 {
			if i == 0 {
				return true
			}
			i--
			stack = append(stack, rest[i])
			continue
		}
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch x := c.doc.(type) {
		case docText:
			if n := strings.IndexByte(string(x), '\n'); n >= 0 {
				return columns(string(x[:n])) <= room
			}
			room -= columns(string(x))
		case docConcat:
			for j := len(x) - 1; j >= 0; j-- {
				stack = append(stack, layoutCommand{c.indent, c.broken, x[j]})
			}
		case docFill:
			for j := len(x) - 1; j >= 0; j-- {
				stack = append(stack, layoutCommand{c.indent, c.broken, x[j]})
				if j > 0 {
					stack = append(stack, layoutCommand{c.indent, c.broken, docText(" ")})
				}
			}
		case docIndent:
			stack = append(stack, layoutCommand{c.indent, c.broken, x.body})
		case docGroup:
			stack = append(stack, layoutCommand{c.indent, c.broken && hasHardline(x.body), x.body})
		case docIfBreak:
			if c.broken {
				room -= columns(string(x))
			}
		case docLine:
			if x.hard || c.broken {
				return true
			}
			room -= len(x.flat)
		}
	}
	return false
}

func hasHardline(d doc) bool {
	switch x := d.(type) {
	case docConcat:
		for _, p := range x {
			if hasHardline(p) {
				return true
			}
		}
	case docIndent:
		return hasHardline(x.body)
	case docGroup:
		return hasHardline(x.body)
	case docLine:
		return x.hard
	}
	return false
}

// columns is the width of a text on screen as prettier counts it: wide East
// Asian characters and emoji take two columns.
func columns(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return n + wideColumns(s[i:])
		}
		n++
	}
	return n
}

func wideColumns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case r >= 0x300 && r <= 0x36f, r >= 0xfe00 && r <= 0xfe0f, r == 0x200d:
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0x303e, r >= 0x3041 && r <= 0x33ff,
		r >= 0x3400 && r <= 0x4dbf, r >= 0x4e00 && r <= 0x9fff, r >= 0xa000 && r <= 0xa4cf,
		r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f,
		r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1f64f,
		r >= 0x1f900 && r <= 0x1f9ff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// renderFlat lays a document out on one line, however long.
func renderFlat(d doc) string {
	switch x := d.(type) {
	case docText:
		return string(x)
	case docConcat:
		var b strings.Builder
		for _, p := range x {
			b.WriteString(renderFlat(p))
		}
		return b.String()
	case docGroup:
		return renderFlat(x.body)
	case docIndent:
		return renderFlat(x.body)
	case docLine:
		return x.flat
	}
	return ""
}
