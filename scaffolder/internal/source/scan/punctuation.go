package scan

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// take ends the token of kind k after n bytes.
func (s *Scanner) take(k token.Kind, n int) {
	s.Kind = k
	s.pos += n
}

// punctuation reads a token that begins with c, a > always alone.
func (s *Scanner) punctuation(c byte) {
	switch c {
	case '{':
		s.take(token.BraceOpen, 1)
	case '}':
		s.take(token.BraceClose, 1)
	case '(':
		s.take(token.ParenOpen, 1)
	case ')':
		s.take(token.ParenClose, 1)
	case '[':
		s.take(token.BracketOpen, 1)
	case ']':
		s.take(token.BracketClose, 1)
	case ';':
		s.take(token.Semicolon, 1)
	case ',':
		s.take(token.Comma, 1)
	case ':':
		s.take(token.Colon, 1)
	case '@':
		s.take(token.At, 1)
	case '~':
		s.take(token.Tilde, 1)
	case '>':
		s.take(token.Greater, 1)
	case '.':
		s.dot()
	default:
		s.operator(c)
	}
}

func (s *Scanner) dot() {
	switch c := s.at(1); {
	case c >= '0' && c <= '9':
		s.fraction(s.pos)
	case c == '.' && s.at(2) == '.':
		s.take(token.Ellipsis, 3)
	default:
		s.take(token.Dot, 1)
	}
}

// operator reads an operator of one to four characters.
func (s *Scanner) operator(c byte) {
	next := s.at(1)
	switch c {
	case '=':
		switch {
		case next == '=' && s.at(2) == '=':
			s.take(token.EqualEqualEqual, 3)
		case next == '=':
			s.take(token.EqualEqual, 2)
		case next == '>':
			s.take(token.Arrow, 2)
		default:
			s.take(token.Equal, 1)
		}
	case '!':
		switch {
		case next == '=' && s.at(2) == '=':
			s.take(token.NotEqualEqual, 3)
		case next == '=':
			s.take(token.NotEqual, 2)
		default:
			s.take(token.Exclamation, 1)
		}
	case '<':
		s.less()
	case '?':
		s.question()
	case '+':
		s.repeated(c, token.Plus, token.PlusPlus, token.PlusEqual, token.None)
	case '-':
		s.repeated(c, token.Minus, token.MinusMinus, token.MinusEqual, token.None)
	case '*':
		s.repeated(c, token.Star, token.StarStar, token.StarEqual, token.StarStarEqual)
	case '&':
		s.repeated(c, token.Ampersand, token.AmpersandAmpersand, token.AmpersandEqual, token.AmpersandAmpersandEqual)
	case '|':
		s.repeated(c, token.Bar, token.BarBar, token.BarEqual, token.BarBarEqual)
	case '/':
		s.repeated(0, token.Slash, token.None, token.SlashEqual, token.None)
	case '%':
		s.repeated(0, token.Percent, token.None, token.PercentEqual, token.None)
	case '^':
		s.repeated(0, token.Caret, token.None, token.CaretEqual, token.None)
	}
}

// repeated reads an operator c, cc, c= or cc=; kinds that do not exist are None, and
// a c of 0 is never doubled.
func (s *Scanner) repeated(c byte, single, double, equal, doubleEqual token.Kind) {
	switch next := s.at(1); {
	case next == c && c != 0 && s.at(2) == '=' && doubleEqual != token.None:
		s.take(doubleEqual, 3)
	case next == c && c != 0:
		s.take(double, 2)
	case next == '=':
		s.take(equal, 2)
	default:
		s.take(single, 1)
	}
}

func (s *Scanner) less() {
	switch next := s.at(1); {
	case next == '<' && s.at(2) == '=':
		s.take(token.ShiftLeftEqual, 3)
	case next == '<':
		s.take(token.ShiftLeft, 2)
	case next == '=':
		s.take(token.LessEqual, 2)
	default:
		s.take(token.Less, 1)
	}
}

func (s *Scanner) question() {
	switch next := s.at(1); {
	case next == '?' && s.at(2) == '=':
		s.take(token.QuestionQuestionEqual, 3)
	case next == '?':
		s.take(token.QuestionQuestion, 2)
	case next == '.' && (s.at(2) < '0' || s.at(2) > '9'):
		s.take(token.QuestionDot, 2)
	default:
		s.take(token.Question, 1)
	}
}

// Greater reads the > that the scanner stands at together with what follows it: >=,
// >>, >>=, >>>, >>>=. In types it is not called, and each > stands alone.
func (s *Scanner) Greater() {
	rest := s.Source[s.Start:]
	n := 1
	for n < 3 && n < len(rest) && rest[n] == '>' {
		n++
	}
	kinds := [...]token.Kind{token.Greater, token.ShiftRight, token.ShiftRightUnsigned}
	kind := kinds[n-1]
	if n < len(rest) && rest[n] == '=' {
		kind = [...]token.Kind{token.GreaterEqual, token.ShiftRightEqual, token.ShiftRightUnsignedEqual}[n-1]
		n++
	}
	s.Kind = kind
	s.pos = int(s.Start) + n
	s.End = syntax.Pos(s.pos)
}

// First reads the token that the scanner stands at again as its first character
// alone, which is a token of kind k: < of <<, | of ||, * of **, ? of ??.
func (s *Scanner) First(k token.Kind) {
	s.Kind = k
	s.pos = int(s.Start) + 1
	s.End = syntax.Pos(s.pos)
}
