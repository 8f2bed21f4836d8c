package schema

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
)

// expressValidator reads body('name').isEmail().isLength({min: 1}), and checkSchema.
func (r *Reader) expressValidator(t *eval.Term) []Check {
	module, names := t.Path()
	lib, names := libraryOf(module, names)
	if lib != expressValidator || len(names) == 0 {
		return nil
	}
	if names[0] == "checkSchema" {
		return r.checkSchema(t)
	}
	part, ok := validatorPart(names[0])
	if !ok {
		return nil
	}
	steps := chainOf(t)
	if len(steps) == 0 || len(steps[0].args) == 0 {
		return nil
	}
	rule := &rule{Reader: r, schema: &api.Schema{}, required: true}
	for _, s := range steps[1:] {
		rule.step(s.name, s.args)
	}
	return rule.checks(part, texts(steps[0].args[0]), t.At)
}

// validatorPart is the part that a function of the package reads; check reads them all,
// and is taken for the body.
func validatorPart(name string) (handler.Part, bool) {
	switch name {
	case "body", "check", "buildCheckFunction":
		return handler.Body, true
	case "query":
		return handler.Query, true
	case "param":
		return handler.Params, true
	case "header":
		return handler.Headers, true
	case "cookie":
		return handler.Cookies, true
	}
	return "", false
}

// A step is one call of a chain.
type step struct {
	name string
	args []eval.Value
}

// chainOf are the calls that made a term, the first of them first.
func chainOf(t *eval.Term) (steps []step) {
	for n := 0; t != nil && n < 200; n++ {
		if t.Kind != eval.Called {
			break
		}
		callee, ok := t.Of.(*eval.Term)
		if !ok {
			break
		}
		steps = append(steps, step{callee.Name, t.Args})
		t, _ = callee.Of.(*eval.Term)
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return steps
}

// rule is what a chain says of its fields.
type rule struct {
	*Reader
	schema   *api.Schema
	required bool
	negated  bool // not() turns the next step around
}

var validatorFormats = map[string]string{
	"isEmail": "email", "isURL": "uri", "isUUID": "uuid", "isISO8601": "date-time", "isRFC3339": "date-time", "isDate": "date",
	"isFQDN": "hostname",
}

// step takes one step of a chain.
func (r *rule) step(name string, args []eval.Value) {
	if r.negated {
		r.negated = false
		if name == "isEmpty" {
			r.notEmpty()
		}
		return
	}
	c := call{r.Reader, args}
	if f, ok := validatorFormats[name]; ok {
		r.schema.Types, r.schema.Format = []api.Type{api.String}, f
		return
	}
	switch name {
	case "not":
		r.negated = true
	case "optional":
		r.required = false
	case "notEmpty":
		r.notEmpty()
	case "isString", "isAlpha", "isAlphanumeric", "isMobilePhone", "isMongoId", "isStrongPassword", "isJWT", "isHexColor",
		"isSlug", "isBase64", "isCreditCard", "isIP", "isPostalCode", "isCurrency", "isJSON", "isHash":
		r.typed(api.String)
		if name == "isMongoId" {
			r.schema.Pattern = "^[0-9a-fA-F]{24}$"
		}
	case "isInt", "isFloat", "isNumeric", "isDecimal":
		r.number(name, c.object(0))
	case "isBoolean":
		r.schema.Types = []api.Type{api.Boolean}
	case "isArray":
		r.schema.Types = []api.Type{api.Array}
		if r.schema.Items == nil {
			r.schema.Items = &api.Schema{}
		}
		r.bounds(c.object(0), &r.schema.MinItems, &r.schema.MaxItems)
	case "isObject":
		r.schema.Types = []api.Type{api.Object}
	case "isLength":
		r.typed(api.String)
		r.bounds(c.object(0), &r.schema.MinLength, &r.schema.MaxLength)
	case "isIn":
		if s := enumOf(enumValues(c.arg(0))); s != nil {
			r.schema.Types, r.schema.Enum, r.schema.HasEnum = s.Types, s.Enum, true
		}
	case "matches":
		if re, ok := c.arg(0).(*eval.RegExp); ok && !strings.Contains(re.Flags, "i") {
			r.typed(api.String)
			r.schema.Pattern = re.Pattern
		}
	case "toInt":
		r.schema.Types = []api.Type{api.Integer}
	case "toFloat":
		if !r.schema.Is(api.Integer) {
			r.schema.Types = []api.Type{api.Numeric}
		}
	case "toBoolean":
		r.schema.Types = []api.Type{api.Boolean}
	}
}

func (r *rule) typed(t api.Type) {
	if len(r.schema.Types) == 0 {
		r.schema.Types = []api.Type{t}
	}
}

func (r *rule) notEmpty() {
	if len(r.schema.Types) == 0 || r.schema.Is(api.String) {
		r.typed(api.String)
		if r.schema.MinLength == "" {
			r.schema.MinLength = "1"
		}
	}
}

func (r *rule) number(name string, options *eval.Object) {
	r.schema.Types = []api.Type{api.Numeric}
	if name == "isInt" {
		r.schema.Types = []api.Type{api.Integer}
	}
	r.schema.MinLength = ""
	r.bounds(options, &r.schema.Minimum, &r.schema.Maximum)
	if options != nil {
		if n := numberOf(options.Get("gt")); n != "" {
			r.schema.ExclusiveMinimum = n
		}
		if n := numberOf(options.Get("lt")); n != "" {
			r.schema.ExclusiveMaximum = n
		}
	}
}

func (r *rule) bounds(options *eval.Object, low, high *api.Number) {
	if options == nil {
		return
	}
	if n := numberOf(options.Get("min")); n != "" {
		*low = n
	}
	if n := numberOf(options.Get("max")); n != "" {
		*high = n
	}
}

// checks are those of the fields: a.b is b in a, * is every element.
func (r *rule) checks(part handler.Part, fields []string, at eval.Place) (out []Check) {
	for _, f := range fields {
		if f == "" {
			continue
		}
		path := strings.Split(strings.NewReplacer("[*]", ".*", "[", ".", "]", "").Replace(f), ".")
		for i, p := range path {
			if p == "*" {
				path[i] = "[]"
			}
		}
		if part == handler.Headers {
			path[0] = strings.ToLower(path[0])
		}
		s := *r.schema
		out = append(out, Check{In: part, Path: path, Schema: &s, Required: r.required, Library: libraryNames[expressValidator], At: at})
	}
	return out
}

// checkSchema reads checkSchema({name: {in: ['body'], isEmail: true, optional: true}}).
func (r *Reader) checkSchema(t *eval.Term) (out []Check) {
	steps := chainOf(t)
	if len(steps) == 0 || len(steps[0].args) == 0 {
		return nil
	}
	fields, ok := steps[0].args[0].(*eval.Object)
	if !ok {
		return nil
	}
	in := []string{"body"}
	if len(steps[0].args) > 1 {
		if list := texts(steps[0].args[1]); len(list) > 0 {
			in = list
		}
	}
	for _, name := range fields.Keys() {
		options, ok := fields.Get(name).(*eval.Object)
		if !ok {
			continue
		}
		where := in
		if list := texts(options.Get("in")); len(list) > 0 {
			where = list
		}
		rule := &rule{Reader: r, schema: &api.Schema{}, required: true}
		for _, k := range options.Keys() {
			v := options.Get(k)
			if v == eval.Value(eval.Bool(false)) {
				continue
			}
			rule.step(k, argumentsOf(v))
		}
		for _, w := range where {
			if part := partOf(w); part != "" {
				out = append(out, rule.checks(part, []string{name}, t.At)...)
			}
		}
	}
	return out
}

// argumentsOf are the arguments of a rule that is written as {options: …}.
func argumentsOf(v eval.Value) []eval.Value {
	o, ok := v.(*eval.Object)
	if !ok {
		return nil
	}
	options := o.Get("options")
	if options == nil {
		return nil
	}
	return []eval.Value{options}
}
