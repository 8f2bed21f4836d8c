package edits

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// zodReader reads one schema of a validators.ts that is written with zod, as the rules that
// the functions without zod would be.
type zodReader struct {
	file  *syntax.File
	types map[string]string // the exported type of each schema's constant
	out   rules
}

// zodType is the exported type of a constant that holds a schema, such as CreateBook of
// createBookSchema: z.ZodType<api.CreateBook>; "" where it is none.
func zodType(f *syntax.File, s syntax.Statement) string {
	v, ok := s.(*syntax.VariableStatement)
	if !ok || len(v.Declarations) != 1 || v.Declarations[0].Type == nil {
		return ""
	}
	text := textOf(f, v.Declarations[0].Type)
	if _, name, ok := strings.Cut(text, ".ZodType<api."); ok {
		return strings.TrimSuffix(name, ">")
	}
	return ""
}

func zodRulesOf(f *syntax.File, s syntax.Statement) *rules {
	r := &zodReader{file: f, types: map[string]string{}, out: rules{of: map[string]map[string]rule{}}}
	for _, other := range f.Statements {
		if name := zodType(f, other); name != "" {
			r.types[nameOf(other)] = name
		}
	}
	if v, ok := s.(*syntax.VariableStatement); ok && v.Declarations[0].Value != nil {
		value := syntax.Unwrap(v.Declarations[0].Value)
		if call, ok := value.(*syntax.CallExpression); ok && textOf(f, call.Callee) == "typed" && len(call.Arguments) == 1 {
			value = call.Arguments[0]
		}
		r.schema("", value)
	}
	return &r.out
}

func (r *zodReader) put(place, keyword, text string, at syntax.Node) {
	r.out.put(place, keyword, text, at)
}

// schema reads an expression that is a schema.
func (r *zodReader) schema(place string, e syntax.Expression) {
	r.put(place, "value", "", e)
	call, ok := syntax.Unwrap(e).(*syntax.CallExpression)
	if !ok {
		r.out.rest = append(r.out.rest, place+" "+textOf(r.file, e))
		return
	}
	if m, ok := call.Callee.(*syntax.MemberExpression); ok {
		switch textOf(r.file, m.Property) {
		case "check":
			r.schema(place, m.Object)
			for _, a := range call.Arguments {
				r.rule(place, a)
			}
			return
		case "catchall":
			r.schema(place, m.Object)
			r.out.rest = append(r.out.rest, place+" "+textOf(r.file, call.Arguments[0]))
			return
		}
	}
	r.kind(place, textOf(r.file, call.Callee), call)
}

func (r *zodReader) kind(place, callee string, call *syntax.CallExpression) {
	first := func() syntax.Expression {
		if len(call.Arguments) > 0 {
			return call.Arguments[0]
		}
		return call
	}
	switch callee {
	case "z.string", "z.number", "z.boolean":
		r.put(place, "type", strings.TrimPrefix(callee, "z."), call)
	case "z.unknown", "rules.present":
	case "z.nullable":
		r.put(place, "nullable", "null", call)
		r.schema(place, first())
	case "z.array":
		r.put(place, "type", "array", call)
		if textOf(r.file, first()) != "z.unknown()" {
			r.schema(place+"/*", first())
		}
	case "z.literal":
		text := textOf(r.file, first())
		if !strings.HasPrefix(text, "[") {
			text = "[" + text + "]"
		}
		r.put(place, "enum", text, call)
	case "z.lazy":
		if f, ok := syntax.Unwrap(first()).(*syntax.ArrowFunction); ok && f.Result != nil {
			if name := r.types[textOf(r.file, f.Result)]; name != "" {
				r.put(place, "type", name, call)
				return
			}
		}
		r.out.rest = append(r.out.rest, place+" "+textOf(r.file, call))
	case "by":
		r.put(place, "type", strings.TrimPrefix(textOf(r.file, first()), "check"), call)
	case "z.looseObject", "z.strictObject", "z.object":
		r.put(place, "type", "object", call)
		if callee != "z.looseObject" {
			r.out.rest = append(r.out.rest, place+" "+callee)
		}
		r.properties(place, first())
	default:
		r.out.rest = append(r.out.rest, place+" "+textOf(r.file, call))
	}
}

func (r *zodReader) properties(place string, e syntax.Expression) {
	shape, ok := syntax.Unwrap(e).(*syntax.ObjectLiteral)
	if !ok {
		return
	}
	for _, p := range shape.Properties {
		property, ok := p.(*syntax.Property)
		if !ok {
			r.out.rest = append(r.out.rest, place+" "+textOf(r.file, p))
			continue
		}
		name, ok := syntax.KeyName(property.Key)
		if !ok {
			continue
		}
		value := syntax.Unwrap(property.Value)
		at := place + "/" + name
		if call, ok := value.(*syntax.CallExpression); ok && textOf(r.file, call.Callee) == "z.optional" && len(call.Arguments) == 1 {
			value = call.Arguments[0]
		} else {
			r.put(at, "required", "", property)
		}
		r.schema(at, value)
	}
}

// zodKeywords are the rules of one number or none, by what they are called with.
var zodKeywords = map[string]string{
	"rules.shortest": "minLength", "rules.longest": "maxLength", "z.gte": "minimum", "z.lte": "maximum", "z.gt": "exclusiveMinimum",
	"z.lt": "exclusiveMaximum", "rules.multipleOf": "multipleOf", "z.minLength": "minItems", "z.maxLength": "maxItems", "rules.unique": "uniqueItems",
	"rules.int32": "int32", "rules.int64": "int64",
}

// rule reads one argument of check(…).
func (r *zodReader) rule(place string, e syntax.Expression) {
	call, ok := syntax.Unwrap(e).(*syntax.CallExpression)
	if !ok {
		r.out.rest = append(r.out.rest, place+" "+textOf(r.file, e))
		return
	}
	callee, args := textOf(r.file, call.Callee), make([]string, len(call.Arguments))
	for i, a := range call.Arguments {
		args[i] = textOf(r.file, a)
	}
	integer := callee == "rules.integer" || callee == "rules.int32" || callee == "rules.int64"
	if integer {
		r.put(place, "type", "integer", call)
	}
	keyword := zodKeywords[callee]
	switch {
	case keyword != "" && len(args) > 0:
		r.put(place, keyword, strings.ReplaceAll(args[0], "_", ""), call)
	case keyword != "":
		r.put(place, keyword, "", call)
	case integer:
	case callee == "rules.matches":
		r.put(place, "pattern", textOf(r.file, call), call)
	case callee == "rules.format" && len(call.Arguments) == 2:
		if s, ok := call.Arguments[1].(*syntax.StringLiteral); ok {
			r.put(place, "format", s.Value, call)
		}
	default:
		r.out.rest = append(r.out.rest, place+" "+textOf(r.file, call))
	}
}
