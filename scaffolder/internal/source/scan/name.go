package scan

import (
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// name reads a name that begins with an ASCII letter.
func (s *Scanner) name() {
	start, src := s.pos, s.Source
	i := start + 1
	for i < len(src) && inName[src[i]] {
		i++
	}
	s.pos = i
	if i < len(src) && (src[i] == '\\' || src[i] >= utf8.RuneSelf) {
		s.slowName(start)
		return
	}
	s.Text = src[start:i]
	s.Kind = Word(s.Text)
}

// slowName reads a name with escapes or characters beyond ASCII; pos is at the first
// of them, start is where the name begins.
func (s *Scanner) slowName(start int) {
	text, ok := s.nameText(start)
	if !ok {
		s.invalid()
		return
	}
	s.Text = text
	s.Kind = Word(text)
}

// nameText reads on with a name that began at start, and resolves escapes. It is
// false where no name is.
func (s *Scanner) nameText(start int) (string, bool) {
	var b strings.Builder
	plain := start // from where the source is the text
	for s.pos < len(s.Source) {
		c := s.Source[s.pos]
		switch {
		case c < utf8.RuneSelf && inName[c]:
			s.pos++
			continue
		case c == '\\':
			at := s.pos
			r, ok := s.nameEscape()
			if !ok || !namePlace(r, at == start) {
				if at == start {
					s.pos = at
					return "", false
				}
				s.Report(syntax.Pos(at), syntax.Pos(max(s.pos, at+1)), "an escape that no name can have")
			}
			b.WriteString(s.Source[plain:at])
			b.WriteRune(r)
			plain = s.pos
			s.Escaped = true
			continue
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s.Source[s.pos:])
			if namePlace(r, s.pos == start) {
				s.pos += size
				continue
			}
		}
		break
	}
	if s.pos == start {
		return "", false
	}
	if b.Len() == 0 {
		return s.Source[start:s.pos], true
	}
	b.WriteString(s.Source[plain:s.pos])
	return b.String(), true
}

// namePlace says whether r may stand in a name, at its beginning or further on.
func namePlace(r rune, first bool) bool {
	switch {
	case r < utf8.RuneSelf:
		return isLetter(byte(r)) || !first && inName[r]
	case first:
		return isNameStart(r)
	}
	return isNamePart(r)
}

// nameEscape reads \uXXXX or \u{X}. Where it is neither, one character is passed over.
func (s *Scanner) nameEscape() (rune, bool) {
	if s.at(1) != 'u' {
		s.pos++
		return utf8.RuneError, false
	}
	s.pos += 2
	return s.unicodeEscape()
}

// privateName reads #name.
func (s *Scanner) privateName() {
	start := s.pos
	s.pos++
	c := s.at(0)
	if !isLetter(c) && c != '\\' && c < utf8.RuneSelf {
		s.Kind = token.Hash
		s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a # that no name follows")
		return
	}
	text, ok := s.nameText(s.pos)
	if !ok {
		s.Kind = token.Hash
		s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a # that no name follows")
		return
	}
	s.Text = text
	s.Kind = token.PrivateName
}
