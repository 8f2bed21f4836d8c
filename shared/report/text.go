package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// textWriter writes the form for terminals and pipes. It keeps the first error
// and is silent after it.
type textWriter struct {
	w     io.Writer
	width int
	color bool
	err   error
}

// writeText follows the samples that the tools replace: a ruled title, the
// settings, capital headings over indented figures, and what to do at the end,
// where a terminal's reader looks first.
func writeText(w io.Writer, r *Report, o Options) error {
	t := &textWriter{w: w, width: o.Width, color: o.Color}
	if t.width <= 0 {
		t.width = 80
	}
	t.line(t.paint(text.Bold, "=== "+plain(r.Title)+" ==="))
	for _, facts := range r.Head {
		t.facts("", facts)
	}
	if r.Verdict.Word != "" {
		t.line("")
		t.verdict(r.Verdict)
	}
	for _, s := range r.Sections {
		t.section(s)
	}
	for _, f := range r.Findings {
		t.finding(f, r.FindingsTitle)
	}
	if len(r.Method) > 0 {
		t.section(Section{Heading: "Method", Blocks: []Block{Facts(r.Method)}})
	}
	return t.err
}

func (t *textWriter) line(s string) {
	if t.err == nil {
		_, t.err = io.WriteString(t.w, s+"\n")
	}
}

func (t *textWriter) paint(c text.Color, s string) string {
	if !t.color {
		return s
	}
	// Not c.Sprint: it asks the environment, and here the caller has decided.
	return c.EscapeSeq() + s + text.Reset.EscapeSeq()
}

func (t *textWriter) paintStatus(status Status, s string) string {
	switch status {
	case Pass:
		return t.paint(text.FgGreen, s)
	case Warn:
		return t.paint(text.FgYellow, s)
	case Fail:
		return t.paint(text.FgRed, s)
	}
	return s
}

// facts writes facts beside each other, on as many lines as they need; a fact
// that is too long for a line is broken only where a line begins with it.
func (t *textWriter) facts(indent string, facts []Fact) {
	line := ""
	for _, f := range facts {
		s := plain(f.Label) + ": " + plain(f.Value)
		switch {
		case line == "":
			line = s
		case utf8.RuneCountInString(indent+line+" | "+s) > t.width:
			t.line(indent + line)
			line = s
		default:
			line += " | " + s
		}
	}
	t.line(indent + line)
}

func (t *textWriter) verdict(v Verdict) {
	lines := wrap(v.Word+": "+v.Text, t.width)
	lines[0] = t.paintStatus(v.Status, v.Word) + strings.TrimPrefix(lines[0], v.Word)
	for _, l := range lines {
		t.line(l)
	}
}

func (t *textWriter) section(s Section) {
	heading := strings.ToUpper(plain(s.Heading))
	if s.Note != "" {
		heading += " (" + plain(s.Note) + ")"
	}
	first := true
	for _, b := range s.Blocks {
		if _, plot := b.(Plot); plot {
			continue
		}
		if first {
			t.line("")
			t.line(t.paint(text.Bold, heading+":"))
		}
		first = false
		t.block(b)
	}
}

func (t *textWriter) block(b Block) {
	switch b := b.(type) {
	case Facts:
		for _, f := range b {
			t.hanging("  ", f.Label+": "+f.Value)
		}
	case List:
		for i, item := range b.Items {
			mark := ""
			if b.Ordered {
				mark = fmt.Sprintf("%d. ", i+1)
			}
			t.hanging("  "+mark, item)
		}
	case Code:
		for l := range strings.SplitSeq(strings.TrimRight(b.Text, "\n"), "\n") {
			t.line("    " + plain(l))
		}
	case Prose:
		t.hanging("  ", string(b))
	case Table:
		t.table(b)
	}
}

// hanging wraps s behind a mark; the lines that follow stand under its text, or
// two columns in where the mark is nothing but an indent.
func (t *textWriter) hanging(mark, s string) {
	for i, l := range wrap(s, t.width-len(mark)-2) {
		if i == 1 {
			mark = strings.Repeat(" ", max(len(mark), 4))
		}
		t.line(mark + l)
	}
}

func (t *textWriter) finding(f Finding, title string) {
	if title == "" {
		title = "Finding"
	}
	label := strings.ToUpper(title)
	if f.Severity == Error {
		label += " (error)"
	}
	if f.Label != "" {
		label = strings.ToUpper(plain(f.Label))
	}
	head := f.Title
	if place := f.At.String(); place != "" {
		head = place + ": " + head
	}
	status := [...]Status{Error: Fail, Warning: Warn, Notice: Neutral}[f.Severity]
	t.line("")
	for i, l := range wrap(label+": "+head, t.width) {
		if i == 0 {
			l = t.paintStatus(status, label) + strings.TrimPrefix(l, label)
		}
		t.line(l)
	}
	if f.Advice != "" {
		for _, l := range wrap(f.Advice, t.width) {
			t.line(l)
		}
	}
	for _, e := range f.Evidence {
		t.hanging("  ", e)
	}
	if f.Command != "" {
		t.block(Code{Text: f.Command})
	}
}

// wrap breaks s at spaces into lines of at most width columns; a longer word
// stands alone. There is at least one line.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(plain(s)) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// plain makes a text from outside harmless on a terminal: control characters,
// which could move the cursor or forge a line, become the replacement
// character; tabs and line breaks become spaces.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// plainLines does the same for a text of several lines, which keeps them.
func plainLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// String is file:line:column, as far as it is known.
func (p Position) String() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}
