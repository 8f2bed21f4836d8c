package eval

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

func (ev *Evaluator) stringMember(s String, name string, at Place) Value {
	if name == "length" {
		return Number(len(utf16.Encode([]rune(string(s)))))
	}
	if i, err := strconv.Atoi(name); err == nil {
		if r := []rune(string(s)); i >= 0 && i < len(r) {
			return String(string(r[i]))
		}
		return Undefined{}
	}
	return &Native{Name: name, Call: func(c *Call) Value {
		if this, ok := c.This.(String); ok {
			s = this
		}
		if v := stringMethod(string(s), name, c); v != nil {
			return v
		}
		return Unknown("a text", c.At)
	}}
}

// textMember is a member of a text that is known in parts: what does not change it
// keeps it.
func (ev *Evaluator) textMember(t *Text, name string, at Place) Value {
	switch name {
	case "toLowerCase", "toUpperCase", "trim", "toString", "trimEnd", "trimStart", "valueOf":
		return constant(name, t)
	case "startsWith":
		return &Native{Name: name, Call: func(c *Call) Value {
			want, ok := c.Arg(0).(String)
			if first, is := t.Parts[0].(String); is && ok && len(first) >= len(want) {
				return Bool(strings.HasPrefix(string(first), string(want)))
			}
			return Unknown(name, c.At)
		}}
	case "concat":
		return &Native{Name: name, Call: func(c *Call) Value {
			var v Value = t
			for _, a := range c.Args {
				v = concat(v, a)
			}
			return v
		}}
	case "replace", "replaceAll":
		return &Native{Name: name, Call: func(c *Call) Value {
			out := &Text{}
			for _, p := range t.Parts {
				if s, ok := p.(String); ok {
					if v, ok := stringMethod(string(s), name, c).(String); ok {
						p = v
					}
				}
				out.Parts = append(out.Parts, p)
			}
			return out
		}}
	}
	return Unknown(name, at)
}

func constant(name string, v Value) *Native {
	return &Native{Name: name, Call: func(*Call) Value { return v }}
}

func numberMember(n Number, name string) Value {
	switch name {
	case "toString", "toFixed", "valueOf", "toLocaleString":
		return constant(name, String(ToText(n)))
	}
	return Undefined{}
}

// stringMethod is a method of a text that is known; nil where its result is not.
func stringMethod(s, name string, c *Call) Value {
	arg := func(i int) (string, bool) {
		v, ok := c.Arg(i).(String)
		return string(v), ok
	}
	switch name {
	case "toLowerCase", "toLocaleLowerCase":
		return String(strings.ToLower(s))
	case "toUpperCase", "toLocaleUpperCase":
		return String(strings.ToUpper(s))
	case "trim":
		return String(strings.TrimSpace(s))
	case "trimStart", "trimLeft":
		return String(strings.TrimLeft(s, " \t\r\n"))
	case "trimEnd", "trimRight":
		return String(strings.TrimRight(s, " \t\r\n"))
	case "toString", "valueOf", "normalize":
		return String(s)
	case "slice", "substring":
		r := []rune(s)
		from, to := bounds(len(r), c.Arg(0), c.Arg(1))
		return String(string(r[from:to]))
	case "substr":
		r := []rune(s)
		from, to := bounds(len(r), c.Arg(0), Undefined{})
		if n, ok := c.Arg(1).(Number); ok {
			to = min(to, from+max(int(n), 0))
		}
		return String(string(r[from:to]))
	case "charAt", "at":
		r := []rune(s)
		if n, ok := c.Arg(0).(Number); ok && int(n) >= 0 && int(n) < len(r) {
			return String(string(r[int(n)]))
		}
		return String("")
	case "concat":
		var v Value = String(s)
		for _, a := range c.Args {
			v = concat(v, a)
		}
		return v
	case "repeat":
		if n, ok := c.Arg(0).(Number); ok && n >= 0 && int(n)*len(s) < 10_000 {
			return String(strings.Repeat(s, int(n)))
		}
		return nil
	case "replace", "replaceAll":
		return replaceText(s, name, c)
	case "split":
		return splitText(s, c)
	case "match", "search":
		return matchText(s, name, c)
	}
	other, ok := arg(0)
	if !ok {
		return nil
	}
	switch name {
	case "startsWith":
		return Bool(strings.HasPrefix(s, other))
	case "endsWith":
		return Bool(strings.HasSuffix(s, other))
	case "includes":
		return Bool(strings.Contains(s, other))
	case "indexOf":
		return Number(strings.Index(s, other))
	case "lastIndexOf":
		return Number(strings.LastIndex(s, other))
	case "localeCompare":
		return Number(strings.Compare(s, other))
	}
	return nil
}

// mostReplaced is how often a text is replaced in another one.
const mostReplaced = 2_000

func replaceText(s, name string, c *Call) Value {
	var find func(string) []int
	all := name == "replaceAll"
	var re *regexp.Regexp
	switch pattern := c.Arg(0).(type) {
	case String:
		find = func(rest string) []int {
			if i := strings.Index(rest, string(pattern)); i >= 0 {
				return []int{i, i + len(pattern)}
			}
			return nil
		}
	case *RegExp:
		re = compile(pattern)
		if re == nil {
			return nil
		}
		all = all || strings.Contains(pattern.Flags, "g")
		find = re.FindStringSubmatchIndex
	default:
		return nil
	}
	var v Value = String("")
	for n := 0; s != ""; n++ {
		m := find(s)
		if m == nil {
			break
		}
		if n > mostReplaced {
			return Unknown("a long text", c.At)
		}
		v = concat(v, String(s[:m[0]]))
		v = concat(v, replacement(s, m, c))
		if m[1] == m[0] {
			if m[1] >= len(s) {
				s = ""
				break
			}
			v = concat(v, String(s[m[1]:m[1]+1]))
			s = s[m[1]+1:]
		} else {
			s = s[m[1]:]
		}
		if !all {
			break
		}
	}
	return concat(v, String(s))
}

func replacement(s string, m []int, c *Call) Value {
	groups := []Value{}
	for i := 0; i+1 < len(m); i += 2 {
		if m[i] < 0 {
			groups = append(groups, Undefined{})
		} else {
			groups = append(groups, String(s[m[i]:m[i+1]]))
		}
	}
	switch with := c.Arg(1).(type) {
	case String:
		text := string(with)
		for i, g := range groups {
			text = strings.ReplaceAll(text, "$"+strconv.Itoa(i), ToText(g))
		}
		return String(strings.ReplaceAll(text, "$&", ToText(groups[0])))
	case *Function, *Native:
		return c.Evaluator.Call(with, Undefined{}, append(groups, Number(m[0]), String(s)), c.At)
	}
	return c.Arg(1)
}

func splitText(s string, c *Call) Value {
	var parts []string
	switch by := c.Arg(0).(type) {
	case String:
		parts = strings.Split(s, string(by))
	case *RegExp:
		re := compile(by)
		if re == nil {
			return nil
		}
		parts = re.Split(s, -1)
	case Undefined:
		parts = []string{s}
	default:
		return nil
	}
	out := &Array{At: c.At, level: c.level}
	for _, p := range parts {
		out.Elements = append(out.Elements, String(p))
	}
	return out
}

func matchText(s, name string, c *Call) Value {
	pattern, ok := c.Arg(0).(*RegExp)
	if !ok {
		return nil
	}
	re := compile(pattern)
	if re == nil {
		return nil
	}
	m := re.FindStringSubmatch(s)
	if name == "search" {
		if loc := re.FindStringIndex(s); loc != nil {
			return Number(loc[0])
		}
		return Number(-1)
	}
	if m == nil {
		return Null{}
	}
	if strings.Contains(pattern.Flags, "g") {
		m = re.FindAllString(s, -1)
	}
	out := &Array{At: c.At, level: c.level}
	for _, g := range m {
		out.Elements = append(out.Elements, String(g))
	}
	return out
}

func regexpMember(r *RegExp, name string) Value {
	switch name {
	case "test", "exec":
		return &Native{Name: name, Call: func(c *Call) Value {
			c.compared(c.Arg(0), r)
			s, ok := c.Arg(0).(String)
			re := compile(r)
			if !ok || re == nil {
				return Unknown(name, c.At)
			}
			if name == "test" {
				return Bool(re.MatchString(string(s)))
			}
			return matchText(string(s), "match", &Call{Evaluator: c.Evaluator, Args: []Value{r}, At: c.At})
		}}
	case "flags":
		return String(r.Flags)
	}
	return Undefined{}
}

// compile makes a Go expression of one of JavaScript; nil where they differ.
func compile(r *RegExp) *regexp.Regexp {
	flags := ""
	if strings.Contains(r.Flags, "i") {
		flags += "i"
	}
	if strings.Contains(r.Flags, "s") {
		flags += "s"
	}
	if strings.Contains(r.Flags, "m") {
		flags += "m"
	}
	pattern := strings.ReplaceAll(r.Pattern, `\/`, "/")
	if flags != "" {
		pattern = "(?" + flags + ")" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil
	}
	return re
}
