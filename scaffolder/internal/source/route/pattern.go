package route

import (
	"strconv"
	"strings"
)

// Dialect is a syntax of paths.
type Dialect int

const (
	// Express4 is path-to-regexp 0.1, Koa6 is 3 to 6, Express5 is 8 (Koa's router from
	// 13 on, too), Fastify is find-my-way.
	Express4 Dialect = iota
	Koa6
	Express5
	Fastify
)

// Piece is a part of a pattern: a literal text, or a parameter.
type Piece struct {
	Literal string
	Param   string // "" for a literal
	Pattern string // regular expression of the parameter, "" for any
	// Wild says that the parameter may have slashes in it.
	Wild bool
}

// Pattern is one concrete form of a path.
type Pattern []Piece

// parsePath is the patterns that a path stands for: one for each way to leave out what
// is optional, with everything first.
func parsePath(d Dialect, text string) []Pattern {
	p := &pathParser{dialect: d, text: text}
	out := p.sequence(0)
	for i := range out {
		out[i] = out[i].compact()
	}
	return out
}

type pathParser struct {
	dialect Dialect
	text    string
	pos     int
	wild    int
}

// sequence parses up to an end character, or the end of the text.
func (p *pathParser) sequence(end byte) []Pattern {
	out := []Pattern{nil}
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		if end != 0 && c == end {
			p.pos++
			return out
		}
		pieces, optional := p.next(c)
		if optional {
			out = withOptional(out, pieces)
		} else {
			out = product(out, pieces)
		}
	}
	return out
}

// withOptional has each pattern with the pieces, then each without.
func withOptional(list []Pattern, pieces []Pattern) []Pattern {
	with := product(list, pieces)
	for _, p := range list {
		with = append(with, p.withoutSlash(pieces))
	}
	return with
}

// withoutSlash takes off the slash that belongs to the segment that is left out, as
// the frameworks do: /a/:b? is /a/b and /a.
func (p Pattern) withoutSlash(left []Pattern) Pattern {
	if len(p) == 0 || len(left) == 0 || len(left[0]) == 0 || left[0][0].Param == "" {
		return p
	}
	last := p[len(p)-1]
	if last.Param == "" && strings.HasSuffix(last.Literal, "/") {
		out := append(Pattern{}, p[:len(p)-1]...)
		if rest := strings.TrimSuffix(last.Literal, "/"); rest != "" {
			out = append(out, Piece{Literal: rest})
		}
		return out
	}
	return p
}

func product(list []Pattern, pieces []Pattern) []Pattern {
	out := make([]Pattern, 0, len(list)*len(pieces))
	for _, a := range list {
		for _, b := range pieces {
			if len(out) < 64 {
				out = append(out, append(append(Pattern{}, a...), b...).compact())
			}
		}
	}
	return out
}

// next parses one unit, and says whether it may be left out.
func (p *pathParser) next(c byte) (pieces []Pattern, optional bool) {
	p.pos++
	switch {
	case c == '\\' && p.pos < len(p.text):
		p.pos++
		return literal(p.text[p.pos-1 : p.pos]), false
	case c == ':' && p.dialect == Fastify && p.at() == ':':
		p.pos++
		return literal(":"), false
	case c == ':' && (isNameByte(p.at()) || p.at() == '"'):
		return p.parameter()
	case c == '*' && p.dialect != Koa6:
		return p.wildcard()
	case c == '*':
		return p.wildcard()
	case c == '{' && (p.dialect == Express5 || p.dialect == Koa6):
		inner := p.sequence('}')
		mod := p.modifier()
		return inner, p.dialect == Express5 || mod == '?' || mod == '*'
	case c == '(' && p.dialect != Express5:
		return p.group()
	}
	if p.dialect == Express4 && p.at() == '?' { // the character may be missing
		p.pos++
		if c == '/' && p.pos == len(p.text) {
			return literal(""), false
		}
		return literal(string(c)), true
	}
	if p.dialect == Koa6 && c == '/' && p.at() == '?' && p.pos+1 == len(p.text) {
		p.pos++
		return literal(""), false
	}
	return literal(p.plain()), false
}

// plain is the text that means itself from the byte before pos on; it ends before what
// may make its last byte optional.
func (p *pathParser) plain() string {
	start := p.pos - 1
	for p.pos < len(p.text) && (p.at() == '/' || p.at() == '-' || p.at() == '.' || isNameByte(p.at())) {
		p.pos++
	}
	if p.at() == '?' && p.pos-start > 1 {
		p.pos--
	}
	return p.text[start:p.pos]
}

func (p *pathParser) at() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func literal(s string) []Pattern {
	if s == "" {
		return []Pattern{nil}
	}
	return []Pattern{{{Literal: s}}}
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (p *pathParser) name() string {
	if p.at() == '"' {
		if end := strings.IndexByte(p.text[p.pos+1:], '"'); end >= 0 {
			name := p.text[p.pos+1 : p.pos+1+end]
			p.pos += end + 2
			return name
		}
	}
	start := p.pos
	for p.pos < len(p.text) && isNameByte(p.text[p.pos]) {
		p.pos++
	}
	return p.text[start:p.pos]
}

func (p *pathParser) modifier() byte {
	if c := p.at(); c == '?' || c == '*' || c == '+' {
		if c == '*' && p.dialect == Fastify || p.dialect == Express5 {
			return 0
		}
		p.pos++
		return c
	}
	return 0
}

func (p *pathParser) parameter() ([]Pattern, bool) {
	piece := Piece{Param: p.name()}
	if p.at() == '(' && p.dialect != Express5 {
		p.pos++
		piece.Pattern = p.balanced()
		if piece.Pattern == ".*" || piece.Pattern == ".+" || piece.Pattern == "*" {
			piece.Pattern, piece.Wild = "", true
		}
	}
	mod := p.modifier()
	piece.Wild = piece.Wild || mod == '*' || mod == '+'
	return []Pattern{{piece}}, mod == '?' || mod == '*'
}

// balanced is the text up to the parenthesis that closes.
func (p *pathParser) balanced() string {
	depth, start := 1, p.pos
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case '\\':
			p.pos++
		case '(':
			depth++
		case ')':
			depth--
		}
		p.pos++
		if depth == 0 {
			return p.text[start : p.pos-1]
		}
	}
	return p.text[start:min(p.pos, len(p.text))]
}

func (p *pathParser) wildcard() ([]Pattern, bool) {
	piece := Piece{Param: "", Wild: true}
	if p.dialect == Express5 {
		piece.Param = p.name()
	}
	if piece.Param == "" {
		piece.Param = p.wildName()
	}
	return []Pattern{{piece}}, false
}

// wildName names what has no name: wildcard, wildcard2, …
func (p *pathParser) wildName() string {
	p.wild++
	if p.wild == 1 {
		return "wildcard"
	}
	return "wildcard" + strconv.Itoa(p.wild)
}

// group is (…) without a name: a text that may be left out, or a parameter.
func (p *pathParser) group() ([]Pattern, bool) {
	body := strings.TrimPrefix(p.balanced(), "?:")
	mod := p.modifier()
	plain := body != "" && strings.IndexFunc(body, func(r rune) bool {
		return !(r == '/' || r == '-' || r == '|' || r < 0x80 && isNameByte(byte(r)))
	}) < 0
	if plain {
		var out []Pattern
		for _, one := range strings.Split(body, "|") {
			out = append(out, literal(one)...)
		}
		return out, mod == '?' || mod == '*'
	}
	piece := Piece{Param: p.wildName(), Pattern: body}
	if body == ".*" || body == ".+" || body == "*" || strings.HasPrefix(body, ".*") {
		piece.Pattern, piece.Wild = "", true
	}
	return []Pattern{{piece}}, mod == '?' || mod == '*'
}

// compact joins literals that stand side by side.
func (p Pattern) compact() Pattern {
	var out Pattern
	for _, piece := range p {
		if n := len(out); n > 0 && piece.Param == "" && out[n-1].Param == "" {
			out[n-1].Literal += piece.Literal
			continue
		}
		out = append(out, piece)
	}
	return out
}

// join puts a path behind a prefix, with one slash between them.
func join(prefix, rest Pattern) Pattern {
	a, b := append(Pattern{}, prefix...), append(Pattern{}, rest...)
	if n := len(a); n > 0 && a[n-1].Param == "" {
		a[n-1].Literal = strings.TrimRight(a[n-1].Literal, "/")
	}
	if len(b) == 0 {
		return a.compact()
	}
	if b[0].Param != "" || !strings.HasPrefix(b[0].Literal, "/") {
		b = append(Pattern{{Literal: "/"}}, b...)
	}
	return append(a, b...).compact()
}

// String is the pattern as OpenAPI writes paths.
func (p Pattern) String() string {
	var b strings.Builder
	for _, piece := range p {
		if piece.Param != "" {
			b.WriteString("{" + piece.Param + "}")
		} else {
			b.WriteString(piece.Literal)
		}
	}
	s := b.String()
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	if !strings.HasPrefix(s, "/") {
		s = "/" + s
	}
	return s
}

// covers says whether every request for the path of some segments passes a handler that
// is used for mine: those stand at its beginning. A parameter covers any segment.
func covers(mine, its []string) bool {
	for i, s := range mine {
		if strings.HasPrefix(s, "{wildcard") {
			return true
		}
		if i >= len(its) {
			return false
		}
		if !strings.HasPrefix(s, "{") && s != its[i] {
			return false
		}
	}
	return true
}

func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}
