package schema

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// Gives is what validators give of an object that the program has, such as its own
// configuration: what they were given. Of what comes from outside nothing is known.
func (Library) Gives(t *eval.Term) (eval.Value, bool) {
	callee, ok := t.Of.(*eval.Term)
	if !ok || callee.Kind != eval.Member {
		return nil, false
	}
	switch t.Root() {
	case "zod", "joi", "@hapi/joi", "yup", "superstruct", "valibot":
	default:
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
