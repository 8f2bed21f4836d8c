package eval

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// ToText is how a value is written where a text is wanted; "" where it is not known.
func ToText(v Value) string {
	s, _ := knownText(v)
	return s
}

func knownText(v Value) (string, bool) { return textIn(v, 0) }

// textIn is knownText in so many lists: one that holds itself has no text that is known.
func textIn(v Value, depth int) (string, bool) {
	if depth > 8 {
		return "", false
	}
	switch x := v.(type) {
	case String:
		return string(x), true
	case Number:
		return (&syntax.NumberLiteral{Value: float64(x)}).Key(), true
	case Bool:
		return strconv.FormatBool(bool(x)), true
	case Undefined:
		return "undefined", true
	case Null:
		return "null", true
	case *RegExp:
		return "/" + x.Pattern + "/" + x.Flags, true
	case *Array:
		parts := make([]string, len(x.Elements))
		for i, e := range x.Elements {
			s, ok := textIn(e, depth+1)
			if !ok {
				return "", false
			}
			parts[i] = s
		}
		return strings.Join(parts, ","), !x.Open
	}
	return "", false
}

// toKey is a value as the name of a property: a String where it is known.
func toKey(v Value) Value {
	if s, ok := knownText(v); ok {
		return String(s)
	}
	return v
}

// Concat writes two values one behind the other. What is not known stays as a piece.
func Concat(a, b Value) Value { return concat(a, b) }

func concat(a, b Value) Value {
	if u, ok := a.(*Union); ok {
		return joinEach(few(u), func(v Value) Value { return concat(v, b) })
	}
	if u, ok := b.(*Union); ok {
		return joinEach(few(u), func(v Value) Value { return concat(a, v) })
	}
	if x, ok := knownText(a); ok {
		if y, ok := knownText(b); ok {
			if len(x) > 0 && len(y) > 0 && len(x)+len(y) > longestText {
				return Unknown("a long text", Place{})
			}
			return String(x + y)
		}
	}
	parts := append(pieces(a), pieces(b)...)
	out := make([]Value, 0, len(parts))
	for _, p := range parts {
		s, known := p.(String)
		if known && len(out) > 0 {
			if last, ok := out[len(out)-1].(String); ok {
				if len(last)+len(s) > longestText {
					return Unknown("a long text", Place{})
				}
				out[len(out)-1] = last + s
				continue
			}
		}
		if known && s == "" && len(parts) > 1 {
			continue
		}
		out = append(out, p)
	}
	switch {
	case len(out) == 0:
		return String("")
	case len(out) == 1:
		if s, ok := out[0].(String); ok {
			return s
		}
	case len(out) > 16:
		return Unknown("a long text", Place{})
	}
	return &Text{Parts: out}
}

func pieces(v Value) []Value {
	if t, ok := v.(*Text); ok {
		return append([]Value{}, t.Parts...)
	}
	if s, ok := knownText(v); ok {
		return []Value{String(s)}
	}
	return []Value{v}
}

func joinEach(u *Union, f func(Value) Value) Value {
	out := make([]Value, 0, len(u.Of))
	for _, one := range u.Of {
		out = append(out, f(one))
	}
	return Join(out...)
}

// few is a union that may be multiplied with another one: texts first.
func few(u *Union) *Union {
	const most = 6
	if len(u.Of) <= most {
		return u
	}
	out := &Union{Of: slicesWhere(u.Of, func(v Value) bool { _, ok := v.(String); return ok })}
	if len(out.Of) == 0 {
		out.Of = u.Of
	}
	out.Of = out.Of[:min(len(out.Of), most)]
	return out
}

// Describe names a value in a message.
func Describe(v Value) string {
	switch x := v.(type) {
	case *Term:
		return x.String()
	case String:
		return strconv.Quote(string(x))
	case *Text:
		var b strings.Builder
		for _, p := range x.Parts {
			if s, ok := p.(String); ok {
				b.WriteString(string(s))
			} else {
				b.WriteString("${" + Describe(p) + "}")
			}
		}
		return "`" + b.String() + "`"
	case *Function:
		if x.Name != "" {
			return "function " + x.Name
		}
		return "a function"
	case *Native:
		return x.Name
	case *Class:
		return "class " + x.Name
	case *Array:
		return "an array"
	case *Object:
		if x.Class != nil {
			return "an instance of " + x.Class.Name
		}
		return "an object"
	case *Union:
		parts := make([]string, len(x.Of))
		for i, one := range x.Of {
			parts[i] = Describe(one)
		}
		return strings.Join(parts, " or ")
	}
	return ToText(v)
}
