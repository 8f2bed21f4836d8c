package scan

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// number reads a number that begins with a digit.
func (s *Scanner) number() {
	start := s.pos
	if s.Source[start] == '0' {
		switch s.at(1) | 0x20 {
		case 'x':
			s.based(16)
			return
		case 'o':
			s.based(8)
			return
		case 'b':
			s.based(2)
			return
		}
		if c := s.at(1); c >= '0' && c <= '9' {
			s.legacyOctal()
			return
		}
	}
	s.digits(10)
	if s.at(0) == 'n' {
		s.bigint(s.Source[start:s.pos], 10)
		return
	}
	if s.at(0) == '.' {
		s.fraction(start)
		return
	}
	s.exponent(start)
}

// fraction reads on at the point of a decimal number that began at start.
func (s *Scanner) fraction(start int) {
	s.pos++
	s.digits(10)
	s.exponent(start)
}

// exponent reads on where the exponent of a decimal number may be.
func (s *Scanner) exponent(start int) {
	if s.at(0)|0x20 == 'e' {
		s.pos++
		if c := s.at(0); c == '+' || c == '-' {
			s.pos++
		}
		if s.digits(10) == 0 {
			s.Report(syntax.Pos(start), syntax.Pos(s.pos), "an exponent without digits")
		}
	}
	s.Kind = token.Number
	s.Value = decimal(s.Source[start:s.pos])
	s.noNameBehind()
}

// decimal is the value of a decimal number as it stands in the source.
func decimal(text string) float64 {
	if len(text) <= 15 {
		n := 0
		for i := 0; ; i++ {
			if i == len(text) {
				return float64(n)
			}
			if text[i] < '0' || text[i] > '9' {
				break
			}
			n = n*10 + int(text[i]-'0')
		}
	}
	// The error is that the number is out of range: then the value is right all the same.
	v, _ := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return v
}

// digits passes over digits and separators, and says how many digits there were.
func (s *Scanner) digits(base int) int {
	n, separated := 0, true
	for ; s.pos < len(s.Source); s.pos++ {
		c := s.Source[s.pos]
		if c == '_' {
			if separated {
				s.Report(syntax.Pos(s.pos), syntax.Pos(s.pos+1), "a separator of digits that stands between none")
			}
			separated = true
			continue
		}
		if digit(c) >= base {
			break
		}
		separated = false
		n++
	}
	if separated && n > 0 {
		s.Report(syntax.Pos(s.pos-1), syntax.Pos(s.pos), "a separator of digits that stands between none")
	}
	return n
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 99
}

// based reads 0x1f, 0o17 or 0b11.
func (s *Scanner) based(base int) {
	start := s.pos
	s.pos += 2
	from := s.pos
	if s.digits(base) == 0 {
		s.Report(syntax.Pos(start), syntax.Pos(s.pos), "digits are missing")
	}
	text := s.Source[from:s.pos]
	if s.at(0) == 'n' {
		s.bigint(text, base)
		return
	}
	s.Kind = token.Number
	s.Value = inBase(text, base)
	s.noNameBehind()
}

func inBase(text string, base int) float64 {
	text = strings.ReplaceAll(text, "_", "")
	if n, err := strconv.ParseUint(text, base, 53); err == nil {
		return float64(n)
	}
	n, ok := new(big.Int).SetString(text, base)
	if !ok {
		return 0
	}
	v, _ := new(big.Float).SetInt(n).Float64()
	return v
}

// legacyOctal reads 017, and decimal numbers that begin with a zero. The TypeScript
// compiler refuses both.
func (s *Scanner) legacyOctal() {
	start := s.pos
	octal := true
	for c := s.at(0); c >= '0' && c <= '9' || c == '_'; c = s.at(0) {
		octal = octal && c < '8'
		s.pos++
	}
	s.Report(syntax.Pos(start), syntax.Pos(s.pos), "a number that begins with a zero")
	if octal {
		s.Kind = token.Number
		s.Value = inBase(s.Source[start+1:s.pos], 8)
		return
	}
	if s.at(0) == '.' {
		s.fraction(start)
		return
	}
	s.exponent(start)
}

// bigint reads the n behind digits.
func (s *Scanner) bigint(digits string, base int) {
	s.pos++
	digits = strings.ReplaceAll(digits, "_", "")
	if base != 10 {
		if n, ok := new(big.Int).SetString(digits, base); ok {
			digits = n.String()
		}
	}
	s.Kind, s.Text = token.BigInt, digits
	s.noNameBehind()
}

// noNameBehind refuses 3in and 0b12: a number and a name need something between them.
func (s *Scanner) noNameBehind() {
	c := s.at(0)
	if !inName[c] && c != '\\' && c < utf8.RuneSelf {
		return
	}
	if c >= utf8.RuneSelf {
		if r, _ := utf8.DecodeRuneInString(s.Source[s.pos:]); !isNameStart(r) {
			return
		}
	}
	s.Report(syntax.Pos(s.pos), syntax.Pos(s.pos+1), "a name or digit directly behind a number")
}
