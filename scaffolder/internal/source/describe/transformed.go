package describe

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
)

// transformed reads plainToInstance(Class, req.body) of class-transformer: the fields and
// decorators of the class (class-validator) say what the part holds.
func (d *describer) transformed(t *eval.Term) []schema.Check {
	if d.Types == nil || t.Root() != "class-transformer" && t.Root() != "class-transformer-validator" || len(t.Args) < 2 {
		return nil
	}
	var out []schema.Check
	for _, one := range eval.Alternatives(t.Args[0]) {
		class, ok := one.(*eval.Class)
		if !ok || class.Node == nil {
			continue
		}
		s := d.Types.Class(class)
		if s == nil || !says(s) {
			continue
		}
		if part := handler.PartOf(t.Args[1]); part != nil {
			out = append(out, schema.Check{In: part.Part, Path: part.Path, Schema: s, Required: true, Library: "class-validator", At: t.At})
		} else if o, ok := t.Args[1].(*eval.Object); ok {
			var list []schema.Field
			fields(s, 0, func(name string, s *api.Schema, required bool) {
				list = append(list, schema.Field{Name: name, Schema: s, Required: required})
			})
			out = append(out, schema.Gathered(o, list, "class-validator", t.At)...)
		}
	}
	return out
}

// unread tells of a check by a package for it whose schema was not read: what the document
// says of the part is what its use tells.
func (d *describer) unread(t *eval.Term) {
	name := t.Root()
	if !isValidator(name) || t.Kind != eval.Called {
		return
	}
	const hint = "say it in an @openapi comment above the route"
	for _, a := range t.Args {
		part := handler.PartOf(a)
		if part == nil {
			continue
		}
		what := "the " + string(part.Part)
		if len(part.Path) > 0 {
			what += " field " + strings.Join(part.Path, ".")
		}
		d.Ev.Report("unread-validator", t.At, "what "+name+" asks of "+what+" here is not read; it is described by its use", hint)
		return
	}
	d.Ev.Report("unread-validator", t.At, "what "+name+" asks of the request here is not read; it is described by its use", hint)
}

// isValidator says whether a package judges values by schemas.
func isValidator(name string) bool {
	switch name {
	case "zod", "zod/v4", "joi", "@hapi/joi", "yup", "ajv", "ajv/dist/jtd", "valibot", "superstruct", "io-ts", "runtypes", "@vinejs/vine",
		"@sinclair/typebox", "@sinclair/typebox/value", "@sinclair/typebox/compiler", "typebox", "class-transformer", "class-transformer-validator",
		"arktype", "typia", "ow", "myzod", "fastest-validator", "validatorjs", "node-input-validator", "indicative", "jsonschema", "is-my-json-valid",
		"@hyperjump/json-schema", "tcomb", "effect", "@effect/schema", "computed-types", "decoders",
		"json-schema", "tv4", "z-schema", "schemasafe", "@exodus/schemasafe", "@typeschema/main", "banditypes", "@badrap/valita":
		return true
	}
	return false
}
