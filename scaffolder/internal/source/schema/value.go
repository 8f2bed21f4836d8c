package schema

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// JSON is a value as JSON; false where it is not known, or none.
func JSON(v eval.Value) (api.Value, bool) {
	var b bytes.Buffer
	if !writeJSON(&b, v, 0) {
		return "", false
	}
	return api.Value(b.String()), true
}

func writeJSON(b *bytes.Buffer, v eval.Value, depth int) bool {
	if depth > 20 {
		return false
	}
	switch x := v.(type) {
	case eval.Null:
		b.WriteString("null")
	case eval.Bool:
		b.WriteString(strconv.FormatBool(bool(x)))
	case eval.Number:
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
		b.WriteString(eval.ToText(x))
	case eval.String:
		writeText(b, string(x))
	case *eval.Array:
		if x.Open {
			return false
		}
		b.WriteByte('[')
		for i, e := range x.Elements {
			if i > 0 {
				b.WriteByte(',')
			}
			if !writeJSON(b, e, depth+1) {
				return false
			}
		}
		b.WriteByte(']')
	case *eval.Object:
		return writeObject(b, x, depth)
	default:
		return false
	}
	return true
}

func writeText(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // texts always encode
	b.Truncate(b.Len() - 1)
}

func writeObject(b *bytes.Buffer, o *eval.Object, depth int) bool {
	if o.Open || o.Host != nil {
		return false
	}
	b.WriteByte('{')
	for i, k := range o.Keys() {
		if i > 0 {
			b.WriteByte(',')
		}
		writeText(b, k)
		b.WriteByte(':')
		if !writeJSON(b, o.Get(k), depth+1) {
			return false
		}
	}
	b.WriteByte('}')
	return true
}

// enumOf is a schema of the values that are known; nil where one is not.
func enumOf(values []eval.Value) *api.Schema {
	s := &api.Schema{HasEnum: true}
	kinds := map[api.Type]bool{}
	for _, v := range values {
		j, ok := JSON(v)
		if !ok {
			return nil
		}
		t := typeOf(v)
		if t == api.Null {
			s.Nullable = true
			continue
		}
		if !kinds[t] && t != "" {
			kinds[t] = true
			s.Types = append(s.Types, t)
		}
		s.Enum = append(s.Enum, j)
	}
	if len(s.Enum) == 0 {
		return nil
	}
	return s
}

func typeOf(v eval.Value) api.Type {
	switch x := v.(type) {
	case eval.Null:
		return api.Null
	case eval.Bool:
		return api.Boolean
	case eval.Number:
		if float64(x) == math.Trunc(float64(x)) {
			return api.Integer
		}
		return api.Numeric
	case eval.String:
		return api.String
	}
	return ""
}

// enumValues are the values of an enum of TypeScript, or of an object that is used like
// one: the way back from numbers to names is left out.
func enumValues(v eval.Value) []eval.Value {
	switch x := v.(type) {
	case *eval.Array:
		return x.Elements
	case *eval.Object:
		var out []eval.Value
		for _, k := range x.Keys() {
			value := x.Get(k)
			if name, ok := value.(eval.String); ok {
				if _, err := strconv.ParseFloat(k, 64); err == nil && x.Get(string(name)) != nil {
					continue
				}
			}
			out = append(out, value)
		}
		return out
	}
	return nil
}

// literal is a schema of exactly one value.
func literal(v eval.Value) *api.Schema {
	if _, ok := v.(eval.Null); ok {
		return &api.Schema{Types: []api.Type{api.Null}}
	}
	j, ok := JSON(v)
	if !ok {
		return nil
	}
	s := &api.Schema{Const: j}
	if t := typeOf(v); t != "" {
		s.Types = []api.Type{t}
	}
	return s
}
