package typescript

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file is the one door through which texts of a document become code. A
// text is a string literal, part of a template literal, or a line of a comment;
// there is no other way in. (Names become identifiers in names.go, by an
// alphabet rather than by escaping.)

// Quote makes a string literal in the quotes that prettier prefers: single ones,
// unless the text has more of those than of double ones.
func Quote(s string) string {
	q := '\''
	if strings.Count(s, "'") > strings.Count(s, `"`) {
		q = '"'
	}
	var b strings.Builder
	b.WriteRune(q)
	writeEscaped(&b, s, q)
	b.WriteRune(q)
	return b.String()
}

// Template escapes s as the fixed part of a template literal.
func Template(s string) string {
	var b strings.Builder
	writeEscaped(&b, s, '`')
	return strings.ReplaceAll(b.String(), "${", "\\${")
}

func writeEscaped(b *strings.Builder, s string, q rune) {
	for i, r := range s {
		switch {
		case r == q || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			b.WriteString(`\uFFFD`)
		case MustEscape(r):
			if r > 0xffff {
				fmt.Fprintf(b, `\u{%X}`, r)
			} else {
				fmt.Fprintf(b, `\u%04X`, r)
			}
		default:
			b.WriteRune(r)
		}
	}
}

// MustEscape holds for what cannot be seen or reverses the reading direction:
// it could make code look like other code.
func MustEscape(r rune) bool {
	if r >= ' ' && r < 0x7f {
		return false
	}
	return r < 0x20 || r == 0x7f || r == 0xfeff || r == 0x2028 || r == 0x2029 ||
		unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Zs, r) && r != ' '
}

// Comment makes a JSDoc comment of paragraphs, indented by depth levels, with a
// line break at its end; "" of nothing.
func Comment(depth int, paragraphs ...string) string {
	var lines []string
	for _, p := range paragraphs {
		text := commentLines(p)
		if len(text) == 0 {
			continue
		}
		if len(lines) > 0 && p != deprecatedTag {
			lines = append(lines, "")
		}
		lines = append(lines, text...)
	}
	pad := strings.Repeat("  ", depth)
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return pad + "/** " + lines[0] + " */\n"
	}
	var b strings.Builder
	b.WriteString(pad + "/**\n")
	for _, l := range lines {
		b.WriteString(strings.TrimRight(pad+" * "+l, " ") + "\n")
	}
	b.WriteString(pad + " */\n")
	return b.String()
}

const deprecatedTag = "@deprecated"

// Deprecated is the paragraph of a comment that says so; "" where it is not.
func Deprecated(yes bool) string {
	if yes {
		return deprecatedTag
	}
	return ""
}

// LineComment makes the text one safe line for a // comment.
func LineComment(s string) string {
	return strings.Join(commentLines(s), " ")
}

func commentLines(s string) []string {
	var out []string
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == 0x2028 || r == 0x2029 || r == 0x85:
			return '\n'
		case r == '\n' || r == utf8.RuneError:
			return r
		case r == '\t':
			return ' '
		case MustEscape(r):
			return -1
		}
		return r
	}, s)
	clean = strings.ReplaceAll(clean, "*/", "*\\/")
	clean = strings.ReplaceAll(clean, "@ts-", "\\@ts-") // @ts-ignore speaks to the compiler
	for _, l := range strings.Split(clean, "\n") {
		l = strings.TrimSpace(l)
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, wrap(l)...)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	if len(out) > 30 {
		out = append(out[:30], "…")
	}
	return out
}

// wrap breaks a line of prose at spaces.
func wrap(l string) []string {
	const most = 92
	var out []string
	for Columns(l) > most {
		i := strings.LastIndexByte(cutColumns(l, most), ' ')
		if i < 1 {
			i = strings.IndexByte(l, ' ')
		}
		if i < 1 {
			break
		}
		out = append(out, strings.TrimRight(l[:i], " "))
		l = strings.TrimLeft(l[i:], " ")
	}
	return append(out, l)
}

func cutColumns(s string, n int) string {
	for i, r := range s {
		if n -= runeColumns(r); n < 0 {
			return s[:i]
		}
	}
	return s
}
