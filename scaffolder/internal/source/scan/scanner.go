package scan

import (
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// A Scanner reads the tokens of one source, one at a time.
type Scanner struct {
	Source string
	// HTMLComments makes <!-- and --> at the beginning of a line comments, as they are
	// in scripts and not in modules.
	HTMLComments bool

	// The token that was read last.
	Kind    token.Kind
	Start   syntax.Pos
	End     syntax.Pos
	Newline bool    // a line ends between the token before and this one
	Escaped bool    // a name with an escape in it: it is no keyword
	Wrong   bool    // a template with an escape that does not exist
	Text    string  // of names and strings, escapes resolved; digits of a bigint; the pattern of a regular expression
	Flags   string  // of a regular expression
	Value   float64 // of a number

	Comments    []syntax.Comment
	Diagnostics []syntax.Diagnostic

	pos int // where the next token is looked for
}

// New is a scanner at the beginning of source, with no token read. A byte order mark
// and a hashbang line are passed over.
func New(source string) Scanner {
	s := Scanner{Source: source, Newline: true}
	if strings.HasPrefix(source, "\ufeff") {
		s.pos = 3
	}
	if strings.HasPrefix(source[s.pos:], "#!") {
		s.lineComment()
	}
	return s
}

// Report notes that something is wrong between start and end.
func (s *Scanner) Report(start, end syntax.Pos, message string) {
	s.Diagnostics = append(s.Diagnostics, syntax.Diagnostic{Span: syntax.Span{Start: start, End: end}, Message: message})
}

// Next reads the next token.
func (s *Scanner) Next() {
	s.Newline = s.End == 0 // at the beginning of the source
	s.Escaped = false
	s.trivia()
	s.Start = syntax.Pos(s.pos)
	s.token()
	s.End = syntax.Pos(s.pos)
}

// Stop ends the source where the scanner is: every token from here on is EOF.
func (s *Scanner) Stop() {
	s.pos = len(s.Source)
	s.Kind, s.Start, s.End = token.EOF, syntax.Pos(s.pos), syntax.Pos(s.pos)
}

// at is the byte n places on, 0 behind the end.
func (s *Scanner) at(n int) byte {
	if s.pos+n < len(s.Source) {
		return s.Source[s.pos+n]
	}
	return 0
}

// trivia passes over white space and comments.
func (s *Scanner) trivia() {
	src := s.Source
	for s.pos < len(src) {
		switch c := src[s.pos]; {
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			s.pos++
		case c == '\n' || c == '\r':
			s.Newline = true
			s.pos++
		case c == '/' && s.at(1) == '/':
			s.lineComment()
		case c == '/' && s.at(1) == '*':
			s.blockComment()
		case (c == '<' || c == '=' || c == '>' || c == '|') && s.conflictMarker():
			s.Report(syntax.Pos(s.pos), syntax.Pos(s.pos+7), "a mark of a merge that was not finished")
			s.lineComment()
		case c == '<' && s.HTMLComments && strings.HasPrefix(src[s.pos:], "<!--"):
			s.lineComment()
		case c == '-' && s.HTMLComments && s.Newline && strings.HasPrefix(src[s.pos:], "-->"):
			s.lineComment()
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(src[s.pos:])
			switch {
			case r == '\u2028' || r == '\u2029':
				s.Newline = true
			case !isSpace(r):
				return
			}
			s.pos += size
		default:
			return
		}
	}
}

// conflictMarker says whether a line begins here that git has marked a conflict with.
// Such lines are passed over, and what both sides say is read.
func (s *Scanner) conflictMarker() bool {
	if s.pos > 0 && s.Source[s.pos-1] != '\n' {
		return false
	}
	for i := 1; i < 7; i++ {
		if s.at(i) != s.at(0) {
			return false
		}
	}
	return s.at(0) == '=' || s.at(7) == ' '
}

// lineComment reads a comment to the end of its line.
func (s *Scanner) lineComment() {
	start := s.pos
	rest := s.Source[start:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.IndexByte(rest, '\r'); i >= 0 {
		rest = rest[:i]
	}
	for from := 0; ; {
		i := strings.IndexByte(rest[from:], 0xe2)
		if i < 0 {
			break
		}
		from += i
		if strings.HasPrefix(rest[from:], "\u2028") || strings.HasPrefix(rest[from:], "\u2029") {
			rest = rest[:from]
			break
		}
		from++
	}
	s.pos = start + len(rest)
	s.comment(start, false)
}

func (s *Scanner) blockComment() {
	start := s.pos
	end := strings.Index(s.Source[start+2:], "*/")
	if end < 0 {
		s.pos = len(s.Source)
		s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a comment begins here that does not end")
	} else {
		s.pos = start + 2 + end + 2
	}
	if text := s.Source[start:s.pos]; strings.IndexByte(text, '\n') >= 0 || strings.IndexByte(text, '\r') >= 0 ||
		strings.Contains(text, "\u2028") || strings.Contains(text, "\u2029") {
		s.Newline = true
	}
	s.comment(start, true)
}

func (s *Scanner) comment(start int, block bool) {
	s.Comments = append(s.Comments, syntax.Comment{Span: syntax.Span{Start: syntax.Pos(start), End: syntax.Pos(s.pos)}, Block: block})
}

// token reads the token that begins at pos.
func (s *Scanner) token() {
	if s.pos >= len(s.Source) {
		s.Kind = token.EOF
		return
	}
	c := s.Source[s.pos]
	switch classes[c] {
	case className:
		s.name()
	case classDigit:
		s.number()
	case classQuote:
		s.str(c)
	case classOther:
		s.other()
	default:
		s.punctuation(c)
	}
}

// other reads what begins with a character that is not ASCII, a backslash, a hash, a
// backquote, or a character that begins nothing.
func (s *Scanner) other() {
	switch c := s.Source[s.pos]; {
	case c == '`':
		s.pos++
		s.template(token.TemplateWhole, token.TemplateHead)
	case c == '#':
		s.privateName()
	case c == '\\' || c >= utf8.RuneSelf:
		s.slowName(s.pos)
	default:
		s.invalid()
	}
}

// invalid reads a run of characters that begin no token, so that a binary file gives
// one diagnostic and not a million.
func (s *Scanner) invalid() {
	start := s.pos
	for s.pos < len(s.Source) {
		c := s.Source[s.pos]
		if c < utf8.RuneSelf {
			if classes[c] != classOther || c == '`' || c == '#' || c == '\\' && s.pos > start || c == ' ' || c == '\t' || c == '\n' || c == '\r' {
				break
			}
			s.pos++
			continue
		}
		r, size := utf8.DecodeRuneInString(s.Source[s.pos:])
		if s.pos > start && (isNameStart(r) || isSpace(r)) {
			break
		}
		s.pos += size
	}
	if s.pos == start {
		s.pos++
	}
	s.Kind = token.Invalid
	s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a character that means nothing here")
}
