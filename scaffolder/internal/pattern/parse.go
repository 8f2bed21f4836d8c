package pattern

import (
	"strconv"
	"strings"
)

// parser reads a pattern as far as Slow needs it.
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
	n := node{min: 1, alternatives: [][]node{{}}}
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
	for !p.failed {
		least, unbounded, ok := p.quantifier()
		if !ok {
			return n
		}
		n.min = min(n.min, least)
		n.unbounded = n.unbounded || unbounded
		p.take("?") // lazy: it backtracks as well
	}
	return n
}

// manyTimes is from where on a counted repetition is as bad as an endless one.
const manyTimes = 16

func (p *parser) quantifier() (least int, unbounded, ok bool) {
	switch {
	case p.take("*"):
		return 0, true, true
	case p.take("+"):
		return 1, true, true
	case p.take("?"):
		return 0, false, true
	case p.peek() != '{':
		return 0, false, false
	}
	end := p.at
	for end < len(p.in) && p.in[end] != '}' {
		end++
	}
	if end == len(p.in) {
		return 0, false, false
	}
	from, to, ranged := strings.Cut(string(p.in[p.at+1:end]), ",")
	least, err := strconv.Atoi(from)
	if err != nil { // a brace that stands for itself
		return 0, false, false
	}
	p.at = end + 1
	most := least
	if ranged {
		if most, err = strconv.Atoi(to); err != nil {
			most = manyTimes
		}
	}
	return least, most >= manyTimes, true
}

// atom reads one character, class or group. What matches no character has no
// set.
func (p *parser) atom(depth int) node {
	switch r := p.next(); r {
	case '^', '$':
		return node{min: 1}
	case '.':
		return node{min: 1, set: newlines.not()}
	case '[':
		return node{min: 1, set: p.class()}
	case '(':
		return p.group(depth)
	case '\\':
		return node{min: 1, set: p.escape()}
	case '*', '+', '?':
		p.failed = true
		return node{min: 1}
	default:
		return node{min: 1, set: set{{r, r}}}
	}
}

func (p *parser) group(depth int) node {
	zeroWidth := false
	switch {
	case p.take("?:"):
	case p.take("?="), p.take("?!"), p.take("?<="), p.take("?<!"):
		zeroWidth = true
	case p.take("?<"):
		for p.at < len(p.in) && p.next() != '>' {
		}
	}
	n := p.alternatives(depth + 1)
	if p.next() != ')' {
		p.failed = true
	}
	if zeroWidth {
		return node{min: 1}
	}
	return n
}

// escape reads what stands behind a backslash; nil is no character.
func (p *parser) escape() set {
	switch r := p.next(); r {
	case 'd':
		return digits
	case 'D':
		return digits.not()
	case 'w':
		return wordChars
	case 'W':
		return wordChars.not()
	case 's':
		return spaces
	case 'S':
		return spaces.not()
	case 'b', 'B':
		return nil
	case 'p', 'P': // a Unicode property
		if p.take("{") {
			for p.at < len(p.in) && p.next() != '}' {
			}
		}
		return anything
	case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9': // a reference back
		return anything
	case 'x':
		return p.hex(2)
	case 'u':
		return p.hex(4)
	case 't', 'n', 'v', 'f', 'r':
		c := map[rune]rune{'t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r'}[r]
		return set{{c, c}}
	case -1:
		p.failed = true
		return nil
	default:
		return set{{r, r}}
	}
}

// hex reads the digits of \x41, \u0041 and \u{41}.
func (p *parser) hex(length int) set {
	start, end := p.at, min(p.at+length, len(p.in))
	if p.take("{") {
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
	if err != nil {
		return anything
	}
	return set{{rune(n), rune(n)}}
}

// class reads a class behind its opening bracket.
func (p *parser) class() set {
	negated := p.take("^")
	out := set{}
	for {
		switch r := p.peek(); r {
		case -1:
			p.failed = true
			return out
		case ']':
			p.at++
			if negated {
				return out.not()
			}
			return out
		}
		from := p.member()
		if p.peek() == '-' && p.at+1 < len(p.in) && p.in[p.at+1] != ']' {
			p.at++
			to := p.member()
			if len(from) == 1 && len(to) == 1 && from[0].from <= to[0].to {
				from = set{{from[0].from, to[0].to}}
			}
		}
		out = append(out, from...)
	}
}

func (p *parser) member() set {
	r := p.next()
	if r != '\\' {
		return set{{r, r}}
	}
	if p.take("b") { // in a class it is a backspace
		return set{{'\b', '\b'}}
	}
	return p.escape()
}
