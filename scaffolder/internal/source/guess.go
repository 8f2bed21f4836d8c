package source

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// guess is the text that a setting has unless somebody changes it: what an example of
// the environment gives, or the default in the schema that the environment is checked
// with (env-schema, envalid, zod, Joi). It is asked for pieces of paths only.
func (pr *program) guess(v eval.Value) (string, bool) {
	t, ok := v.(*eval.Term)
	if !ok || t.Kind != eval.Env && t.Kind != eval.Member {
		return "", false
	}
	if s, ok := pr.node.Variable(t.Name); ok {
		return s, true
	}
	for of, n := t.Of, 0; n < 8; n++ {
		made, ok := of.(*eval.Term)
		if !ok {
			return "", false
		}
		for _, a := range made.Args {
			if s, ok := pr.defaultIn(a, t.Name, 8); ok {
				return s, true
			}
		}
		of = made.Of
	}
	return "", false
}

// defaultIn looks for the default of a name in a schema: {name: {default}}, {name:
// str({default})}, {name: z.string().default()}, .prop(name, schema).
func (pr *program) defaultIn(v eval.Value, name string, depth int) (string, bool) {
	if depth == 0 {
		return "", false
	}
	switch x := v.(type) {
	case *eval.Object:
		if x.Host != nil {
			return "", false
		}
		if p := x.Get(name); p != nil {
			if s, ok := pr.defaultOf(p, 6); ok {
				return s, true
			}
		}
		for _, k := range x.Keys() {
			if p := x.Get(k); p != nil {
				if s, ok := pr.defaultIn(p, name, depth-1); ok {
					return s, true
				}
			}
		}
	case *eval.Term:
		if len(x.Args) == 2 && x.Args[0] == eval.Value(eval.String(name)) {
			if s, ok := pr.defaultOf(x.Args[1], 6); ok {
				return s, true
			}
		}
		for _, a := range x.Args {
			if s, ok := pr.defaultIn(a, name, depth-1); ok {
				return s, true
			}
		}
		if x.Of != nil {
			return pr.defaultIn(x.Of, name, depth)
		}
	}
	return "", false
}

// defaultOf is the default that a schema of one value has.
func (pr *program) defaultOf(v eval.Value, depth int) (string, bool) {
	if depth == 0 {
		return "", false
	}
	switch x := v.(type) {
	case *eval.Object:
		if s, ok := x.Get("default").(eval.String); ok {
			return string(s), true
		}
	case *eval.Term:
		if of, ok := x.Of.(*eval.Term); ok && x.Kind == eval.Called && of.Kind == eval.Member && of.Name == "default" && len(x.Args) == 1 {
			if s, ok := x.Args[0].(eval.String); ok {
				return string(s), true
			}
		}
		for _, a := range x.Args {
			if s, ok := pr.defaultOf(a, depth-1); ok {
				return s, true
			}
		}
		if x.Of != nil {
			return pr.defaultOf(x.Of, depth-1)
		}
	}
	return "", false
}
