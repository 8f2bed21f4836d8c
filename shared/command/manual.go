package command

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// Manual writes the manual page of section 1, in the man macros of roff.
func (p Program) Manual(w io.Writer) error {
	m := &manual{}
	m.line(".TH %s 1 %s %s %s", quoteRoff(strings.ToUpper(p.Name)), p.Date.UTC().Format("2006-01-02"),
		quoteRoff(p.Name+" "+p.Version), quoteRoff("User Commands"))
	m.section("NAME")
	m.line(`%s \-`, escapeRoff(p.Name))
	m.line("%s", filled(strings.TrimSuffix(lowerFirst(p.Summary), ".")))
	m.section("SYNOPSIS")
	for i, c := range p.Commands {
		if i > 0 {
			m.line(".br")
		}
		m.synopsis(p.Name, c)
	}
	m.section("DESCRIPTION")
	m.prose(cmp.Or(strings.Trim(p.Description, "\n"), p.Summary))
	m.section("COMMANDS")
	for _, c := range p.Commands {
		m.subsection(p.Name + " " + c.Name)
		m.prose(c.Summary)
		m.prose(c.Description)
		for _, a := range c.Arguments {
			m.item(fmt.Sprintf(`\fI%s\fR`, escapeRoff(a.Name)), a.Help)
		}
		m.flags(c.Flags)
	}
	m.section("OPTIONS OF EVERY COMMAND")
	m.flags(p.Flags)
	m.section("ENVIRONMENT")
	m.prose("Each flag has a variable, which is used where the flag is not given.")
	for _, e := range p.variables() {
		m.item(`\fB`+escapeRoff(e.Name)+`\fR`, e.Meaning)
	}
	m.section("FILES")
	m.entries(p.Files)
	m.section("EXIT STATUS")
	m.entries(p.Statuses)
	m.section("EXAMPLES")
	shown := examples(p.Name, p.Description)
	for _, c := range p.Commands {
		shown = append(shown, examples(p.Name, c.Description)...)
	}
	for _, example := range shown {
		m.paragraph()
		m.line(".nf\n%s\n.fi", escapeRoff(example))
	}
	if p.Home != "" {
		m.section("SEE ALSO")
		m.line("%s", escapeRoff(p.Home))
	}
	_, err := io.WriteString(w, m.String())
	return err
}

// manual is a page that is being written.
type manual struct {
	strings.Builder
	begun bool // the section has text, from which a paragraph is to be parted
}

func (m *manual) line(format string, args ...any) {
	fmt.Fprintf(m, format+"\n", args...)
	m.begun = true
}

func (m *manual) section(name string) {
	m.line(".SH %s", quoteRoff(name))
	m.begun = false
}

func (m *manual) subsection(name string) {
	m.line(".SS %s", quoteRoff(name))
	m.begun = false
}

// paragraph parts what follows from what stands above it.
func (m *manual) paragraph() {
	if m.begun {
		m.line(".PP")
	}
}

// synopsis is one command's line.
func (m *manual) synopsis(program string, c Command) {
	m.line(".B %s", escapeRoff(program+" "+c.Name))
	for _, a := range c.Arguments {
		name := `\fI` + escapeRoff(a.Name) + `\fR`
		if a.Repeats {
			name += " ..."
		}
		if a.Optional {
			name = "[" + name + "]"
		}
		m.line("%s", name)
	}
	if len(c.Flags) > 0 {
		m.line(`[\fIflags\fR]`)
	}
}

// prose writes paragraphs; indented lines stand as they are.
func (m *manual) prose(text string) {
	for _, paragraph := range paragraphs(text) {
		m.paragraph()
		if strings.HasPrefix(paragraph, " ") {
			m.line(".RS 4\n.nf\n%s\n.fi\n.RE", escapeRoff(undent(paragraph)))
			continue
		}
		m.line("%s", filled(paragraph))
	}
}

func (m *manual) item(tag, text string) {
	m.line(".TP\n%s\n%s", tag, filled(text))
}

func (m *manual) entries(list []Entry) {
	for _, e := range list {
		m.item(`\fB`+escapeRoff(e.Name)+`\fR`, e.Meaning)
	}
}

func (m *manual) flags(flags []Flag) {
	for _, f := range flags {
		var words []string
		for _, s := range f.spellings() {
			words = append(words, `\fB`+escapeRoff(s)+`\fR`)
		}
		tag := strings.Join(words, ", ")
		if !f.Switch() {
			tag += ` \fI` + escapeRoff(f.Value) + `\fR`
		}
		help := f.Help
		if len(f.Values) > 0 && !strings.Contains(help, f.Values[0]) {
			help += " One of: " + strings.Join(f.Values, ", ") + "."
		}
		if f.Default != "" && !strings.Contains(help, "default") {
			help += " Default: " + f.Default + "."
		}
		m.item(tag, help)
	}
}

// variables lists each variable once, with the flags that it stands for.
func (p Program) variables() []Entry {
	var list []Entry
	at := map[string]int{}
	add := func(owner string, flags []Flag) {
		for _, f := range flags {
			if f.Variable == "" {
				continue
			}
			if i, ok := at[f.Variable]; ok {
				list[i].Meaning = strings.TrimSuffix(list[i].Meaning, ".") + ", " + owner + "."
				continue
			}
			at[f.Variable] = len(list)
			list = append(list, Entry{f.Variable, fmt.Sprintf("--%s of %s.", f.Name, owner)})
		}
	}
	add("every command", p.Flags)
	for _, c := range p.Commands {
		add(c.Name, c.Flags)
	}
	return list
}

// paragraphs parts text at empty lines, and where indentation begins or ends.
func paragraphs(text string) []string {
	var list []string
	var last string // the line before
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(strings.ReplaceAll(line, "\t", "    "), " ")
		switch {
		case line == "":
		case last != "" && strings.HasPrefix(line, " ") == strings.HasPrefix(last, " "):
			list[len(list)-1] += "\n" + line
		default:
			list = append(list, line)
		}
		last = line
	}
	return list
}

// examples are the indented lines of a description that call the program.
func examples(program, text string) []string {
	var list []string
	for _, paragraph := range paragraphs(text) {
		if strings.HasPrefix(paragraph, " ") && strings.Contains(paragraph, program+" ") {
			list = append(list, undent(paragraph))
		}
	}
	return list
}

// undent takes from each line the blanks that the first one begins with.
func undent(text string) string {
	margin := text[:len(text)-len(strings.TrimLeft(text, " "))]
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, margin)
	}
	return strings.Join(lines, "\n")
}

// filled is prose in lines that fit a terminal, as readers of the source like
// them. Nothing else is changed: roff fills lines itself.
func filled(text string) string {
	const width = 76
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+len(word) >= width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += escapeRoff(word)
	}
	lines = append(lines, line)
	for i := range lines {
		lines[i] = guarded(lines[i])
	}
	return strings.Join(lines, "\n")
}

// guarded keeps a line from being read as a request.
func guarded(line string) string {
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		return `\&` + line
	}
	return line
}

// escapeRoff makes text mean itself: backslashes, dashes that are to stay
// dashes, and lines that begin like a request.
func escapeRoff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "’", `\(cq`, "…", "...", "“", `\(lq`, "”", `\(rq`, "µ", `\(mc`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = guarded(line)
	}
	return strings.Join(lines, "\n")
}

// quoteRoff is text as one argument of a request.
func quoteRoff(s string) string {
	return `"` + strings.ReplaceAll(escapeRoff(s), `"`, `\(dq`) + `"`
}

func lowerFirst(s string) string {
	if s == "" || len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
