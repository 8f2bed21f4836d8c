package declare

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// Int64Form is what an integer of 64 bits is in TypeScript: a number that is
// checked to be safe, or exact as a string or a bigint. JSON has a number in
// each; middleware/json.ts reads those that no number holds as a bigint, the
// validators judge that, and middleware/complete.ts brings it into its form.
type Int64Form string

const (
	Int64Number Int64Form = "number"
	Int64String Int64Form = "string"
	int64BigInt Int64Form = "bigint"
)

// Int64FormOf is the form of a name; "" is number.
func Int64FormOf(name string) Int64Form {
	if name == "" {
		return Int64Number
	}
	return Int64Form(name)
}

func (f Int64Form) Exact() bool { return f == Int64String || f == int64BigInt }

// Holds says that integers of a schema have the form.
func (f Int64Form) Holds(s *api.Schema) bool {
	return f.Exact() && s.Format == "int64" && s.Is(api.Integer)
}

// typeOf is the type of exactly one value of a schema.
func (f Int64Form) typeOf(s *api.Schema, v api.Value) ts.Type {
	digits, whole := wholeNumber(string(v))
	switch {
	case v.Type() != api.Numeric || !f.Holds(s) || !whole:
		return literalType(v)
	case f == int64BigInt:
		return ts.Atom(digits + "n")
	}
	return ts.TextType(ts.Quote(digits))
}

// Judged is a number as validators compare with it: exact, where that is asked.
func (f Int64Form) Judged(n api.Number) string {
	if f.Exact() && isUnsafe(string(n)) {
		digits, _ := wholeNumber(string(n))
		return digits + "n"
	}
	return ts.Number(string(n))
}

// code is text that is an expression already.
type code string

// judgedValue is a value with its numbers as validators see them.
func (f Int64Form) judgedValue(v any) any {
	return f.each(v, nil, 0, func(n json.Number, _ bool) any {
		if f.Exact() && isUnsafe(string(n)) {
			return code(f.Judged(api.Number(n)))
		}
		return n
	})
}

// Handled is a value of a schema as handlers have it.
func (f Int64Form) Handled(v any, s *api.Schema) any {
	if !f.Exact() {
		return v
	}
	return f.each(v, []*api.Schema{s}, 0, func(n json.Number, is64 bool) any {
		digits, whole := wholeNumber(string(n))
		switch {
		case !is64 || !whole:
			return n
		case f == int64BigInt:
			return code(digits + "n")
		}
		return digits
	})
}

// each changes the numbers in a value; schemas are those that it fits.
func (f Int64Form) each(v any, schemas []*api.Schema, depth int, change func(json.Number, bool) any) any {
	all := expand(schemas, 0)
	switch x := v.(type) {
	case json.Number:
		is64 := false
		for _, s := range all {
			is64 = is64 || f.Holds(s)
		}
		return change(x, is64)
	case []any:
		out := make([]any, len(x))
		for i, item := range x {
			out[i] = f.each(item, itemsAt(all, i), depth+1, change)
		}
		return out
	case *sample.Object:
		out := sample.NewObject()
		for _, key := range x.Keys {
			out.Set(key, f.each(x.Values[key], propertiesAt(all, key), depth+1, change))
		}
		return out
	}
	return v
}

// expand adds the schemas that the given ones are made of.
func expand(schemas []*api.Schema, depth int) []*api.Schema {
	var out []*api.Schema
	for _, s := range schemas {
		if s == nil || depth > 16 {
			continue
		}
		out = append(out, s)
		inner := append([]*api.Schema{s.Ref}, s.AllOf...)
		inner = append(append(inner, s.OneOf...), s.AnyOf...)
		out = append(out, expand(inner, depth+1)...)
	}
	return out
}

func itemsAt(schemas []*api.Schema, i int) []*api.Schema {
	var out []*api.Schema
	for _, s := range schemas {
		if i < len(s.PrefixItems) {
			out = append(out, s.PrefixItems[i])
		} else {
			out = append(out, s.Items)
		}
	}
	return out
}

func propertiesAt(schemas []*api.Schema, name string) []*api.Schema {
	var out []*api.Schema
	for _, s := range schemas {
		if property := s.Property(name); property != nil {
			out = append(out, property)
		} else {
			out = append(out, s.Rest())
		}
	}
	return out
}

// wholeNumber are the digits of a number without a fraction: 1e3 is 1000.
func wholeNumber(text string) (string, bool) {
	if !strings.ContainsAny(text, ".eE") {
		return text, text != ""
	}
	if len(text) > 40 || strings.ContainsAny(text, "eE") && len(text[strings.IndexAny(text, "eE"):]) > 4 {
		return "", false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || !r.IsInt() {
		return "", false
	}
	return r.Num().String(), true
}

// isUnsafe: a number of JavaScript may not hold the integer exactly.
func isUnsafe(text string) bool {
	digits, whole := wholeNumber(text)
	n, ok := new(big.Int).SetString(digits, 10)
	return whole && ok && n.CmpAbs(big.NewInt(1<<53-1)) > 0
}
