package schema

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// Check says that a schema judges a part of the request.
type Check struct {
	In   handler.Part
	Path []string // from the part to the value; empty: the whole part
	// Among are the parts that may give the value, In one of them; nil: In gives it.
	Among []handler.Part
	// Schema is what must pass, and Required whether it must be there.
	Schema   *api.Schema
	Required bool
	Library  string // "zod", "Joi", …
	At       eval.Place
}

var libraryNames = map[library]string{none: "JSON Schema", zod: "zod", joi: "Joi", yup: "yup", typebox: "TypeBox", fluent: "fluent-json-schema", valibot: "valibot", expressValidator: "express-validator",
	superstruct: "superstruct", codec: "codec", vine: "VineJS", jtd: "JSON Type Definition"}

// Checks are the checks that a call makes: schema.parse(req.body), or middleware of a
// package that was made with schemas.
func (r *Reader) Checks(t *eval.Term) []Check {
	if t.Kind != eval.Called && t.Kind != eval.Made {
		return nil
	}
	if checks := r.expressValidator(t); checks != nil {
		return checks
	}
	callee, ok := t.Of.(*eval.Term)
	if !ok {
		return nil
	}
	if callee.Kind == eval.Member {
		if base, ok := callee.Of.(*eval.Term); ok {
			if on := r.term(base); on != nil && (judges(callee.Name) || on.library == superstruct && judgesStruct(callee.Name)) {
				return r.judged(on, first(t.Args), t.At)
			}
		}
		if checks := r.function(t, callee.Name); checks != nil {
			return checks
		}
	}
	// validate(req.body), where validate is ajv.compile(schema).
	if on := r.compiled(callee); on != nil && len(t.Args) > 0 {
		return r.judged(on, t.Args[0], t.At)
	}
	return r.made(t)
}

// judges says whether a method of a schema judges its argument.
func judges(name string) bool {
	switch name {
	case "parse", "safeParse", "parseAsync", "safeParseAsync", "spa", "validate", "validateAsync", "validateSync", "attempt",
		"isValid", "isValidSync", "tryValidate", "guard", "cast", "decode", "safeDecode", "check", "Check", "Parse", "Decode", "Errors":
		return true
	}
	return false
}

// judgesStruct says so of superstruct's.
func judgesStruct(name string) bool {
	switch name {
	case "assert", "is", "create", "mask":
		return true
	}
	return false
}

func first(args []eval.Value) eval.Value {
	if len(args) > 0 {
		return args[0]
	}
	return eval.Undefined{}
}

// function reads Joi.attempt(req.body, schema), ajv.validate(schema, req.body) and
// Value.Check(schema, req.body): whichever argument is the schema.
func (r *Reader) function(t *eval.Term, name string) []Check {
	if !judges(name) && name != "Assert" && !judgesStruct(name) || len(t.Args) < 2 {
		return nil
	}
	for i := range 2 {
		if handler.PartOf(t.Args[1-i]) == nil {
			continue
		}
		on := r.read(t.Args[i])
		if isJTD(t) {
			on = r.jtd(t.Args[i])
		}
		if on != nil {
			return r.judged(on, t.Args[1-i], t.At)
		}
	}
	return nil
}

// compiled is the schema of ajv.compile(schema), and of TypeCompiler.Compile(schema).
func (r *Reader) compiled(t *eval.Term) *reading {
	if t.Kind == eval.Member && judges(t.Name) {
		if of, ok := t.Of.(*eval.Term); ok {
			return r.compiled(of)
		}
	}
	if t.Kind != eval.Called || len(t.Args) == 0 {
		return nil
	}
	callee, ok := t.Of.(*eval.Term)
	if !ok || callee.Kind != eval.Member || callee.Name != "compile" && callee.Name != "Compile" {
		return nil
	}
	if isJTD(t) {
		got := r.jtd(t.Args[0])
		if got != nil {
			got.library = jtd
		}
		return got
	}
	return r.read(t.Args[0])
}

// Object is the schema that a value is, or that an object of schemas stands for; nil where
// it is neither.
func (r *Reader) Object(v eval.Value) *api.Schema {
	if s := r.Schema(v); s != nil {
		return s
	}
	if plain, ok := v.(*eval.Object); ok && plain.Host == nil {
		if on := (call{Reader: r}).shapeOf(plain); anyRead(on) {
			return r.use(on)
		}
	}
	return nil
}

// judged is the check of a value by a schema: a part of the request, or an object of
// parts, or the request as a whole, whose parts are then properties of the schema.
func (r *Reader) judged(on *reading, v eval.Value, at eval.Place) []Check {
	if p := handler.PartOf(v); p != nil {
		return []Check{{In: p.Part, Path: p.Path, Schema: r.use(on), Required: !on.optional, Library: libraryNames[on.library], At: at}}
	}
	var checks []Check
	var others []field
	made, _ := v.(*eval.Object)
	for _, f := range on.shape {
		part := partOf(f.name)
		if made != nil && made.Host == nil {
			p := handler.PartOf(made.Get(f.name))
			if part == "" || p == nil || len(p.Path) > 0 {
				others = append(others, f)
				continue
			}
			part = p.Part
		}
		if part == "" {
			continue
		}
		checks = append(checks, Check{In: part, Schema: r.use(f.value), Required: f.value.needed(), Library: libraryNames[on.library], At: at})
	}
	if len(others) > 0 {
		checks = append(checks, Gathered(made, r.fieldsOf(others), libraryNames[on.library], at)...)
	}
	return checks
}

// partOf is the part of a request that a key of a set of schemas names.
func partOf(name string) handler.Part {
	switch name {
	case "body":
		return handler.Body
	case "query", "querystring":
		return handler.Query
	case "params", "param":
		return handler.Params
	case "headers":
		return handler.Headers
	case "cookies", "signedCookies":
		return handler.Cookies
	}
	return ""
}

// made reads middleware of packages: validate({body: schema, query: schema}), and
// validator.body(schema).
func (r *Reader) made(t *eval.Term) []Check {
	module, names := t.Path()
	if module == "" || len(t.Args) == 0 {
		return nil
	}
	if len(names) > 0 {
		if part := partOf(names[len(names)-1]); part != "" {
			if on := r.read(t.Args[0]); on != nil {
				return []Check{{In: part, Schema: r.use(on), Required: true, Library: libraryNames[on.library], At: t.At}}
			}
		}
	}
	o, ok := t.Args[0].(*eval.Object)
	if !ok || o.Host != nil {
		return nil
	}
	var checks []Check
	for _, k := range o.Keys() {
		part := partOf(k)
		if part == "" {
			continue
		}
		on := r.read(o.Get(k))
		if plain, ok := o.Get(k).(*eval.Object); ok && on == nil {
			// A plain object of schemas is an object schema in celebrate and its like.
			if on = (call{Reader: r}).shapeOf(plain); !anyRead(on) {
				on = nil
			}
		}
		if on != nil {
			checks = append(checks, Check{In: part, Schema: r.use(on), Required: true, Library: libraryNames[on.library], At: t.At})
		}
	}
	return checks
}

// anyRead says whether at least one property was read as a schema of a library.
func anyRead(on *reading) bool {
	for _, f := range on.shape {
		if f.value.library != none {
			return true
		}
	}
	return false
}
