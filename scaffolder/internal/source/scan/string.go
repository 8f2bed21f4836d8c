package scan

import (
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// str reads a string in quotes.
func (s *Scanner) str(quote byte) {
	start, src := s.pos, s.Source
	s.Kind = token.String
	for i := start + 1; i < len(src); i++ {
		switch c := src[i]; c {
		case quote:
			s.pos, s.Text = i+1, src[start+1:i]
			return
		case '\\':
			s.pos = i
			s.escapedString(quote, start)
			return
		case '\n', '\r':
			s.pos, s.Text = i, src[start+1:i]
			s.Report(syntax.Pos(start), syntax.Pos(i), "a string that does not end on its line")
			return
		}
	}
	s.pos, s.Text = len(src), src[start+1:]
	s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a string begins here that does not end")
}

// escapedString reads on at the first backslash of a string that began at start.
func (s *Scanner) escapedString(quote byte, start int) {
	b := make([]byte, 0, s.pos-start+32)
	b = append(b, s.Source[start+1:s.pos]...)
	for s.pos < len(s.Source) {
		switch c := s.Source[s.pos]; c {
		case quote:
			s.pos++
			s.Text = string(b)
			return
		case '\\':
			at := s.pos
			var ok bool
			if b, ok = s.escape(b, false); !ok {
				s.Report(syntax.Pos(at), syntax.Pos(s.pos), "an escape that does not exist")
			}
		case '\n', '\r':
			s.Text = string(b)
			s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a string that does not end on its line")
			return
		default:
			b = append(b, c)
			s.pos++
		}
	}
	s.Text = string(b)
	s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a string begins here that does not end")
}

// escape reads an escape and appends what it stands for. It is false where there is
// no such escape. Octal ones are for strings only.
func (s *Scanner) escape(b []byte, template bool) ([]byte, bool) {
	s.pos++ // the backslash
	if s.pos >= len(s.Source) {
		return b, false
	}
	c := s.Source[s.pos]
	s.pos++
	switch c {
	case 'n':
		return append(b, '\n'), true
	case 't':
		return append(b, '\t'), true
	case 'r':
		return append(b, '\r'), true
	case 'b':
		return append(b, '\b'), true
	case 'f':
		return append(b, '\f'), true
	case 'v':
		return append(b, '\v'), true
	case 'x':
		hi, lo := digit(s.at(0)), digit(s.at(1))
		if hi > 15 || lo > 15 {
			return b, false
		}
		s.pos += 2
		return utf8.AppendRune(b, rune(hi<<4|lo)), true
	case 'u':
		r, ok := s.unicodeEscape()
		return appendUnit(b, r), ok
	case '\r':
		if s.at(0) == '\n' {
			s.pos++
		}
		return b, true
	case '\n':
		return b, true
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return s.octal(b, c, template)
	case 0xe2:
		if rest := s.Source[s.pos-1:]; strings.HasPrefix(rest, "\u2028") || strings.HasPrefix(rest, "\u2029") {
			s.pos += 2
			return b, true
		}
	}
	return append(b, c), true
}

// octal reads an escape of digits: \0 is right everywhere, the others are refused by
// the TypeScript compiler, and mean what they mean in scripts.
func (s *Scanner) octal(b []byte, c byte, template bool) ([]byte, bool) {
	next := s.at(0)
	if c == '0' && (next < '0' || next > '9') {
		return append(b, 0), true
	}
	if c >= '8' || template {
		return append(b, c), false
	}
	n := int(c - '0')
	for i := 0; i < 2; i++ {
		d := s.at(0)
		if d < '0' || d > '7' || n*8+int(d-'0') > 255 {
			break
		}
		n = n*8 + int(d-'0')
		s.pos++
	}
	return utf8.AppendRune(b, rune(n)), false
}

// unicodeEscape reads what follows \u: four digits, or any number of them in braces.
func (s *Scanner) unicodeEscape() (rune, bool) {
	r, n := rune(0), 0
	if s.at(0) == '{' {
		s.pos++
		for ; digit(s.at(0)) < 16; n++ {
			r = min(r<<4|rune(digit(s.at(0))), 0x110000)
			s.pos++
		}
		if s.at(0) != '}' || n == 0 || r > utf8.MaxRune {
			return utf8.RuneError, false
		}
		s.pos++
		return r, true
	}
	for ; n < 4; n++ {
		d := digit(s.at(0))
		if d > 15 {
			return utf8.RuneError, false
		}
		r = r<<4 | rune(d)
		s.pos++
	}
	return r, true
}

// appendUnit appends a code point, or half of a surrogate pair: as three bytes while
// it is alone, as the whole code point when the other half follows.
func appendUnit(b []byte, r rune) []byte {
	switch {
	case r >= 0xdc00 && r <= 0xdfff:
		if n := len(b); n >= 3 && b[n-3] == 0xed && b[n-2] >= 0xa0 && b[n-2] <= 0xaf {
			high := rune(b[n-2]&0x0f)<<6 | rune(b[n-1]&0x3f)
			return utf8.AppendRune(b[:n-3], 0x10000+high<<10+(r-0xdc00))
		}
	case r < 0xd800 || r > 0xdbff:
		return utf8.AppendRune(b, r)
	}
	return append(b, 0xed, byte(0x80|r>>6&0x3f), byte(0x80|r&0x3f))
}
