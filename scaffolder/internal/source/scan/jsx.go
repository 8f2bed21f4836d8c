package scan

import (
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// JSXChild reads the next token between tags, from where the token before ended: text
// up to the next brace or tag, or that brace or < itself.
func (s *Scanner) JSXChild(from syntax.Pos) {
	s.pos = int(from)
	s.Start, s.Newline, s.Escaped = from, false, false
	rest := s.Source[s.pos:]
	switch {
	case rest == "":
		s.Kind = token.EOF
	case rest[0] == '{':
		s.take(token.BraceOpen, 1)
	case rest[0] == '<':
		s.take(token.Less, 1)
	default:
		n := strings.IndexAny(rest, "{<")
		if n < 0 {
			n = len(rest)
		}
		s.take(token.JSXText, n)
		s.Text = rest[:n]
		if i := strings.IndexAny(s.Text, ">}"); i >= 0 {
			at := s.Start + syntax.Pos(i)
			s.Report(at, at+1, "text between tags cannot have > and }")
		}
	}
	s.End = syntax.Pos(s.pos)
}

// JSXName reads the name that the scanner stands at on over hyphens, as names of tags
// and attributes have them.
func (s *Scanner) JSXName() {
	if !s.Kind.IsName() {
		return
	}
	if s.at(0) != '-' {
		return
	}
	for s.pos < len(s.Source) {
		c := s.Source[s.pos]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s.Source[s.pos:])
			if !isNamePart(r) {
				break
			}
			s.pos += size
			continue
		}
		if c != '-' && !inName[c] {
			break
		}
		s.pos++
	}
	s.Kind, s.End = token.JSXName, syntax.Pos(s.pos)
	s.Text = s.Source[s.Start:s.End]
}

// JSXString reads the quote that the scanner stands at as the value of an attribute:
// no escapes, and lines may end in it.
func (s *Scanner) JSXString() {
	start := int(s.Start)
	quote := s.Source[start]
	s.Kind = token.String
	n := strings.IndexByte(s.Source[start+1:], quote)
	if n < 0 {
		s.pos = len(s.Source)
		s.Text, s.End = s.Source[start+1:], syntax.Pos(s.pos)
		s.Report(s.Start, s.End, "a string begins here that does not end")
		return
	}
	s.pos = start + 1 + n + 1
	s.Text, s.End = s.Source[start+1:start+1+n], syntax.Pos(s.pos)
}

// NextAttributeValue reads the next token as the value of an attribute, where strings
// have no escapes and may go over lines.
func (s *Scanner) NextAttributeValue() {
	s.Newline, s.Escaped = false, false
	s.trivia()
	s.Start = syntax.Pos(s.pos)
	if c := s.at(0); c == '"' || c == '\'' {
		s.JSXString()
		return
	}
	s.token()
	s.End = syntax.Pos(s.pos)
}
