package command

import (
	"fmt"
	"io"
	"strings"
)

// Manual writes the manual page of section 1, in the man macros of roff.
func (p Program) Manual(w io.Writer) error {
	m := &manual{}
	m.line(".TH %s 1 %s %s %s", quoteRoff(strings.ToUpper(p.Name)), quoteRoff(p.Date.UTC().Format("2006-01-02")),
		quoteRoff(p.Name+" "+p.Version), quoteRoff("User Commands"))
	m.section("NAME")
	m.line(`%s \- %s`, escapeRoff(p.Name), escapeRoff(strings.TrimSuffix(lowerFirst(p.Summary), ".")))
	m.section("SYNOPSIS")
	for _, c := range p.Commands {
		m.synopsis(p.Name, c)
	}
	m.section("DESCRIPTION")
	m.prose(p.Description)
	m.section("COMMANDS")
	for _, c := range p.Commands {
		m.line(".SS %s", quoteRoff(strings.TrimSpace(p.Name+" "+c.Name)))
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
	for _, c := range p.Commands {
		for _, example := range examples(c.Description) {
			m.line(".PP\n.nf\n%s\n.fi", escapeRoff(example))
		}
	}
	if p.Home != "" {
		m.section("SEE ALSO")
		m.line("%s", escapeRoff(p.Home))
	}
	_, err := io.WriteString(w, m.String())
	return err
}

// manual is a page that is being written.
type manual struct{ strings.Builder }

func (m *manual) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

func (m *manual) section(name string) { m.line(".SH %s", quoteRoff(name)) }

// synopsis is one command's line.
func (m *manual) synopsis(program string, c Command) {
	m.line(".PP\n.B %s", escapeRoff(program+" "+c.Name))
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
		if strings.HasPrefix(paragraph, " ") {
			m.line(".PP\n.RS 4\n.nf\n%s\n.fi\n.RE", escapeRoff(undent(paragraph)))
			continue
		}
		m.line(".PP\n%s", escapeRoff(strings.Join(strings.Fields(paragraph), " ")))
	}
}

func (m *manual) item(tag, text string) {
	m.line(".TP\n%s\n%s", tag, escapeRoff(strings.Join(strings.Fields(text), " ")))
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

// paragraphs parts text at empty lines; indentation is kept.
func paragraphs(text string) []string {
	var list []string
	for _, part := range strings.Split(text, "\n\n") {
		if part = strings.Trim(part, "\n"); strings.TrimSpace(part) != "" {
			list = append(list, strings.TrimRight(part, " \n"))
		}
	}
	return list
}

// examples are the indented lines of a description.
func examples(text string) []string {
	var list []string
	for _, paragraph := range paragraphs(text) {
		if strings.HasPrefix(paragraph, " ") {
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

// escapeRoff makes text mean itself: backslashes, dashes that are to stay
// dashes, and lines that begin like a request.
func escapeRoff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "’", `\(cq`, "…", "...", "“", `\(lq`, "”", `\(rq`, "µ", `\(mc`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
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
