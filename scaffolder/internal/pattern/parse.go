package pattern

import (
	"strconv"
	"strings"
	"unicode"
)

// parser reads a pattern into nodes.
type parser struct {
	in     []rune
	at     int
	failed bool
}

// deepest is how deep groups may nest; nobody writes more than a few.
const deepest = 100

func (p *parser) peek() rune {
	if p.at < len(p.in) {
		return p.in[p.at]
	}
	return -1
}

func (p *parser) next() rune {
	r := p.peek()
	p.at++
	return r
}

func (p *parser) take(text string) bool {
	if strings.HasPrefix(string(p.in[min(p.at, len(p.in)):min(p.at+len(text), len(p.in))]), text) {
		p.at += len(text)
		return true
	}
	return false
}

// alternatives reads up to a closing bracket or the end.
func (p *parser) alternatives(depth int) node {
	n := one(group)
	n.alternatives = [][]node{{}}
	if depth > deepest {
		p.failed = true
	}
	for !p.failed && p.at < len(p.in) && p.peek() != ')' {
		if p.take("|") {
			n.alternatives = append(n.alternatives, []node{})
			continue
		}
		last := len(n.alternatives) - 1
		n.alternatives[last] = append(n.alternatives[last], p.quantified(depth))
	}
	return n
}

func (p *parser) quantified(depth int) node {
	n := p.atom(depth)
	least, most, ok := p.quantifier()
	if !ok {
		return n
	}
	p.take("?") // lazy: it backtracks as well
	if n.kind != char && n.kind != group && n.kind != back {
		p.failed = true // only old JavaScript lets an assertion be repeated
	}
	n.least, n.most = least, most
	return n
}

func (p *parser) quantifier() (least, most int, ok bool) {
	switch {
	case p.take("*"):
		return 0, endless, true
	case p.take("+"):
		return 1, endless, true
	case p.take("?"):
		return 0, 1, true
	case p.peek() != '{':
		return 0, 0, false
	}
	end := p.at
	for end < len(p.in) && p.in[end] != '}' {
		end++
	}
	if end == len(p.in) {
		return 0, 0, false
	}
	from, to, ranged := strings.Cut(string(p.in[p.at+1:end]), ",")
	least, err := strconv.Atoi(from)
	if err != nil { // a brace that stands for itself
		return 0, 0, false
	}
	most = least
	if ranged {
		if most, err = strconv.Atoi(to); to == "" {
			most = endless
		} else if err != nil {
			return 0, 0, false
		}
	}
	p.at = end + 1
	return least, most, true
}

// atom reads one character, class or group.
func (p *parser) atom(depth int) node {
	switch r := p.next(); r {
	case '^':
		return one(begin)
	case '$':
		return one(end)
	case '.':
		return ofSet(newlines.not())
	case '[':
		return p.class()
	case '(':
		return p.group(depth)
	case '\\':
		return p.escaped()
	case '*', '+', '?':
		p.failed = true
		return one(char)
	default:
		return ofSet(set{{r, r}})
	}
}

func (p *parser) group(depth int) node {
	n := one(group)
	switch {
	case p.take("?:"):
	case p.take("?="), p.take("?!"):
		n.kind, n.not = ahead, p.in[p.at-1] == '!'
	case p.take("?<="), p.take("?<!"):
		n.kind, n.not = behind, p.in[p.at-1] == '!'
	case p.take("?<"):
		for p.at < len(p.in) && p.next() != '>' {
		}
	case p.peek() == '?':
		p.failed = true
	}
	n.alternatives = p.alternatives(depth + 1).alternatives
	if p.next() != ')' {
		p.failed = true
	}
	return n
}

// escaped reads what stands behind a backslash outside of a class.
func (p *parser) escaped() node {
	switch r := p.peek(); {
	case r == 'b' || r == 'B':
		p.at++
		n := one(boundary)
		n.not = r == 'B'
		return n
	case r == 'k':
		p.at++
		if !p.take("<") {
			p.failed = true
		}
		for p.at < len(p.in) && p.next() != '>' {
		}
		return one(back)
	case r >= '1' && r <= '9':
		for p.peek() >= '0' && p.peek() <= '9' {
			p.at++
		}
		return one(back)
	}
	s, re2 := p.escape()
	n := ofSet(s)
	if re2 != "" {
		n.re2 = re2
	}
	return n
}

// escape reads what stands behind a backslash for characters. What is no list of ranges
// (a property of Unicode) is any character to us, and has the words of RE2 beside it;
// "?": there are none.
func (p *parser) escape() (s set, re2 string) {
	switch r := p.next(); r {
	case 'd':
		return digits, ""
	case 'D':
		return digits.not(), ""
	case 'w':
		return wordChars, ""
	case 'W':
		return wordChars.not(), ""
	case 's':
		return spaces, ""
	case 'S':
		return spaces.not(), ""
	case 'p', 'P':
		return anything, p.property(r)
	case 'c':
		letter := p.next()
		return set{{letter % 32, letter % 32}}, ""
	case '0':
		return set{{0, 0}}, ""
	case 'x':
		return p.hex(2)
	case 'u':
		return p.hex(4)
	case 't', 'n', 'v', 'f', 'r':
		c := map[rune]rune{'t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r'}[r]
		return set{{c, c}}, ""
	case -1:
		p.failed = true
		return nil, ""
	default:
		return set{{r, r}}, ""
	}
}

// hex reads the digits of \x41, \u0041 and \u{41}.
func (p *parser) hex(length int) (s set, re2 string) {
	start, end := p.at, min(p.at+length, len(p.in))
	if length == 4 && p.take("{") {
		start = p.at
		for p.at < len(p.in) && p.peek() != '}' {
			p.at++
		}
		end = min(p.at, len(p.in))
		p.at = end + 1
	} else {
		p.at = end
	}
	n, err := strconv.ParseUint(string(p.in[start:end]), 16, 31)
	if err != nil || n > unicode.MaxRune || n >= 0xd800 && n <= 0xdfff { // half a character
		return anything, noWords
	}
	return set{{rune(n), rune(n)}}, ""
}

// class reads a class behind its opening bracket.
func (p *parser) class() node {
	negated := p.take("^")
	out := set{}
	var properties []string
	for {
		switch r := p.peek(); r {
		case -1:
			p.failed = true
			return one(char)
		case ']':
			p.at++
			return ofClass(out, properties, negated)
		}
		from, property := p.member()
		if property != "" {
			properties = append(properties, property)
			continue
		}
		if p.peek() == '-' && p.at+1 < len(p.in) && p.in[p.at+1] != ']' {
			before := p.at
			p.at++
			to, property := p.member()
			if property == "" && len(from) == 1 && len(to) == 1 && from[0].from == from[0].to && from[0].from <= to[0].to {
				from = set{{from[0].from, to[0].to}}
			} else {
				p.at = before // it stands for itself, as in [\w-.]
			}
		}
		out = append(out, from...)
	}
}

func (p *parser) member() (s set, property string) {
	r := p.next()
	if r != '\\' {
		return set{{r, r}}, ""
	}
	if p.take("b") { // in a class it is a backspace
		return set{{'\b', '\b'}}, ""
	}
	return p.escape()
}
