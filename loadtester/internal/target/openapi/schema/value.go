package schema

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
)

// A value is nil, bool, string, json.Number, []any, *Object or Raw.

// Object is a JSON object that keeps the order of its keys.
type Object struct {
	Keys   []string
	Values map[string]any
}

// Raw is text that is written as it stands: a number or truth value that a
// template fills in later.
type Raw string

// NewObject is an object without properties.
func NewObject() *Object { return &Object{Values: map[string]any{}} }

// Set adds a property, or changes it in its place.
func (o *Object) Set(key string, v any) {
	if !o.Has(key) {
		o.Keys = append(o.Keys, key)
	}
	o.Values[key] = v
}

// Has says whether there is such a property.
func (o *Object) Has(key string) bool {
	_, ok := o.Values[key]
	return ok
}

// with is a copy with one property changed.
func (o *Object) with(key string, v any) *Object {
	out := &Object{Keys: slices.Clone(o.Keys), Values: make(map[string]any, len(o.Values)+1)}
	for k, x := range o.Values {
		out.Values[k] = x
	}
	out.Set(key, v)
	return out
}

// Without is a copy without one property.
func (o *Object) Without(key string) *Object {
	out := NewObject()
	for _, k := range o.Keys {
		if k != key {
			out.Set(k, o.Values[k])
		}
	}
	return out
}

// JSON writes a value in one line.
func JSON(v any) string {
	switch v := v.(type) {
	case Raw:
		return string(v)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = JSON(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case *Object:
		parts := make([]string, len(v.Keys))
		for i, key := range v.Keys {
			parts[i] = JSON(key) + ":" + JSON(v.Values[key])
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// kind is a value's type in the words of JSON Schema. Whole numbers are integers.
func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if n := Number(string(v)); n != nil && n.IsInt() {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// Number reads a decimal number exactly; nil: it is none, or too long to work with.
func Number(text string) *big.Rat {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(mantissa) > 400 || len(strings.TrimLeft(exponent, "+-0")) > 3 || strings.ContainsAny(text, "/_xXpP") {
		return nil
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return n
}

// Decimal writes a number as JSON does, with at most 12 places behind the point.
func Decimal(n *big.Rat) json.Number {
	if n.IsInt() {
		return json.Number(n.Num().String())
	}
	text := strings.TrimRight(n.FloatString(12), "0")
	return json.Number(strings.TrimSuffix(text, "."))
}

// equal compares as JSON Schema does: 1 and 1.0 are the same.
func equal(a, b any) bool {
	switch x := a.(type) {
	case json.Number:
		y, ok := b.(json.Number)
		if !ok {
			return false
		}
		m, n := Number(string(x)), Number(string(y))
		return m != nil && n != nil && m.Cmp(n) == 0 || x == y
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, equal)
	case *Object:
		y, ok := b.(*Object)
		if !ok || len(x.Keys) != len(y.Keys) {
			return false
		}
		for _, k := range x.Keys {
			if !y.Has(k) || !equal(x.Values[k], y.Values[k]) {
				return false
			}
		}
		return true
	case Raw:
		return false
	}
	return kind(a) == kind(b) && JSON(a) == JSON(b)
}
