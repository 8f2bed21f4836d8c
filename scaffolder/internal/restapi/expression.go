package restapi

import (
	"strings"
	"unicode"
)

// An expression is a condition of SQL as far as check.go has a use for it: what
// the server writes of a CHECK constraint, in canonical form.
type expression struct {
	// op is "and", "or", "not", a comparison ("=", "<", "~", …), "any" (a
	// comparison with each of a list), "call", "column", "text", "number",
	// "array" or "null".
	op    string
	value string // of a column, call, text or number; the comparison of "any"
	// cast is the type that the value is cast to last; "" is none.
	cast string
	args []*expression
}

// parseExpression reads a condition; nil is one that has more than is known here.
func parseExpression(text string) *expression {
	p := &expressionParser{tokens: sqlTokens(text)}
	e := p.or()
	if p.failed || p.at < len(p.tokens) {
		return nil
	}
	return e
}

// token is a word, an operator, a number, or a quoted text or name.
type token struct {
	kind rune // 'w' word, 'q' quoted name, 's' text, 'n' number, 'o' operator
	text string
}

func sqlTokens(text string) []token {
	var out []token
	for rest := text; rest != ""; {
		c := rest[0]
		switch {
		case c == ' ' || c == '\n' || c == '\t':
			rest = rest[1:]
		case c == '\'' || c == '"' || c == 'E' && strings.HasPrefix(rest, "E'"):
			t, n := quotedToken(rest)
			out, rest = append(out, t), rest[n:]
		case c >= '0' && c <= '9':
			n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' })
			out, rest = append(out, token{'n', head(rest, n)}), tail(rest, n)
		case isWord(rune(c)) || c >= 0x80:
			n := strings.IndexFunc(rest, func(r rune) bool { return !isWord(r) && r < 0x80 })
			out, rest = append(out, token{'w', head(rest, n)}), tail(rest, n)
		case strings.ContainsRune("()[],.", rune(c)):
			out, rest = append(out, token{'o', rest[:1]}), rest[1:]
		default:
			n := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("<>=!~*+-/%&|^#@?:", r) })
			if n == 0 {
				return append(out, token{'o', "unknown"})
			}
			out, rest = append(out, token{'o', head(rest, n)}), tail(rest, n)
		}
	}
	return out
}

func isWord(r rune) bool {
	return r == '_' || r == '$' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func head(s string, n int) string {
	if n < 0 {
		return s
	}
	return s[:n]
}

func tail(s string, n int) string {
	if n < 0 {
		return ""
	}
	return s[n:]
}

// quotedToken reads 'a”b', E'a\\b' and "a""b"; n is how many bytes it takes.
func quotedToken(s string) (token, int) {
	start, escapes := 0, false
	if s[0] == 'E' {
		start, escapes = 1, true
	}
	quote := s[start]
	kind := 's'
	if quote == '"' {
		kind = 'q'
	}
	var b strings.Builder
	for i := start + 1; i < len(s); i++ {
		switch {
		case escapes && s[i] == '\\' && i+1 < len(s):
			if s[i+1] != '\\' && s[i+1] != '\'' {
				return token{'o', "unknown"}, len(s)
			}
			i++
			b.WriteByte(s[i])
		case s[i] != quote:
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == quote:
			b.WriteByte(quote)
			i++
		default:
			return token{kind, b.String()}, i + 1
		}
	}
	return token{'o', "unknown"}, len(s)
}

type expressionParser struct {
	tokens []token
	at     int
	failed bool
}

func (p *expressionParser) next() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

func (p *expressionParser) is(kind rune, text string) bool {
	t := p.next()
	if t.kind == kind && t.text == text {
		p.at++
		return true
	}
	return false
}

func (p *expressionParser) want(text string) {
	if !p.is('o', text) {
		p.failed = true
	}
}

func (p *expressionParser) or() *expression {
	return p.joined("OR", "or", func() *expression {
		return p.joined("AND", "and", p.not)
	})
}

func (p *expressionParser) joined(word, op string, part func() *expression) *expression {
	e := part()
	if p.next() != (token{'w', word}) {
		return e
	}
	e = &expression{op: op, args: []*expression{e}}
	for !p.failed && p.is('w', word) {
		e.args = append(e.args, part())
	}
	return e
}

func (p *expressionParser) not() *expression {
	if p.is('w', "NOT") {
		return &expression{op: "not", args: []*expression{p.not()}}
	}
	return p.comparison()
}

func (p *expressionParser) comparison() *expression {
	left := p.casts()
	switch t := p.next(); {
	case t.kind == 'w' && t.text == "IS":
		p.at++
		negated := p.is('w', "NOT")
		if !p.is('w', "NULL") {
			p.failed = true
		}
		e := &expression{op: "null", args: []*expression{left}}
		if negated {
			e = &expression{op: "not", args: []*expression{e}}
		}
		return e
	case t.kind == 'o' && !strings.Contains("()[],.:: ", t.text):
		p.at++
		if p.is('w', "ANY") {
			p.want("(")
			list := p.or()
			p.want(")")
			return &expression{op: "any", value: t.text, args: []*expression{left, list}}
		}
		return &expression{op: t.text, args: []*expression{left, p.casts()}}
	}
	return left
}

func (p *expressionParser) casts() *expression {
	e := p.primary()
	for !p.failed && p.is('o', "::") {
		cast := *e
		cast.cast = p.typeName()
		e = &cast
	}
	return e
}

// typeName is a type behind a cast: words, with a modifier and brackets.
func (p *expressionParser) typeName() string {
	var words []string
	for p.next().kind == 'w' && !reservedWords[p.next().text] || p.next().kind == 'q' || p.next() == (token{'o', "."}) {
		words = append(words, p.next().text)
		p.at++
	}
	if len(words) == 0 {
		p.failed = true
	}
	if p.is('o', "(") {
		for p.next().kind == 'n' || p.next() == (token{'o', ","}) {
			p.at++
		}
		p.want(")")
	}
	name := strings.Join(words, " ")
	for p.is('o', "[") {
		p.want("]")
		name += "[]"
	}
	return name
}

var reservedWords = map[string]bool{"AND": true, "OR": true, "NOT": true, "IS": true, "COLLATE": true, "THEN": true, "ELSE": true, "END": true, "WHEN": true}

func (p *expressionParser) primary() *expression {
	t := p.next()
	p.at++
	switch {
	case t == (token{'o', "("}):
		e := p.or()
		p.want(")")
		return e
	case t == (token{'o', "-"}) && p.next().kind == 'n':
		p.at++
		return &expression{op: "number", value: "-" + p.tokens[p.at-1].text}
	case t.kind == 'n':
		return &expression{op: "number", value: t.text}
	case t.kind == 's':
		return &expression{op: "text", value: t.text}
	case t.kind == 'q':
		return &expression{op: "column", value: t.text}
	case t == (token{'w', "ARRAY"}) && p.is('o', "["):
		e := &expression{op: "array"}
		for !p.failed && !p.is('o', "]") {
			e.args = append(e.args, p.or())
			if !p.is('o', ",") && p.next() != (token{'o', "]"}) {
				p.failed = true
			}
		}
		return e
	case t.kind == 'w' && !strings.Contains(" CASE NULL ROW ", " "+t.text+" "):
		if !p.is('o', "(") {
			return &expression{op: "column", value: t.text}
		}
		e := &expression{op: "call", value: t.text}
		for !p.failed && !p.is('o', ")") {
			e.args = append(e.args, p.or())
			if !p.is('o', ",") && p.next() != (token{'o', ")"}) {
				p.failed = true
			}
		}
		return e
	}
	p.failed = true
	return &expression{}
}
