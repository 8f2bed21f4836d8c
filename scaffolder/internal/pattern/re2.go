package pattern

import (
	"fmt"
	"regexp/syntax"
	"strings"
)

// noWords marks what RE2 has no words for.
const noWords = "?"

func ofSet(s set) node {
	n := one(char)
	n.set, n.re2 = s, "["+s.ranges()+"]"
	if len(s) == 1 && s[0].from == s[0].to {
		n.re2 = character(s[0].from)
	}
	return n
}

// character is one, in a class or outside of one.
func character(r rune) string {
	if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
		return string(r)
	}
	return fmt.Sprintf(`\x{%X}`, r)
}

// ofClass is a class with ranges and properties of Unicode. What a property holds is not
// known here: to be safe it is everything.
func ofClass(s set, properties []string, negated bool) node {
	if len(properties) == 0 {
		if negated {
			s = s.not()
		}
		if len(s) == 0 {
			n := one(char)
			n.re2 = `[^\x{0}-\x{10FFFF}]`
			return n
		}
		return ofSet(s)
	}
	n := one(char)
	n.set, n.re2 = anything, "["+s.ranges()+strings.Join(properties, "")+"]"
	if negated {
		n.re2 = "[^" + n.re2[1:]
	}
	return n
}

func (s set) ranges() string {
	var b strings.Builder
	for _, each := range s {
		b.WriteString(character(each.from))
		if each.to != each.from {
			b.WriteString("-" + character(each.to))
		}
	}
	return b.String()
}

// property reads the name of a property of Unicode; r is p or P.
func (p *parser) property(r rune) string {
	if !p.take("{") {
		p.failed = true // without the flag u it is a letter
		return noWords
	}
	start := p.at
	for p.at < len(p.in) && p.next() != '}' {
	}
	name := string(p.in[start:max(start, p.at-1)])
	for _, prefix := range []string{"General_Category=", "gc=", "Script=", "sc="} {
		name = strings.TrimPrefix(name, prefix)
	}
	if short, ok := categories[name]; ok {
		name = short
	}
	text := `\` + string(r) + "{" + name + "}"
	if _, err := syntax.Parse(text, syntax.Perl); err != nil {
		return noWords
	}
	return text
}

// categories are the long names of general categories, which RE2 does not know.
var categories = map[string]string{
	"Letter": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Mark": "M", "Number": "N",
	"Decimal_Number": "Nd", "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Space_Separator": "Zs",
}

// forRE2 says the pattern in the syntax of RE2; nil: it cannot be said. What a pattern
// looks ahead for where it begins is a match of its own.
func forRE2(root node) []Part {
	var parts []Part
	if len(root.alternatives) == 1 {
		sequence := root.alternatives[0]
		if len(sequence) > 1 && sequence[0].kind == begin {
			rest := sequence[1:]
			for len(rest) > 0 && rest[0].kind == ahead {
				body := node{kind: group, alternatives: rest[0].alternatives, least: 1, most: 1}
				parts = append(parts, Part{Source: `\A` + re2Text(body), Not: rest[0].not})
				rest = rest[1:]
			}
			root.alternatives = [][]node{append([]node{sequence[0]}, rest...)}
		}
	}
	parts = append([]Part{{Source: re2Text(root)}}, parts...)
	for _, each := range parts {
		if strings.Contains(each.Source, noWordsMark) {
			return nil
		}
		if _, err := syntax.Parse(each.Source, syntax.Perl); err != nil {
			return nil
		}
	}
	return parts
}

// noWordsMark stands in no text that re2Text writes otherwise.
const noWordsMark = "(?#)"

func re2Text(n node) string {
	out := re2Atom(n)
	switch {
	case n.least == 1 && n.most == 1:
		return out
	case n.least == 0 && n.most == 1:
		return out + "?"
	case n.most == endless && n.least <= 1:
		return out + []string{"*", "+"}[n.least]
	case n.most == endless:
		return fmt.Sprintf("%s{%d,}", out, n.least)
	}
	return fmt.Sprintf("%s{%d,%d}", out, n.least, n.most)
}

func re2Atom(n node) string {
	switch n.kind {
	case begin:
		return `\A`
	case end:
		return `\z`
	case boundary:
		return map[bool]string{false: `\b`, true: `\B`}[n.not]
	case char:
		if n.re2 == "" || strings.Contains(n.re2, noWords) {
			return noWordsMark
		}
		return n.re2
	case group:
		var alternatives []string
		for _, sequence := range n.alternatives {
			var b strings.Builder
			for _, part := range sequence {
				b.WriteString(re2Text(part))
			}
			alternatives = append(alternatives, b.String())
		}
		return "(?:" + strings.Join(alternatives, "|") + ")"
	}
	return noWordsMark
}
