package restapi

import "strings"

// fromRegexp is the pattern of ECMAScript that matches what an advanced regular
// expression of PostgreSQL matches, or "" where they may differ: classes that
// depend on the locale, look-around, references back, options.
func fromRegexp(source string) string {
	if strings.HasPrefix(source, "***") {
		return ""
	}
	var b strings.Builder
	runes := []rune(source)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == '[':
			class, end := fromClass(runes, i)
			if class == "" {
				return ""
			}
			b.WriteString(class)
			i = end
		case r == '\\':
			if i+1 >= len(runes) || !isPunctuation(runes[i+1]) {
				return ""
			}
			i++
			b.WriteString(escaped(runes[i]))
		case r == '.': // a dot matches line ends, too
			b.WriteString(`[\s\S]`)
		case r == '(' && i+1 < len(runes) && runes[i+1] == '?':
			if i+2 >= len(runes) || runes[i+2] != ':' {
				return ""
			}
			b.WriteString("(?:")
			i += 2
		case r == '{':
			end := strings.IndexRune(string(runes[i:]), '}')
			bound := string(runes[i:])[:max(end, 0)]
			if end < 0 || strings.Trim(bound[1:], "0123456789,") != "" || bound == "{" || bound[1] == ',' {
				return ""
			}
			b.WriteString(bound + "}")
			i += end
		case strings.ContainsRune("^$|()*+?", r):
			b.WriteRune(r)
		case r == '}' || r == ']':
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fromClass is a bracket expression of literals and ranges, and where it ends.
func fromClass(runes []rune, start int) (string, int) {
	var b strings.Builder
	b.WriteByte('[')
	i := start + 1
	if i < len(runes) && runes[i] == '^' {
		b.WriteByte('^')
		i++
	}
	for first := true; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == ']' && !first:
			b.WriteByte(']')
			return b.String(), i
		case r == '[' && i+1 < len(runes) && strings.ContainsRune(":.=", runes[i+1]):
			return "", 0
		case r == '\\':
			if i+1 >= len(runes) || !isPunctuation(runes[i+1]) {
				return "", 0
			}
			i++
			b.WriteString(escapedInClass(runes[i]))
		case r == '-' && !first && i+1 < len(runes) && runes[i+1] != ']':
			b.WriteByte('-')
		default:
			b.WriteString(escapedInClass(r))
		}
		first = false
	}
	return "", 0
}

func isPunctuation(r rune) bool {
	return r > ' ' && r < 0x7f && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// escaped is a literal character outside of brackets.
func escaped(r rune) string {
	if strings.ContainsRune(`^$\.*+?()[]{}|/`, r) {
		return `\` + string(r)
	}
	return string(r)
}

func escapedInClass(r rune) string {
	if strings.ContainsRune(`^\[]-`, r) {
		return `\` + string(r)
	}
	return string(r)
}

// fromLike is the pattern of ECMAScript for a pattern of LIKE.
func fromLike(source string) string {
	var b strings.Builder
	b.WriteByte('^')
	runes := []rune(source)
	for i := 0; i < len(runes); i++ {
		switch runes[i] {
		case '%':
			b.WriteString(`[\s\S]*`)
		case '_':
			b.WriteString(`[\s\S]`)
		case '\\':
			if i+1 >= len(runes) {
				return ""
			}
			i++
			b.WriteString(escaped(runes[i]))
		default:
			b.WriteString(escaped(runes[i]))
		}
	}
	return b.String() + "$"
}
