package pattern

import (
	"strconv"
	"strings"
)

// Broken says why no JavaScript engine reads a pattern, whatever its flags; ""
// where one may. What other languages have (inline flags, atomic groups,
// possessive quantifiers) is named as such.
func Broken(source string) string {
	b := &checker{in: []rune(source)}
	for b.why == "" && b.at < len(b.in) {
		b.step()
	}
	if b.why == "" && b.open > 0 {
		return "a group is not closed"
	}
	return b.why
}

// checker walks a pattern once.
type checker struct {
	in         []rune
	at         int
	open       int  // groups
	repeatable bool // what stands before can be repeated
	why        string
}

func (b *checker) step() {
	switch r := b.in[b.at]; r {
	case '\\':
		if b.at += 2; b.at > len(b.in) {
			b.why = "it ends with a backslash"
		}
		b.repeatable = true
	case '[':
		b.class()
	case '(':
		b.open++
		b.group()
	case ')':
		if b.open--; b.open < 0 {
			b.why = "a bracket closes what is not open"
		}
		b.at++
		b.repeatable = true
	case '*', '+', '?':
		b.at++
		b.repeated()
	case '{':
		if end, ordered := b.bounds(); end > 0 {
			if !ordered {
				b.why = "its bounds are not in order"
			}
			b.at = end
			b.repeated()
			return
		}
		b.at++
		b.repeatable = true
	default:
		b.at++
		b.repeatable = r != '|' && r != '^'
	}
}

// repeated stands behind a quantifier; a question mark makes it lazy.
func (b *checker) repeated() {
	if !b.repeatable && b.why == "" {
		b.why = "it repeats what cannot be repeated"
	}
	if b.at < len(b.in) && b.in[b.at] == '?' {
		b.at++
	}
	b.repeatable = false
}

// group reads what follows an opening bracket.
func (b *checker) group() {
	b.at++
	b.repeatable = false
	rest := string(b.in[b.at:min(b.at+3, len(b.in))])
	if !strings.HasPrefix(rest, "?") {
		return
	}
	for _, known := range []string{"?:", "?=", "?!", "?<=", "?<!"} {
		if strings.HasPrefix(rest, known) {
			b.at += len(known)
			return
		}
	}
	if strings.HasPrefix(rest, "?<") {
		b.at += 2
		return
	}
	b.why = "JavaScript has no group (" + rest
}

// bounds is the place behind {2}, {2,} or {2,3}; 0 where the brace is a text.
func (b *checker) bounds() (end int, ordered bool) {
	for i := b.at + 1; i < len(b.in); i++ {
		switch r := b.in[i]; {
		case r >= '0' && r <= '9' || r == ',':
		case r == '}':
			from, to, ranged := strings.Cut(string(b.in[b.at+1:i]), ",")
			least, err := strconv.Atoi(from)
			if err != nil {
				return 0, false
			}
			most, err := strconv.Atoi(to)
			if to != "" && err != nil {
				return 0, false
			}
			return i + 1, !ranged || to == "" || least <= most
		default:
			return 0, false
		}
	}
	return 0, false
}

// class reads a set of characters.
func (b *checker) class() {
	for b.at++; b.at < len(b.in); b.at++ {
		switch b.in[b.at] {
		case '\\':
			b.at++
		case ']':
			b.at++
			b.repeatable = true
			return
		}
	}
	b.why = "a set of characters is not closed"
}
