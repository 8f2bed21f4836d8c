package scan

import (
	"unicode"

	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

// The classes that the first byte of a token falls into.
const (
	classOther uint8 = iota
	className
	classDigit
	classQuote
	classPunctuation
)

// classes is the class of each byte; inName says which bytes may go on a name.
var (
	classes = byteClasses()
	inName  = nameBytes()
)

func byteClasses() (t [256]uint8) {
	for c := range t {
		switch {
		case isLetter(byte(c)):
			t[c] = className
		case c >= '0' && c <= '9':
			t[c] = classDigit
		}
	}
	for _, c := range `"'` {
		t[c] = classQuote
	}
	for _, c := range `{}()[];,<>+-*%&|^!~?:=@./` {
		t[c] = classPunctuation
	}
	return t
}

func nameBytes() (t [256]bool) {
	for c := range t {
		t[c] = isLetter(byte(c)) || c >= '0' && c <= '9'
	}
	return t
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$'
}

// isSpace says whether r, which is not ASCII, is white space and no line end.
func isSpace(r rune) bool { return r == '\ufeff' || r == '\u0085' || unicode.Is(unicode.Zs, r) }

// isNameStart says whether r, which is not ASCII, may begin a name.
func isNameStart(r rune) bool {
	return unicode.IsLetter(r) && r != '\u2e2f' || unicode.In(r, unicode.Nl, unicode.Other_ID_Start)
}

// isNamePart says whether r, which is not ASCII, may go on a name.
func isNamePart(r rune) bool {
	return isNameStart(r) || r == '\u200c' || r == '\u200d' ||
		unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)
}

// words finds the keyword that a name spells. Its hash takes the ends and the length
// of a word; the few that fall together stand one behind the other.
var words = wordTable()

type word struct {
	spelling string
	kind     token.Kind
}

const wordSlots = 1024

func wordHash(s string) uint {
	n := len(s)
	return (uint(s[0])*7 + uint(s[1])*31 + uint(s[n-1])*61 + uint(s[n/2])*127 + uint(n)) % wordSlots
}

func wordTable() *[wordSlots]word {
	t := new([wordSlots]word)
	token.Words(func(spelling string, k token.Kind) {
		h := wordHash(spelling)
		for t[h].spelling != "" {
			h = (h + 1) % wordSlots
		}
		t[h] = word{spelling, k}
	})
	return t
}

// Word is the keyword that name spells, or Identifier.
func Word(name string) token.Kind {
	if len(name) < 2 || len(name) > 11 || name[0] < 'a' || name[0] > 'z' {
		return token.Identifier
	}
	for h := wordHash(name); words[h].spelling != ""; h = (h + 1) % wordSlots {
		if words[h].spelling == name {
			return words[h].kind
		}
	}
	return token.Identifier
}
