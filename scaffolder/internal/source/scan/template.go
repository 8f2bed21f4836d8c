package scan

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// TemplateContinuation reads the } that the scanner stands at as the end of a
// substitution, and the text of the template behind it.
func (s *Scanner) TemplateContinuation() {
	s.pos = int(s.Start) + 1
	s.template(token.TemplateTail, token.TemplateMiddle)
	s.End = syntax.Pos(s.pos)
}

// template reads text of a template up to the backquote, which makes it an end, or up
// to ${, which makes it open. Text is cooked; Wrong is set where it cannot be.
func (s *Scanner) template(end, open token.Kind) {
	start := s.pos
	var b []byte
	copied := false // b is the text; before the first escape the source is
	s.Wrong = false
	for {
		if s.pos >= len(s.Source) {
			s.Report(s.Start, syntax.Pos(s.pos), "a template begins here that does not end")
			s.templateEnd(end, start, s.pos, b, copied)
			return
		}
		c := s.Source[s.pos]
		switch {
		case c == '`':
			s.pos++
			s.templateEnd(end, start, s.pos-1, b, copied)
			return
		case c == '$' && s.at(1) == '{':
			s.pos += 2
			s.templateEnd(open, start, s.pos-2, b, copied)
			return
		case c == '\\' || c == '\r':
			if !copied {
				b, copied = append(make([]byte, 0, s.pos-start+32), s.Source[start:s.pos]...), true
			}
			if c == '\r' {
				b = append(b, '\n')
				if s.pos++; s.at(0) == '\n' {
					s.pos++
				}
				continue
			}
			var ok bool
			if b, ok = s.escape(b, true); !ok {
				s.Wrong = true
			}
			continue
		case copied:
			b = append(b, c)
		}
		s.pos++
	}
}

func (s *Scanner) templateEnd(kind token.Kind, start, end int, b []byte, copied bool) {
	s.Kind = kind
	switch {
	case s.Wrong:
		s.Text = ""
	case copied:
		s.Text = string(b)
	default:
		s.Text = s.Source[start:end]
	}
}

// Raw is the text of a template, which stands in the source as text, as String.raw
// sees it.
func Raw(text string) string {
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// RegExp reads the slash that the scanner stands at as the beginning of a regular
// expression: the pattern is in Text, the flags in Flags.
func (s *Scanner) RegExp() {
	start := int(s.Start) + 1
	s.Kind, s.Flags = token.RegExp, ""
	inClass := false
	for s.pos = start; ; s.pos++ {
		c := s.at(0)
		if s.pos >= len(s.Source) || c == '\n' || c == '\r' || c == 0xe2 && s.lineSeparator() {
			s.Text, s.End = s.Source[start:s.pos], syntax.Pos(s.pos)
			s.Report(s.Start, s.End, "a regular expression that does not end on its line")
			return
		}
		switch {
		case c == '\\':
			// A backslash at the end of a line escapes nothing.
			if next := s.at(1); next != '\n' && next != '\r' && s.pos+1 < len(s.Source) {
				s.pos++
			}
			continue
		case c == '[':
			inClass = true
			continue
		case c == ']':
			inClass = false
			continue
		case c != '/' || inClass:
			continue
		}
		break
	}
	s.Text = s.Source[start:s.pos]
	s.pos++
	flags := s.pos
	for s.pos < len(s.Source) && inName[s.Source[s.pos]] {
		s.pos++
	}
	s.Flags, s.End = s.Source[flags:s.pos], syntax.Pos(s.pos)
}

func (s *Scanner) lineSeparator() bool {
	rest := s.Source[s.pos:]
	return strings.HasPrefix(rest, "\u2028") || strings.HasPrefix(rest, "\u2029")
}
