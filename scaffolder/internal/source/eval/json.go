package eval

import (
	"encoding/json"
	"fmt"
	"strings"
)

func jsonGlobal() Value {
	return natives(NewObject(), map[string]func(c *Call) Value{
		"parse": func(c *Call) Value {
			if s, ok := c.Arg(0).(String); ok {
				if v := c.parseJSON([]byte(s)); v != nil {
					return v
				}
			}
			return &Term{Kind: Called, Of: &Term{Kind: Opaque, Name: "JSON.parse"}, Args: c.Args, At: c.At}
		},
		"stringify": func(c *Call) Value {
			if isPrimitive(c.Arg(0)) {
				return String(ToText(c.Arg(0)))
			}
			return &Term{Kind: Called, Of: &Term{Kind: Opaque, Name: "JSON.stringify"}, Args: c.Args, At: c.At}
		},
	})
}

// parseJSON makes values of a JSON text; nil where it is none.
func (ev *Evaluator) parseJSON(data []byte) Value {
	d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	v, err := jsonValue(d, 0)
	if err != nil {
		return nil
	}
	return v
}

func jsonValue(d *json.Decoder, depth int) (Value, error) {
	t, err := d.Token()
	if err != nil || depth > 200 {
		return Undefined{}, err
	}
	switch x := t.(type) {
	case string:
		return String(x), nil
	case float64:
		return Number(x), nil
	case bool:
		return Bool(x), nil
	case json.Delim:
		if x == '[' {
			a := &Array{}
			for d.More() {
				v, err := jsonValue(d, depth+1)
				if err != nil {
					return nil, err
				}
				a.Elements = append(a.Elements, v)
			}
			_, err := d.Token()
			return a, err
		}
		o := NewObject()
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := jsonValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			o.Put(fmt.Sprint(key), v) // in an object it is a string
		}
		_, err := d.Token()
		return o, err
	}
	return Null{}, nil
}
