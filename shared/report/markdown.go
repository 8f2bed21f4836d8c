package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// maxMarkdownRows is how many rows of a table a pull request comment shows
// before it folds the whole table.
const maxMarkdownRows = 10

// writeMarkdown writes the form for a pull request (GitHub's flavour): the
// verdict, what to do, then the figures; whatever is long is folded.
func writeMarkdown(w io.Writer, r *Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n", escapeMarkdown(r.Title))
	if r.Verdict.Word != "" {
		fmt.Fprintf(&b, "\n**%s**: %s\n", escapeMarkdown(r.Verdict.Word), escapeMarkdown(r.Verdict.Text))
	}
	if len(r.Head) > 0 {
		b.WriteString("\n")
		for _, facts := range r.Head {
			for _, f := range facts {
				fmt.Fprintf(&b, "- %s: %s\n", escapeMarkdown(f.Label), codeSpan(f.Value))
			}
		}
	}
	for _, f := range r.Findings {
		markdownFinding(&b, f)
	}
	for _, s := range r.Sections {
		markdownSection(&b, s)
	}
	if len(r.Method) > 0 {
		markdownSection(&b, Section{Heading: "Method", Blocks: []Block{Facts(r.Method)}, Folded: true})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownFinding(b *strings.Builder, f Finding) {
	place := ""
	if at := f.At.String(); at != "" {
		place = codeSpan(at) + ": "
	}
	fmt.Fprintf(b, "\n> **%s**: %s%s\n", escapeMarkdown(f.label()), place, escapeMarkdown(f.Title))
	if f.Advice != "" {
		fmt.Fprintf(b, ">\n> %s\n", escapeMarkdown(f.Advice))
	}
	for i, e := range f.Evidence {
		if i == 0 {
			b.WriteString(">\n")
		}
		fmt.Fprintf(b, "> - %s\n", escapeMarkdown(e))
	}
	if f.Command != "" {
		language := f.Language
		if language == "" {
			language = "sh"
		}
		b.WriteString(">\n")
		for l := range strings.SplitSeq(fenced(language, f.Command), "\n") {
			b.WriteString(strings.TrimRight("> "+l, " ") + "\n")
		}
	}
}

func markdownSection(b *strings.Builder, s Section) {
	heading := escapeMarkdown(s.Heading)
	if s.Note != "" {
		heading += " (" + escapeMarkdown(s.Note) + ")"
	}
	var body strings.Builder
	long := s.Folded
	for _, block := range s.Blocks {
		if t, ok := block.(Table); ok && len(t.Rows) > maxMarkdownRows {
			long = true
		}
		markdownBlock(&body, block)
	}
	switch {
	case body.Len() == 0:
	case long:
		fmt.Fprintf(b, "\n<details>\n<summary>%s</summary>\n%s\n</details>\n", heading, body.String())
	default:
		fmt.Fprintf(b, "\n### %s\n%s", heading, body.String())
	}
}

func markdownBlock(b *strings.Builder, block Block) {
	switch block := block.(type) {
	case Facts:
		b.WriteString("\n| | |\n|---|---:|\n")
		for _, f := range block {
			fmt.Fprintf(b, "| %s | %s |\n", escapeMarkdown(f.Label), escapeMarkdown(f.Value))
		}
	case List:
		b.WriteString("\n")
		for i, item := range block.Items {
			mark := "-"
			if block.Ordered {
				mark = fmt.Sprintf("%d.", i+1)
			}
			fmt.Fprintf(b, "%s %s\n", mark, escapeMarkdown(item))
		}
	case Code:
		b.WriteString("\n" + fenced(block.Language, block.Text) + "\n")
	case Prose:
		b.WriteString("\n" + escapeMarkdown(string(block)) + "\n")
	case Table:
		markdownTable(b, block)
	}
}

func markdownTable(b *strings.Builder, t Table) {
	b.WriteString("\n")
	if t.Caption != "" {
		b.WriteString(escapeMarkdown(t.Caption) + "\n\n")
	}
	rule := ""
	for _, c := range t.Columns {
		b.WriteString("| " + escapeMarkdown(c.Title) + " ")
		if c.Right {
			rule += "|---:"
		} else {
			rule += "|---"
		}
	}
	b.WriteString("|\n" + rule + "|\n")
	for _, row := range t.Rows {
		for i := range t.Columns {
			text := ""
			if i < len(row) {
				text = row[i].Text
			}
			b.WriteString("| " + escapeMarkdown(text) + " ")
		}
		b.WriteString("|\n")
	}
}

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "#", `\#`, "@", "&#64;", "$", `\$`,
)

// lineMark is what makes a list or a heading of a line that it begins.
var lineMark = regexp.MustCompile(`^(\d*)([-+=.)])([-+=]*(?:\s|$))`)

// escapeMarkdown makes a text stand for itself: no markup, no HTML, no mention
// of a person, no line of its own.
func escapeMarkdown(s string) string {
	return lineMark.ReplaceAllString(markdownEscapes.Replace(strings.TrimSpace(plain(s))), `$1\$2$3`)
}

// codeSpan is `s`, with a fence longer than any run of backticks in s.
func codeSpan(s string) string {
	s = plain(s)
	if s == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// fenced is a code block without the final line break.
func fenced(language, s string) string {
	s = plainLines(s)
	fence := strings.Repeat("`", max(3, longestRun(s)+1))
	return fence + language + "\n" + strings.TrimRight(s, "\n") + "\n" + fence
}

func longestRun(s string) int {
	longest, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
