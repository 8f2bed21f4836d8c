package route

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// Path is a path as it was registered: a text, a regular expression, or one that is
// not known.
type Path struct {
	Text   string
	RegExp *eval.RegExp
	// Unknown is the value that the path is made of; nil where the path is known.
	Unknown eval.Value
	// Assumed names what the path rests on: an environment variable's default.
	Assumed string
}

// Paths are the paths that a value may be. Of several alternatives those that are
// known count; only where none is, the path is unknown.
func Paths(v eval.Value) []Path {
	switch x := v.(type) {
	case eval.String:
		return []Path{{Text: string(x)}}
	case *eval.RegExp:
		return []Path{{RegExp: x}}
	case *eval.Array:
		var out []Path
		for _, e := range x.Elements {
			out = append(out, Paths(e)...)
		}
		return out
	case *eval.Union:
		var known, unknown []Path
		for _, one := range x.Of {
			for _, p := range Paths(one) {
				if p.Unknown == nil {
					known = append(known, p)
				} else {
					unknown = append(unknown, p)
				}
			}
		}
		if len(known) > 0 {
			return known
		}
		if len(unknown) > 0 {
			return unknown[:1]
		}
		return nil
	case *eval.Text:
		return []Path{filled(x)}
	case eval.Undefined, eval.Null:
		return nil
	}
	return []Path{{Unknown: v}}
}

// filled writes a text out whose unknown pieces have a known alternative each.
func filled(t *eval.Text) Path {
	var b strings.Builder
	for _, p := range t.Parts {
		done := false
		for _, one := range eval.Alternatives(p) {
			if s, ok := one.(eval.String); ok {
				b.WriteString(string(s))
				done = true
				break
			}
		}
		if !done {
			return Path{Unknown: t}
		}
	}
	return Path{Text: b.String()}
}

// IsPath says whether a value can be a path rather than a handler.
func IsPath(v eval.Value) bool {
	switch x := v.(type) {
	case eval.String, *eval.RegExp, *eval.Text:
		return true
	case *eval.Array:
		if len(x.Elements) == 0 {
			return false
		}
		for _, e := range x.Elements {
			if !IsPath(e) {
				return false
			}
		}
		return true
	case *eval.Union:
		for _, one := range x.Of {
			if IsPath(one) {
				return true
			}
		}
	case *eval.Term:
		return x.Kind == eval.Env
	}
	return false
}
