package sample

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// A JSON value is nil, bool, string, json.Number, []any or *Object.

// Object is a JSON object that keeps the order of its keys.
type Object struct {
	Keys   []string
	Values map[string]any
}

// NewObject is an object without properties.
func NewObject() *Object { return &Object{Values: map[string]any{}} }

// Set adds a property, or changes its value in its place.
func (o *Object) Set(key string, v any) {
	if _, there := o.Values[key]; !there {
		o.Keys = append(o.Keys, key)
	}
	o.Values[key] = v
}

// Has says whether there is a property of that name.
func (o *Object) Has(key string) bool {
	_, there := o.Values[key]
	return there
}

// Parse reads a value of the model.
func Parse(v api.Value) (any, error) {
	if text, ok := plainText(string(v)); ok {
		return text, nil
	}
	d := json.NewDecoder(strings.NewReader(string(v)))
	d.UseNumber()
	return parse(d)
}

// plainText is what a string of JSON holds that has no escapes: most values are one, and
// a decoder costs fifty times as much.
func plainText(v string) (string, bool) {
	if len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' {
		return "", false
	}
	inside := v[1 : len(v)-1]
	for i := range len(inside) {
		if c := inside[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return "", false
		}
	}
	return inside, true
}

func parse(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if delim == '[' {
		items := []any{}
		for d.More() {
			item, err := parse(d)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		_, err = d.Token()
		return items, err
	}
	object := NewObject()
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := parse(d)
		if err != nil {
			return nil, err
		}
		object.Set(fmt.Sprint(key), v) // in an object it is a string
	}
	_, err = d.Token()
	return object, err
}

// JSON is the value as compact JSON text.
func JSON(v any) string {
	switch x := v.(type) {
	case []any:
		parts := make([]string, len(x))
		for i, item := range x {
			parts[i] = JSON(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case *Object:
		parts := make([]string, len(x.Keys))
		for i, key := range x.Keys {
			parts[i] = JSON(key) + ":" + JSON(x.Values[key])
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

func equal(a, b any) bool {
	x, isX := a.(json.Number)
	y, isY := b.(json.Number)
	if isX && isY {
		f, _ := x.Float64()
		g, _ := y.Float64()
		return f == g
	}
	m, isM := a.(*Object)
	n, isN := b.(*Object)
	if isM && isN {
		if len(m.Keys) != len(n.Keys) {
			return false
		}
		for _, k := range m.Keys {
			if !n.Has(k) || !equal(m.Values[k], n.Values[k]) {
				return false
			}
		}
		return true
	}
	return JSON(a) == JSON(b)
}
