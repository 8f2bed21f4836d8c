package sample

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// matcher says whether a text matches a pattern of ECMAScript.
type matcher interface{ MatchString(string) bool }

// compiled holds what compile made of each pattern: a document says the same one of
// hundreds of schemas, and each of them judges many values.
var compiled sync.Map // of matcher, by pattern

// compile reads an ECMAScript pattern; nil where it cannot be read. What Go's own syntax
// does not have (looking ahead and behind, backreferences) is matched by backtracking,
// for a bounded time.
func compile(pattern string) matcher {
	if known, ok := compiled.Load(pattern); ok {
		m, _ := known.(matcher) // nothing else is stored
		return m
	}
	m := newMatcher(pattern)
	if m != nil {
		compiled.Store(pattern, m)
	}
	return m
}

func newMatcher(pattern string) matcher {
	if re, err := regexp.Compile(translate(pattern)); err == nil {
		return re
	}
	re, err := regexp2.Compile(pattern, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		re, err = regexp2.Compile(pattern, regexp2.None)
	}
	if err != nil {
		return nil
	}
	re.MatchTimeout = 50 * time.Millisecond
	return backtracking{re}
}

// translate brings what only ECMAScript writes into Go's syntax.
func translate(pattern string) string {
	out := unescaped.Replace(unicodeEscape.ReplaceAllString(pattern, `\x{$1}`))
	return strings.ReplaceAll(out, `[^]`, `[\s\S]`)
}

var (
	unicodeEscape = regexp.MustCompile(`\\u\{?([0-9A-Fa-f]{4,6})\}?`)
	// unescaped are characters that only ECMAScript escapes.
	unescaped = strings.NewReplacer(`\/`, `/`, `\-`, `\x2d`, `\_`, `_`, `\@`, `@`, `\'`, `'`, `\"`, `"`, `\ `, ` `, `\:`, `:`, `\,`, `,`, `\#`, `#`,
		`\=`, `=`, `\&`, `&`, `\!`, `!`, `\%`, `%`, `\;`, `;`, `\<`, `<`, `\>`, `>`, `\~`, `~`)
)

type backtracking struct{ re *regexp2.Regexp }

func (b backtracking) MatchString(s string) bool {
	ok, err := b.re.MatchString(s)
	return err == nil && ok
}

// fromPattern makes texts that may match a pattern; within the bounds if the pattern's
// own repetitions allow it. Only what compile says matches does.
func fromPattern(pattern string, least, most int) []string {
	if tree, err := syntax.Parse(translate(pattern), syntax.Perl); err == nil {
		return []string{fromTree(tree, least, most)}
	}
	rest, ahead := lookaround(pattern)
	tree, err := syntax.Parse(translate(rest), syntax.Perl)
	if err != nil {
		return mixed
	}
	// What is looked for ahead is mostly a character that must be somewhere: put those
	// first, and what the pattern asks for behind them.
	found := ""
	for _, a := range ahead {
		if t, err := syntax.Parse(translate(a), syntax.Perl); err == nil {
			found += fromTree(t, 0, most)
		}
	}
	body := fromTree(tree, least, most)
	out := []string{body, found + body, body + found, found}
	if len(found) > 0 && len(body) > len(found) {
		out = append(out, found+body[len(found):])
	}
	for _, filler := range []string{"b", "x", "A", "1", "z9"} {
		out = append(out, filler+body, body+filler)
	}
	return append(out, mixed...)
}

// mixed are texts that satisfy many rules of passwords.
var mixed = []string{"Aa1!Aa1!", "Aa1!Aa1!Aa1!", "Aa1bcdef", "Example-1", "abc-def-1", "b1"}

// lookaround is a pattern without the groups that look ahead or behind, and what the
// ones that look ahead for something hold. What must stand behind is asked for in place,
// and a backreference is its group once more.
func lookaround(pattern string) (rest string, ahead []string) {
	var b strings.Builder
	var groups []string
	for i := 0; i < len(pattern); {
		switch tail := pattern[i:]; {
		case strings.HasPrefix(tail, "(?="):
			ahead = append(ahead, pattern[i+3:closing(pattern, i)])
			i = closing(pattern, i) + 1
		case strings.HasPrefix(tail, "(?!"), strings.HasPrefix(tail, "(?<!"):
			i = closing(pattern, i) + 1
		case strings.HasPrefix(tail, "(?<="):
			b.WriteString("(?:")
			i += len("(?<=")
		case len(tail) > 1 && tail[0] == '\\':
			if n := int(tail[1] - '0'); n >= 1 && n <= len(groups) {
				b.WriteString("(?:" + groups[n-1] + ")")
			} else {
				b.WriteString(tail[:2])
			}
			i += 2
		default:
			if tail[0] == '(' && !strings.HasPrefix(tail, "(?") {
				groups = append(groups, pattern[i+1:closing(pattern, i)])
			}
			b.WriteByte(tail[0])
			i++
		}
	}
	return b.String(), ahead
}

// closing is the place of the parenthesis that closes the one at open.
func closing(pattern string, open int) int {
	depth, class := 0, false
	for i := open; i < len(pattern); i++ {
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
				return i
			}
		}
	}
	return len(pattern)
}

func fromTree(tree *syntax.Regexp, least, most int) string {
	tree = tree.Simplify()
	for more := 0; more < 64; more++ {
		out := textOf(tree, more)
		if len(out) > most {
			break
		}
		if len(out) >= least {
			return out
		}
	}
	return textOf(tree, 0)
}

// textOf repeats what may be repeated more times than it must be.
func textOf(re *syntax.Regexp, more int) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(runeOf(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpCapture:
		return textOf(re.Sub[0], more)
	case syntax.OpConcat:
		var b strings.Builder
		for _, s := range re.Sub {
			b.WriteString(textOf(s, more))
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
		return strings.Repeat(textOf(re.Sub[0], 0), re.Min)
	}
	return ""
}

// runeOf picks from a class what people like to read.
func runeOf(class []rune) rune {
	for _, want := range []rune{'a', 'A', '1', '0', 'b', '-', '_', ' '} {
		for i := 0; i+1 < len(class); i += 2 {
			if class[i] <= want && want <= class[i+1] {
				return want
			}
		}
	}
	for i := 0; i+1 < len(class); i += 2 {
		if class[i] > ' ' && class[i] < 0x7f {
			return class[i]
		}
	}
	if len(class) > 0 {
		return class[0]
	}
	return 'a'
}
