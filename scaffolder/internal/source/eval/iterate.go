package eval

import (
	"strconv"
	"strings"
)

// IterableHost is a Host whose object can be iterated.
type IterableHost interface {
	Host
	Items(ev *Evaluator) (items []Value, known bool)
}

// Iterate is what for…of sees. Where it is not known, it is one item of which nothing
// is known, or those that may come.
func (ev *Evaluator) Iterate(v Value, at Place) (items []Value, known bool) {
	switch x := v.(type) {
	case *Array:
		ev.copies(len(x.Elements), sizeElement)
		return append([]Value{}, x.Elements...), !x.Open
	case String:
		ev.copies(len(x), sizeElement)
		for _, r := range string(x) {
			items = append(items, String(string(r)))
		}
		return items, true
	case Undefined, Null:
		return nil, true
	case *Object:
		if h, ok := x.Host.(IterableHost); ok {
			return h.Items(ev)
		}
	case *Union:
		for _, one := range x.Of {
			more, _ := ev.Iterate(one, at)
			items = append(items, more...)
		}
		return items, false
	}
	return []Value{Unknown("an item of "+Describe(v), at)}, false
}

// keysOf is what for…in and Object.keys see.
func (ev *Evaluator) keysOf(v Value) (keys []Value, known bool) {
	switch x := v.(type) {
	case *Object:
		ev.copies(len(x.keys), sizeElement)
		for _, k := range x.keys {
			if !strings.HasPrefix(k, "#") && k != "__esModule" {
				keys = append(keys, String(k))
			}
		}
		if h, ok := x.Host.(KeyedHost); ok {
			for _, k := range h.Keys(ev) {
				keys = append(keys, String(k))
			}
			return keys, true
		}
		if x.Open && len(keys) == 0 {
			keys = append(keys, Unknown("a key", x.At))
		}
		return keys, !x.Open && x.Host == nil
	case *Array:
		for i := range x.Elements {
			keys = append(keys, String(strconv.Itoa(i)))
		}
		return keys, !x.Open
	case *Class:
		return ev.keysOf(x.Static)
	case *Function:
		if x.props == nil {
			return nil, true
		}
		for _, k := range x.props.keys {
			if k != "prototype" {
				keys = append(keys, String(k))
			}
		}
		return keys, true
	case *Union:
		for _, one := range x.Of {
			more, _ := ev.keysOf(one)
			keys = append(keys, more...)
		}
		return keys, false
	case Undefined, Null, Number, Bool:
		return nil, true
	}
	return []Value{Unknown("a key of "+Describe(v), Place{})}, false
}
