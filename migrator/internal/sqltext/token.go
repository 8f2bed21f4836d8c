package sqltext

import "strings"

// Kind says what a token is.
type Kind int

const (
	Space      Kind = iota
	Comment         // -- to the end of the line, or /* */ with nesting
	Word            // a key word or a plain identifier
	Identifier      // "quoted", also U&"quoted"
	String          // 'a', E'a', B'0', X'0', N'a', U&'a', $$a$$
	Number          // 1, 1.5e3, and what hangs on it
	Parameter       // $1
	Operator        // also : and , and .
	Open            // (
	Close           // )
	Semicolon       // ;
	Meta            // a psql backslash command, up to the end of its line
)

// Token is text[From:To]. Open-ended is a string, identifier or comment that the
// text ends within.
type Token struct {
	Kind      Kind
	From, To  int
	OpenEnded bool
}

// Scanner reads the tokens of a text one after the other. Its tokens cover the
// text without gaps.
type Scanner struct {
	text string
	at   int
	// plainEscapes: a backslash escapes in plain strings too, as with
	// standard_conforming_strings = off.
	plainEscapes bool
}

// NewScanner reads text from its start.
func NewScanner(text string) *Scanner { return &Scanner{text: text} }

// Next is the next token; ok is false at the end.
func (s *Scanner) Next() (t Token, ok bool) {
	if s.at >= len(s.text) {
		return Token{}, false
	}
	t = Token{From: s.at}
	t.Kind, t.To, t.OpenEnded = s.scan(s.at)
	s.at = t.To
	return t, true
}

// scan is the kind and the end of the token at i.
func (s *Scanner) scan(i int) (kind Kind, end int, openEnded bool) {
	rest := s.text[i:]
	c := rest[0]
	switch {
	case isSpace(c):
		n := 1
		for n < len(rest) && isSpace(rest[n]) {
			n++
		}
		return Space, i + n, false
	case strings.HasPrefix(rest, "--"):
		return Comment, i + lineLength(rest), false
	case strings.HasPrefix(rest, "/*"):
		n, open := blockComment(rest)
		return Comment, i + n, open
	case c == '\'':
		return s.quoted(i, 1, s.plainEscapes)
	case c == '"':
		n, open := identifier(rest)
		return Identifier, i + n, open
	case c == '$':
		return s.dollar(i)
	case isIdentStart(c):
		return s.word(i)
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]):
		n := 1
		for n < len(rest) && (isIdentPart(rest[n]) && rest[n] != '$' || rest[n] == '.' && !strings.HasPrefix(rest[n:], "..")) {
			n++
		}
		return Number, i + n, false
	case c == '(':
		return Open, i + 1, false
	case c == ')':
		return Close, i + 1, false
	case c == ';':
		return Semicolon, i + 1, false
	case strings.HasPrefix(rest, `\;`): // psql keeps it for later; it ends a statement all the same
		return Semicolon, i + 2, false
	case c == '\\':
		return Meta, i + lineLength(rest), false
	case isOperator(c):
		n := 1
		for n < len(rest) && isOperator(rest[n]) && !strings.HasPrefix(rest[n:], "--") && !strings.HasPrefix(rest[n:], "/*") {
			n++
		}
		return Operator, i + n, false
	}
	return Operator, i + 1, false
}

// word is a word, or a string or identifier with a letter before its quote.
func (s *Scanner) word(i int) (Kind, int, bool) {
	rest := s.text[i:]
	if len(rest) > 1 && rest[1] == '\'' {
		switch rest[0] {
		case 'e', 'E':
			return s.quoted(i, 2, true)
		case 'b', 'B', 'x', 'X':
			return s.quoted(i, 2, false)
		case 'n', 'N':
			return s.quoted(i, 2, s.plainEscapes)
		}
	}
	if len(rest) > 2 && (rest[0] == 'u' || rest[0] == 'U') && rest[1] == '&' {
		switch rest[2] {
		case '\'':
			return s.quoted(i, 3, false)
		case '"':
			n, open := identifier(rest[2:])
			return Identifier, i + 2 + n, open
		}
	}
	n := 1
	for n < len(rest) && isIdentPart(rest[n]) {
		n++
	}
	return Word, i + n, false
}

// quoted is a string whose opening quote ends at i+prefix. Strings that are
// parted by white space with a line end are one, read by the first one's rules.
func (s *Scanner) quoted(i, prefix int, escapes bool) (Kind, int, bool) {
	at := i + prefix
	for at < len(s.text) {
		switch c := s.text[at]; {
		case c == '\\' && escapes:
			at += 2
		case c != '\'':
			at++
		case strings.HasPrefix(s.text[at:], "''"):
			at += 2
		default:
			next := continuation(s.text[at+1:])
			if next == 0 {
				return String, at + 1, false
			}
			at += 1 + next
		}
	}
	return String, len(s.text), true
}

// continuation is the length of white space and comments with a line end and an
// opening quote after it, or 0.
func continuation(rest string) int {
	newline := false
	for n := 0; n < len(rest); {
		switch {
		case isSpace(rest[n]):
			newline = newline || rest[n] == '\n' || rest[n] == '\r'
			n++
		case newline && strings.HasPrefix(rest[n:], "--"):
			n += lineLength(rest[n:])
		case newline && rest[n] == '\'':
			return n + 1
		default:
			return 0
		}
	}
	return 0
}

// dollar is $tag$ to $tag$, or $1, or a lone $.
func (s *Scanner) dollar(i int) (Kind, int, bool) {
	rest := s.text[i:]
	n := 1
	if n < len(rest) && isDigit(rest[n]) {
		for n < len(rest) && isDigit(rest[n]) {
			n++
		}
		return Parameter, i + n, false
	}
	for n < len(rest) && isIdentPart(rest[n]) && rest[n] != '$' {
		n++
	}
	if n >= len(rest) || rest[n] != '$' {
		return Operator, i + 1, false
	}
	tag := rest[:n+1]
	end := strings.Index(rest[len(tag):], tag)
	if end < 0 {
		return String, len(s.text), true
	}
	return String, i + len(tag) + end + len(tag), false
}

// identifier is the length of the "quoted" one that text begins with.
func identifier(text string) (n int, openEnded bool) {
	for n = 1; n < len(text); n++ {
		if text[n] != '"' {
			continue
		}
		if n+1 < len(text) && text[n+1] == '"' {
			n++
			continue
		}
		return n + 1, false
	}
	return len(text), true
}

// blockComment is the length of the comment that text begins with.
func blockComment(text string) (n int, openEnded bool) {
	depth := 0
	for n < len(text) {
		switch {
		case strings.HasPrefix(text[n:], "/*"):
			depth++
			n += 2
		case strings.HasPrefix(text[n:], "*/"):
			depth--
			n += 2
			if depth == 0 {
				return n, false
			}
		default:
			n++
		}
	}
	return len(text), true
}

// lineLength is the length of text's first line, without its end.
func lineLength(text string) int {
	if n := strings.IndexAny(text, "\n\r"); n >= 0 {
		return n
	}
	return len(text)
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isIdentStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func isIdentPart(c byte) bool { return isIdentStart(c) || isDigit(c) || c == '$' }

func isOperator(c byte) bool { return strings.IndexByte("~!@#^&|`?+-*/%<>=", c) >= 0 }
