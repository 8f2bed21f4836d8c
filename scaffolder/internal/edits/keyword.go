package edits

import (
	"encoding/json"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// apply sets one keyword at a place of a schema, or takes it away; false where the place
// is not known.
func (e *editor) apply(name string, schema *api.Schema, place, keyword, text string, there bool) bool {
	if place == "" {
		return e.change(schema, keyword, text, there)
	}
	h, key, ok := e.holderAt(name, schema, place)
	if !ok {
		return false
	}
	if keyword == "required" {
		h.require(key, there)
		return true
	}
	var target *api.Schema
	if key == "*" {
		o, isObject := h.(object)
		if !isObject || o.schema.Items == nil {
			return false
		}
		copied := *o.schema.Items
		if !e.change(&copied, keyword, text, there) {
			return false
		}
		o.schema.Items = &copied
		return true
	}
	if target = h.get(key); target == nil {
		return false
	}
	copied := *target // several may share it
	if !e.change(&copied, keyword, text, there) {
		return false
	}
	h.set(key, &copied)
	return true
}

// change sets a keyword of a schema.
func (e *editor) change(s *api.Schema, keyword, text string, there bool) bool {
	number := api.Number(text)
	if !there {
		number, text = "", ""
	}
	switch keyword {
	case "type":
		return e.retype(s, text, there)
	case "nullable":
		setNullable(s, there)
	case "minLength":
		s.MinLength = number
	case "maxLength":
		s.MaxLength = number
	case "minItems":
		s.MinItems = number
	case "maxItems":
		s.MaxItems = number
	case "minimum":
		s.Minimum = number
	case "maximum":
		s.Maximum = number
	case "exclusiveMinimum":
		s.ExclusiveMinimum = number
	case "exclusiveMaximum":
		s.ExclusiveMaximum = number
	case "multipleOf":
		s.MultipleOf = number
	case "uniqueItems":
		s.UniqueItems = there
	case "int32", "int64":
		s.Format = ""
		if there {
			s.Format = keyword
		}
	case "format":
		s.Format = formatOf(text)
	case "pattern":
		pattern, ok := patternOf(text)
		if there && !ok {
			return false
		}
		s.Pattern = pattern
	case "enum":
		values, ok := valuesOf(text)
		if there && !ok {
			return false
		}
		s.Enum, s.HasEnum, s.Const = values, there, ""
	default:
		return false
	}
	return true
}

// retype is a value of another kind: what was asked of the old kind goes with it.
func (e *editor) retype(s *api.Schema, text string, there bool) bool {
	kept := api.Schema{
		Name: s.Name, Title: s.Title, Description: s.Description, Deprecated: s.Deprecated,
		ReadOnly: s.ReadOnly, WriteOnly: s.WriteOnly, Nullable: isNullable(s), At: s.At,
	}
	kind := api.Type("") // the only one, beside null
	for _, t := range s.Types {
		if t == api.Null {
			continue
		}
		if kind != "" || s.Ref != nil {
			kind = ""
			break
		}
		kind = t
	}
	switch {
	case !there:
		*s = kept
	case text == "string" || text == "number" || text == "boolean" || text == "integer" || text == "array" || text == "object":
		if string(kind) == text {
			return true // the type was edited likewise
		}
		numeric := func(t api.Type) bool { return t == api.Integer || t == api.Numeric }
		if numeric(kind) && numeric(api.Type(text)) {
			s.Types, s.Nullable = []api.Type{api.Type(text)}, kept.Nullable
			return true
		}
		*s = kept
		s.Types = []api.Type{api.Type(text)}
	default:
		have := e.Schemas[text]
		if have == nil {
			return false
		}
		if s.Ref == have {
			return true
		}
		if have.Name == "" {
			kept = *have
		} else {
			kept.Ref = have
		}
		*s = kept
	}
	return true
}

// formatOf is a format by the name of the function that judges it.
func formatOf(function string) string {
	switch function {
	case "dateTime":
		return "date-time"
	case "uriReference":
		return "uri-reference"
	case "uriTemplate":
		return "uri-template"
	case "jsonPointer":
		return "json-pointer"
	case "relativeJsonPointer":
		return "relative-json-pointer"
	}
	return function
}

// patternOf is the expression in pattern('…') or slowPattern('…').
func patternOf(text string) (string, bool) {
	call, ok := expression(text).(*syntax.CallExpression)
	if !ok || len(call.Arguments) != 1 {
		return "", false
	}
	s, ok := call.Arguments[0].(*syntax.StringLiteral)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// valuesOf are those in new Set<unknown>([…]), or in a list.
func valuesOf(text string) ([]api.Value, bool) {
	e := expression(text)
	if made, ok := e.(*syntax.NewExpression); ok && len(made.Arguments) == 1 {
		e = made.Arguments[0]
	}
	list, ok := e.(*syntax.ArrayLiteral)
	if !ok {
		return nil, false
	}
	var out []api.Value
	for _, item := range list.Elements {
		var v any
		switch x := item.(type) {
		case *syntax.StringLiteral:
			v = x.Value
		case *syntax.NumberLiteral:
			out = append(out, api.Value(x.Key()))
			continue
		case *syntax.BooleanLiteral:
			v = x.Value
		case *syntax.NullLiteral:
		default:
			return nil, false
		}
		data, err := json.Marshal(v)
		if err != nil {
			return nil, false
		}
		out = append(out, api.Value(data))
	}
	return out, true
}

func expression(text string) syntax.Expression {
	f, _ := parse.File("value.ts", "("+strings.TrimSuffix(text, ";")+");")
	if len(f.Statements) != 1 {
		return nil
	}
	s, ok := f.Statements[0].(*syntax.ExpressionStatement)
	if !ok {
		return nil
	}
	return syntax.Unwrap(s.Expression)
}
