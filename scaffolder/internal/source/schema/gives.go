package schema

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// Gives is what validators give of an object that the program has, such as its own
// configuration: what they were given. Of what comes from outside nothing is known.
func (l *Library) Gives(t *eval.Term, starting bool) (eval.Value, bool) {
	callee, ok := t.Of.(*eval.Term)
	if !ok || callee.Kind != eval.Member {
		return nil, false
	}
	switch t.Root() {
	case "mongoose":
		return l.model(t, callee.Name)
	case "zod", "joi", "@hapi/joi", "yup", "superstruct", "valibot":
	default:
		return nil, false
	}
	if !starting {
		return nil, false
	}
	given := eval.Value(nil)
	for _, a := range t.Args {
		if o, ok := a.(*eval.Object); ok && o.Host == nil && len(o.Keys()) > 0 {
			given = t.Passed(o)
			break
		}
	}
	if given == nil {
		return nil, false
	}
	switch callee.Name {
	case "parse", "parseAsync", "attempt", "validateAsync", "validateSync", "cast":
		return given, true
	case "validate":
		if t.Root() == "yup" {
			return given, true
		}
		return eval.NewObject().Put("value", given).Put("error", eval.Undefined{}), true
	case "safeParse", "safeParseAsync":
		return eval.NewObject().Put("success", eval.Bool(true)).Put("data", given), true
	}
	return nil, false
}

// model is the model that mongoose was told of before, where it is asked for by its name.
func (l *Library) model(t *eval.Term, method string) (eval.Value, bool) {
	if method != "model" || len(t.Args) == 0 {
		return nil, false
	}
	name, ok := t.Args[0].(eval.String)
	if !ok {
		return nil, false
	}
	if len(t.Args) == 1 {
		have, ok := l.models[string(name)]
		return have, ok
	}
	if l.models == nil {
		l.models = map[string]*eval.Term{}
	}
	if l.models[string(name)] == nil {
		l.models[string(name)] = t
	}
	return nil, false
}
