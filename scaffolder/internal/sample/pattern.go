package sample

import (
	"regexp/syntax"
	"strings"
)

// fromPattern makes a text that matches a pattern, if it can be read; within the
// bounds if the pattern's own repetitions allow it.
func fromPattern(pattern string, least, most int) string {
	tree, err := syntax.Parse(translate(pattern), syntax.Perl)
	if err != nil {
		return ""
	}
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
