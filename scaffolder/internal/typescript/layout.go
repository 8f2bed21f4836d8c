package typescript

import "strings"

// Width is the line width that all output keeps, as prettier's printWidth.
const Width = 100

// A Doc is a piece of code that can be laid out flat or broken over lines, after
// Wadler's "A prettier printer" and in the terms of prettier's own documents. It
// is sealed: nothing else than the kinds of this file is one. nil is no code.
type Doc interface{ isDoc() }

type (
	// Text is code on one line.
	Text   string
	concat []Doc
	// grouped is flat where it fits and broken where it does not.
	grouped struct{ body Doc }
	// indented moves the lines in it two columns to the right.
	indented struct{ body Doc }
	// lineBreak is flat text ("" or " ") or a line break; hard is always a break.
	lineBreak struct {
		flat string
		hard bool
	}
	// IfBreak is text that stands only in a broken group.
	IfBreak string
	// fill puts as many items on a line as fit.
	fill []Doc
)

func (Text) isDoc()      {}
func (concat) isDoc()    {}
func (grouped) isDoc()   {}
func (indented) isDoc()  {}
func (lineBreak) isDoc() {}
func (IfBreak) isDoc()   {}
func (fill) isDoc()      {}
func (fillLine) isDoc()  {}
func (Either) isDoc()    {}

// Places where a line may end: Line is a space where it does not, Softline nothing;
// at Hardline it always ends.
var (
	Line     = lineBreak{flat: " "}
	Softline = lineBreak{}
	Hardline = lineBreak{hard: true}
)

// Cat is one document behind the other, Group is flat or broken as a whole, Indent
// moves the lines in it to the right.
func Cat(parts ...Doc) Doc   { return concat(parts) }
func Group(parts ...Doc) Doc { return grouped{concat(parts)} }
func Indent(parts ...Doc) Doc {
	return indented{concat(parts)}
}

// Join puts a separator between documents.
func Join(separator Doc, parts []Doc) Doc {
	out := make(concat, 0, max(2*len(parts)-1, 0))
	for i, p := range parts {
		if i > 0 {
			out = append(out, separator)
		}
		out = append(out, p)
	}
	return out
}

// Call is a function call: arguments on one line, or each on its own.
func Call(callee string, args ...Doc) Doc {
	if len(args) == 0 {
		return Text(callee + "()")
	}
	return Cat(Text(callee), Enclosed("(", Softline, args, ")"))
}

// Either is `a || b`; where it is broken, it starts on a line of its own.
type Either struct{ A, B Doc }

// Assign is a declaration with a value: on one line; or broken in the value's own
// way behind the equals sign; or on the next line where there is no room for that.
func Assign(left string, value Doc, depth int) string {
	if e, ok := value.(Either); ok {
		value = Group(e.A, Text(" ||"), Line, e.B)
		right := Flat(value) + ";"
		if Columns(left)+1+Columns(right)+depth*2 <= Width {
			return left + " " + right
		}
		return left + "\n" + Pad(depth+1) + Render(Cat(value, Text(";")), depth+1)
	}
	right := Flat(value) + ";"
	start, _, _ := strings.Cut(right, "(")
	if Columns(left)+2+Columns(start)+depth*2 > Width {
		return left + "\n" + Pad(depth+1) + Render(Cat(value, Text(";")), depth+1)
	}
	return Render(Cat(Text(left+" "), value, Text(";")), depth)
}

// List is an array literal; an object in braces has line instead of softline.
func List(items ...Doc) Doc {
	if len(items) == 0 {
		return Text("[]")
	}
	return Enclosed("[", Softline, items, "]")
}

// RowList breaks as prettier does: a list of several objects is never flat.
func RowList(rows []Doc) Doc {
	if len(rows) < 2 {
		return List(rows...)
	}
	return Cat(Text("["), Indent(Hardline, Join(Cat(Text(","), Hardline), rows), Text(",")), Hardline, Text("]"))
}

// Object is an object literal.
func Object(members ...Doc) Doc {
	if len(members) == 0 {
		return Text("{}")
	}
	return Enclosed("{", Line, members, "}")
}

// Enclosed are items with commas between brackets; gap is what stands inside of them.
func Enclosed(open string, gap lineBreak, items []Doc, close string) Doc {
	return Group(Text(open),
		Indent(gap, Join(Cat(Text(","), Line), items), IfBreak(",")),
		gap, Text(close))
}

// filled are items with commas, as many on a line as fit.
func filled(items []Doc) Doc {
	var out fill
	for i, item := range items {
		if i < len(items)-1 {
			item = Cat(item, Text(","))
		}
		out = append(out, item)
	}
	return out
}

// NumberList is a list of numbers, as many on a line as fit.
func NumberList(items []Doc) Doc {
	return Group(Text("["), Indent(Softline, filled(items), IfBreak(",")), Softline, Text("]"))
}

// Expanded is an object literal over several lines, whatever its width.
func Expanded(members ...Doc) Doc {
	if len(members) == 0 {
		return Text("{}")
	}
	return Cat(Text("{"), Indent(Hardline, Join(Cat(Text(","), Hardline), members), Text(",")), Hardline, Text("}"))
}

type layoutCommand struct {
	indent int
	broken bool
	doc    Doc
}

// Render lays a document out, its first line starting at column start of a line
// that is indented by depth levels.
func Render(d Doc, depth int) string {
	var line strings.Builder
	line.Grow(Width)
	if flatInto(&line, d, Width-depth*2) >= 0 {
		return line.String() // nearly all statements
	}
	var out strings.Builder
	out.Grow(4 * Width)
	column := depth * 2
	stack := append(make([]layoutCommand, 0, 64), layoutCommand{depth * 2, true, d})
	measured := make([]layoutCommand, 0, 64)
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch x := c.doc.(type) {
		case nil:
		case Text:
			out.WriteString(string(x))
			column += Columns(string(x))
		case concat:
			for i := len(x) - 1; i >= 0; i-- {
				stack = append(stack, layoutCommand{c.indent, c.broken, x[i]})
			}
		case indented:
			stack = append(stack, layoutCommand{c.indent + 2, c.broken, x.body})
		case grouped:
			flat := layoutCommand{c.indent, false, x.body}
			if Breaks(x.body) || !fits(measured, flat, stack, Width-column) {
				flat.broken = true
			}
			stack = append(stack, flat)
		case fill:
			stack = append(stack, fillCommands(x, c)...)
		case fillLine:
			if fits(measured, layoutCommand{c.indent, false, x.next}, nil, Width-column-1) {
				out.WriteString(" ")
				column++
			} else {
				out.WriteString("\n" + strings.Repeat(" ", c.indent))
				column = c.indent
			}
		case IfBreak:
			if c.broken {
				out.WriteString(string(x))
				column += Columns(string(x))
			}
		case lineBreak:
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
func flatInto(out *strings.Builder, d Doc, room int) int {
	switch x := d.(type) {
	case Text:
		out.WriteString(string(x))
		return room - Columns(string(x))
	case concat:
		for i := 0; i < len(x) && room >= 0; i++ {
			room = flatInto(out, x[i], room)
		}
	case fill:
		for i := 0; i < len(x) && room >= 0; i++ {
			if i > 0 {
				out.WriteByte(' ')
				room--
			}
			room = flatInto(out, x[i], room)
		}
	case grouped:
		return flatInto(out, x.body, room)
	case indented:
		return flatInto(out, x.body, room)
	case lineBreak:
		if x.hard {
			return -1
		}
		out.WriteString(x.flat)
		return room - len(x.flat)
	}
	return room
}

// fillLine is a break inside a fill, before next.
type fillLine struct{ next Doc }

func fillCommands(items fill, c layoutCommand) []layoutCommand {
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
// break stay within room columns. It works in the room of stack, which is empty.
func fits(stack []layoutCommand, next layoutCommand, rest []layoutCommand, room int) bool {
	stack = append(stack, next)
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
		case Text:
			if n := strings.IndexByte(string(x), '\n'); n >= 0 {
				return Columns(string(x[:n])) <= room
			}
			room -= Columns(string(x))
		case concat:
			for j := len(x) - 1; j >= 0; j-- {
				stack = append(stack, layoutCommand{c.indent, c.broken, x[j]})
			}
		case fill:
			for j := len(x) - 1; j >= 0; j-- {
				stack = append(stack, layoutCommand{c.indent, c.broken, x[j]})
				if j > 0 {
					stack = append(stack, layoutCommand{c.indent, c.broken, Text(" ")})
				}
			}
		case indented:
			stack = append(stack, layoutCommand{c.indent, c.broken, x.body})
		case grouped:
			stack = append(stack, layoutCommand{c.indent, c.broken && Breaks(x.body), x.body})
		case IfBreak:
			if c.broken {
				room -= Columns(string(x))
			}
		case lineBreak:
			if x.hard || c.broken {
				return true
			}
			room -= len(x.flat)
		}
	}
	return false
}

func Breaks(d Doc) bool {
	switch x := d.(type) {
	case concat:
		for _, p := range x {
			if Breaks(p) {
				return true
			}
		}
	case indented:
		return Breaks(x.body)
	case grouped:
		return Breaks(x.body)
	case lineBreak:
		return x.hard
	}
	return false
}

// Columns is the width of a text on screen as prettier counts it: wide East
// Asian characters and emoji take two columns.
func Columns(s string) int {
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
func Flat(d Doc) string {
	switch x := d.(type) {
	case Text:
		return string(x)
	case concat:
		var b strings.Builder
		for _, p := range x {
			b.WriteString(Flat(p))
		}
		return b.String()
	case grouped:
		return Flat(x.body)
	case indented:
		return Flat(x.body)
	case lineBreak:
		return x.flat
	}
	return ""
}

// IndentLines moves all lines of a text one level to the right.
func IndentLines(s string) string {
	var b strings.Builder
	for _, l := range strings.SplitAfter(s, "\n") {
		if l != "" {
			b.WriteString("  " + l)
		}
	}
	return b.String()
}
