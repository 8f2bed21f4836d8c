package tree

import (
	"strings"
	"unicode"
)

// identifiers lists the names that stand in TypeScript code on their own: not
// in a comment, not in a string on one line, not behind a dot. It errs on the
// side of finding too many (template strings count as code): a stub that is not
// appended is missed by the compiler, one that is appended twice breaks the
// user's file.
func identifiers(code string) map[string]bool {
	found := map[string]bool{}
	s := []rune(code)
	for i := 0; i < len(s); {
		switch r := s[i]; {
		case r == '/' && i+1 < len(s) && s[i+1] == '/':
			i = skipTo(s, i, "\n")
		case r == '/' && i+1 < len(s) && s[i+1] == '*':
			i = skipTo(s, i+2, "*/")
		case r == '\'' || r == '"':
			i = skipString(s, i)
		case isNameStart(r):
			start := i
			for i < len(s) && (isNameStart(s[i]) || unicode.IsDigit(s[i])) {
				i++
			}
			if start == 0 || s[start-1] != '.' || start > 2 && s[start-2] == '.' { // ...spread is no dot
				found[string(s[start:i])] = true
			}
		default:
			i++
		}
	}
	return found
}

func isNameStart(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) }

// skipTo is the place behind the next end.
func skipTo(s []rune, i int, end string) int {
	for ; i < len(s); i++ {
		if strings.HasPrefix(string(s[i:min(i+len(end), len(s))]), end) {
			return i + len(end)
		}
	}
	return len(s)
}

// skipString is the place behind a string that ends on its line. A quote that
// does not (in a regular expression) is passed over alone.
func skipString(s []rune, start int) int {
	for i := start + 1; i < len(s) && s[i] != '\n'; i++ {
		switch s[i] {
		case '\\':
			i++
		case s[start]:
			return i + 1
		}
	}
	return start + 1
}
