package schema

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// Library gives the evaluator what schemas are keyed with: celebrate's Segments. All
// else of a validator's package stays a term.
type Library struct {
	models map[string]*eval.Term // of mongoose, by name
}

// Module gives celebrate.
func (*Library) Module(ev *eval.Evaluator, name, _ string) (eval.Value, bool) {
	if name != "celebrate" {
		return nil, false
	}
	segments := eval.NewObject()
	for key, part := range map[string]string{"BODY": "body", "QUERY": "query", "PARAMS": "params", "HEADERS": "headers", "COOKIES": "cookies", "SIGNEDCOOKIES": "signedCookies"} {
		segments.Put(key, eval.String(part))
	}
	module := eval.NewObject()
	module.Put("Segments", segments)
	from := &eval.Term{Kind: eval.Import, Name: name}
	for _, export := range []string{"celebrate", "Celebrate", "celebrator", "Joi", "errors", "isCelebrateError", "isCelebrate", "CelebrateError", "Modes"} {
		module.Put(export, &eval.Term{Kind: eval.Member, Of: from, Name: export})
	}
	return module, true
}
