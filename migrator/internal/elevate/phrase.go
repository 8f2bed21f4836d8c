package elevate

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// phrase is a statement as its tokens, without blanks and comments.
type phrase struct {
	sql    string
	tokens []token
}

type token struct {
	sqltext.Token
	word  string // in lower case; "" when it is no plain word
	depth int    // of brackets around it
}

func parse(sql string) phrase {
	p := phrase{sql: sql}
	s := sqltext.NewScanner(sql)
	depth := 0
	for {
		t, ok := s.Next()
		if !ok {
			return p
		}
		switch t.Kind {
		case sqltext.Space, sqltext.Comment:
			continue
		case sqltext.Close:
			depth--
		}
		one := token{Token: t, depth: depth}
		if t.Kind == sqltext.Word {
			one.word = strings.ToLower(sql[t.From:t.To])
		}
		p.tokens = append(p.tokens, one)
		if t.Kind == sqltext.Open {
			depth++
		}
	}
}

// begins tells whether the first words are these; a word may name alternatives:
// "create|alter".
func (p phrase) begins(words ...string) bool { return p.at(0, words...) }

func (p phrase) at(i int, words ...string) bool {
	if i+len(words) > len(p.tokens) {
		return false
	}
	for j, w := range words {
		if !slices.Contains(strings.Split(w, "|"), p.tokens[i+j].word) || p.tokens[i+j].word == "" {
			return false
		}
	}
	return true
}

// find is the place of words outside of all brackets, or -1.
func (p phrase) find(words ...string) int {
	for i := range p.tokens {
		if p.tokens[i].depth == 0 && p.at(i, words...) {
			return i
		}
	}
	return -1
}

// has tells whether one of the words stands anywhere.
func (p phrase) has(words ...string) bool {
	return slices.ContainsFunc(p.tokens, func(t token) bool { return t.word != "" && slices.Contains(words, t.word) })
}

// hasName tells whether one of the names stands anywhere, quoted or not. A name
// that is written with escapes may be any.
func (p phrase) hasName(names ...string) bool {
	for i, t := range p.tokens {
		text := p.text(t)
		if len(text) > 1 && strings.EqualFold(text[:2], "u&") || slices.Contains(names, p.name(i)) && t.Kind != sqltext.String {
			return true
		}
	}
	return false
}

// hasSign tells whether a sign, or a string of signs, stands anywhere.
func (p phrase) hasSign(signs ...string) bool {
	return slices.ContainsFunc(p.tokens, func(t token) bool {
		return t.Kind != sqltext.Word && slices.Contains(signs, p.text(t))
	})
}

func (p phrase) text(t token) string { return p.sql[t.From:t.To] }

// name is the plain name at a place: of an extension, a language, a role.
func (p phrase) name(i int) string {
	if i < 0 || i >= len(p.tokens) {
		return ""
	}
	t := p.tokens[i]
	text := p.text(t)
	switch {
	case t.Kind == sqltext.Identifier && text[0] == '"':
		return strings.ReplaceAll(text[1:len(text)-1], `""`, `"`)
	case t.Kind == sqltext.String && text[0] == '\'':
		return strings.ReplaceAll(text[1:len(text)-1], `''`, `'`)
	}
	return t.word
}

// without is the statement without the tokens from i to before j.
func (p phrase) without(i, j int) string {
	return p.sql[:p.tokens[i].From] + p.sql[p.tokens[j-1].To:]
}

// qualified is the end of the name that begins at i: a, a.b, a.b.c.
func (p phrase) qualified(i int) int {
	for i+2 < len(p.tokens) && p.text(p.tokens[i+1]) == "." {
		i += 2
	}
	return min(i+1, len(p.tokens))
}
