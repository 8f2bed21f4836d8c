package schema

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// Pattern is a regular expression of ECMAScript.
type Pattern struct {
	Source string
	re     *regexp2.Regexp // nil: it cannot be read
}

// NewPattern reads a pattern. One that cannot be read matches nothing for sure,
// and may match anything.
func NewPattern(source string) *Pattern {
	p := &Pattern{Source: source}
	for _, options := range []regexp2.RegexOptions{regexp2.ECMAScript | regexp2.Unicode, regexp2.ECMAScript, regexp2.Unicode} {
		if re, err := regexp2.Compile(source, options); err == nil {
			re.MatchTimeout = 100 * time.Millisecond
			p.re = re
			break
		}
	}
	return p
}

func (p *Pattern) matches(v string, how Strictness) bool {
	if p.re == nil {
		return how == Lenient
	}
	ok, err := p.re.MatchString(v)
	if err != nil { // it took too long, and would again
		p.re = nil
		return how == Lenient
	}
	return ok
}

// write makes a text that matches, of at least and at most so many characters
// where the pattern's own repetitions allow it. Look-arounds are left out; the
// caller judges what comes.
func (p *Pattern) write(least, most int) string {
	tree, err := syntax.Parse(goSyntax(withoutLooks(p.Source)), syntax.Perl)
	if err != nil {
		return ""
	}
	for more := range 300 {
		out := textOf(tree, more)
		if n := utf8.RuneCountInString(out); n > most {
			break
		} else if n >= least {
			return out
		}
	}
	return textOf(tree, 0)
}

// goSyntax brings what only ECMAScript writes into Go's form.
func goSyntax(pattern string) string {
	pattern = regexp.MustCompile(`\\u\{?([0-9A-Fa-f]{4,6})\}?`).ReplaceAllString(pattern, `\x{$1}`)
	pattern = regexp.MustCompile(`\(\?<([A-Za-z])`).ReplaceAllString(pattern, `(?P<$1`)
	// An escaped character that needs none is an error in Go.
	pattern = regexp.MustCompile(`\\([/_@'" :,#=&!%;<>~-])`).ReplaceAllStringFunc(pattern, func(s string) string {
		if s == `\-` {
			return `\x2d`
		}
		return s[1:]
	})
	return strings.ReplaceAll(pattern, `[^]`, `[\s\S]`)
}

// withoutLooks leaves out look-aheads and look-behinds.
func withoutLooks(pattern string) string {
	for _, mark := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		for {
			start := strings.Index(pattern, mark)
			if start < 0 {
				break
			}
			pattern = pattern[:start] + pattern[start+groupLength(pattern[start:]):]
		}
	}
	return pattern
}

// groupLength is how long the group at the beginning is.
func groupLength(pattern string) int {
	depth, class := 0, false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(pattern)
}

// textOf writes one text of an expression; more is how many repeats beyond what
// has to be.
func textOf(re *syntax.Regexp, more int) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(ordinary(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpCapture:
		return textOf(re.Sub[0], more)
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(textOf(sub, more))
		}
		return b.String()
	case syntax.OpAlternate:
		return textOf(re.Sub[0], more)
	case syntax.OpStar:
		return strings.Repeat(textOf(re.Sub[0], 0), more)
	case syntax.OpPlus:
		return strings.Repeat(textOf(re.Sub[0], 0), more+1)
	case syntax.OpQuest:
		if more > 0 {
			return textOf(re.Sub[0], more-1)
		}
	case syntax.OpRepeat:
		n := re.Min + more
		if re.Max >= 0 {
			n = min(n, re.Max)
		}
		return strings.Repeat(textOf(re.Sub[0], 0), n)
	}
	return ""
}

// ordinary is a letter or digit of a class where it has one.
func ordinary(class []rune) rune {
	inside := func(c rune) bool {
		for i := 0; i+1 < len(class); i += 2 {
			if class[i] <= c && c <= class[i+1] {
				return true
			}
		}
		return false
	}
	for _, c := range "aA1b0-_ " {
		if inside(c) {
			return c
		}
	}
	for c := rune('!'); c < 0x7f; c++ {
		if inside(c) {
			return c
		}
	}
	if len(class) > 0 {
		return class[0]
	}
	return 'a'
}
