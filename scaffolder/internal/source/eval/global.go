package eval

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// languageGlobal is a global that the language itself has; nil for others.
func (ev *Evaluator) languageGlobal(name string) Value {
	switch name {
	case "Object":
		return objectGlobal()
	case "Array":
		return arrayGlobal()
	case "JSON":
		return jsonGlobal()
	case "Promise":
		return promiseGlobal()
	case "Map", "WeakMap":
		return mapGlobal(name)
	case "Set", "WeakSet":
		return setGlobal(name)
	case "Reflect":
		return reflectGlobal()
	case "Symbol":
		return symbolGlobal()
	case "String", "Number", "Boolean", "parseInt", "parseFloat", "BigInt", "encodeURIComponent", "decodeURIComponent", "isNaN":
		return convertGlobal(name)
	case "Error", "TypeError", "RangeError", "SyntaxError", "EvalError", "ReferenceError", "URIError", "AggregateError":
		return errorGlobal(name)
	case "globalThis", "global", "window", "self":
		return &Object{Host: globalHost{}}
	case "Function":
		return &Native{Name: name, Call: func(c *Call) Value { return Unknown("code made at run time", c.At) }}
	case "RegExp":
		return &Native{Name: name, Call: func(c *Call) Value {
			switch p := c.Arg(0).(type) {
			case String:
				return &RegExp{Pattern: string(p), Flags: ToText(orEmpty(c.Arg(1)))}
			case *RegExp:
				return p
			}
			return Unknown("a regular expression", c.At)
		}}
	}
	return nil
}

func orEmpty(v Value) Value {
	if isNothing(v) {
		return String("")
	}
	return v
}

// globalHost is globalThis: what is assigned to it is a global.
type globalHost struct{}

func (globalHost) Member(ev *Evaluator, _ *Object, name string) (Value, bool) {
	v := ev.global(name)
	if t, ok := v.(*Term); ok && t.Kind == Opaque && t.Name == name {
		return Undefined{}, true
	}
	return v, true
}

func (globalHost) Assigned(ev *Evaluator, _ *Object, name string, v Value, _ Place) bool {
	ev.globals[name] = v
	return true
}

// natives makes an object of functions.
func natives(o *Object, methods map[string]func(c *Call) Value) *Object {
	for name, f := range methods {
		o.Put(name, &Native{Name: name, Call: f})
	}
	return o
}

func (c *Call) array(elements []Value, open bool) *Array {
	return &Array{Elements: elements, Open: open, At: c.At, level: c.level}
}

func objectGlobal() Value {
	first := func(c *Call) Value { return c.Arg(0) }
	members := natives(NewObject(), map[string]func(c *Call) Value{
		"keys": func(c *Call) Value {
			keys, known := c.keysOf(c.Arg(0))
			return c.array(keys, !known)
		},
		"getOwnPropertyNames": func(c *Call) Value {
			if o, ok := c.Arg(0).(*Object); ok && o.Class != nil && o == o.Class.Proto {
				return c.array(append([]Value{String("constructor")}, texts(o.keys)...), o.Open)
			}
			keys, known := c.keysOf(c.Arg(0))
			return c.array(keys, !known)
		},
		"values": func(c *Call) Value {
			keys, known := c.keysOf(c.Arg(0))
			for i, k := range keys {
				keys[i] = c.index(c.Arg(0), k, c.At)
			}
			if o, ok := c.Arg(0).(*Object); ok {
				keys = append(keys, o.unnamed...)
			}
			return c.array(keys, !known)
		},
		"entries": func(c *Call) Value {
			keys, known := c.keysOf(c.Arg(0))
			for i, k := range keys {
				keys[i] = c.array([]Value{k, c.index(c.Arg(0), k, c.At)}, false)
			}
			return c.array(keys, !known)
		},
		"assign": func(c *Call) Value {
			for _, from := range c.Args[min(1, len(c.Args)):] {
				switch into := c.Arg(0).(type) {
				case *Object:
					if o, ok := from.(*Object); ok && into.Host != nil {
						for _, k := range o.keys {
							c.SetMember(into, k, c.GetMember(o, k, c.At), c.At)
						}
						continue
					}
					c.spreadInto(into, from)
				case *Function:
					c.spreadInto(into.properties(), from)
				case *Class:
					c.spreadInto(into.Static, from)
				}
			}
			return c.Arg(0)
		},
		"freeze": first, "seal": first, "preventExtensions": first,
		"fromEntries": func(c *Call) Value {
			o := &Object{At: c.At, level: c.level}
			items, known := c.Iterate(c.Arg(0), c.At)
			o.Open = !known
			for _, pair := range items {
				c.setIndex(o, c.element(pair, 0, c.At), c.element(pair, 1, c.At), c.At)
			}
			return o
		},
		"create": func(c *Call) Value {
			o := &Object{At: c.At, level: c.level}
			o.Proto, _ = c.Arg(0).(*Object)
			return o
		},
		"setPrototypeOf": func(c *Call) Value {
			o, ok := c.Arg(0).(*Object)
			proto, ok2 := c.Arg(1).(*Object)
			if ok && ok2 && o != proto {
				o.Proto = proto
			}
			return c.Arg(0)
		},
		"getPrototypeOf": prototypeOf,
		"defineProperty": func(c *Call) Value {
			d, ok := c.Arg(2).(*Object)
			name, ok2 := toKey(c.Arg(1)).(String)
			if !ok || !ok2 {
				return c.Arg(0)
			}
			if get := d.Get("get"); get != nil {
				if o, ok := c.Arg(0).(*Object); ok {
					o.property(string(name)).Get = get
				}
				return c.Arg(0)
			}
			if v := d.Get("value"); v != nil {
				c.SetMember(c.Arg(0), string(name), v, c.At)
			}
			return c.Arg(0)
		},
	})
	proto := NewObject()
	own := NewObject()
	own.Put("call", &Native{Name: "call", Call: func(c *Call) Value { return c.in(c.Arg(1), c.Arg(0), c.At) }})
	proto.Put("hasOwnProperty", &Native{Name: "hasOwnProperty", Members: own, Call: func(c *Call) Value { return c.in(c.Arg(0), c.This, c.At) }})
	members.Put("prototype", proto)
	members.Put("hasOwn", &Native{Name: "hasOwn", Call: func(c *Call) Value { return c.in(c.Arg(1), c.Arg(0), c.At) }})
	return &Native{Name: "Object", Members: members, Call: func(c *Call) Value {
		if len(c.Args) > 0 {
			return c.Arg(0)
		}
		return &Object{At: c.At, level: c.level}
	}}
}

func texts(list []string) []Value {
	out := make([]Value, len(list))
	for i, s := range list {
		out[i] = String(s)
	}
	return out
}

func arrayGlobal() Value {
	from := func(c *Call) Value {
		var items []Value
		known := true
		if o, ok := c.Arg(0).(*Object); ok && o.Host == nil {
			if n, ok := o.Get("length").(Number); ok && n < 1000 {
				for range int(n) {
					items = append(items, Undefined{})
				}
			}
		} else {
			items, known = c.Iterate(c.Arg(0), c.At)
		}
		if len(c.Args) > 1 {
			for i, v := range items {
				items[i] = c.Evaluator.Call(c.Arg(1), Undefined{}, []Value{v, Number(i)}, c.At)
			}
		}
		return c.array(items, !known)
	}
	members := natives(NewObject(), map[string]func(c *Call) Value{
		"isArray": func(c *Call) Value {
			if !isKnown(c.Arg(0)) {
				return Unknown("isArray", c.At)
			}
			_, is := c.Arg(0).(*Array)
			return Bool(is)
		},
		"from": from,
		"of":   func(c *Call) Value { return c.array(c.Args, false) },
	})
	proto := NewObject()
	for _, name := range []string{"slice", "concat", "forEach", "map", "push", "filter", "join"} {
		method := arrayMethod(name)
		proto.Put(name, &Native{Name: name, Call: func(c *Call) Value {
			if a, ok := c.This.(*Array); ok {
				return method(a, c)
			}
			items, known := c.Iterate(c.This, c.At)
			return method(c.array(items, !known), c)
		}})
	}
	members.Put("prototype", proto)
	return &Native{Name: "Array", Members: members, Call: func(c *Call) Value {
		if n, ok := c.Arg(0).(Number); ok && len(c.Args) == 1 {
			return c.array(nil, n > 0)
		}
		return c.array(c.Args, false)
	}}
}

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

// promiseGlobal: a promise is what it gives.
func promiseGlobal() Value {
	first := func(c *Call) Value { return c.Arg(0) }
	members := natives(NewObject(), map[string]func(c *Call) Value{
		"resolve": first, "all": first, "any": first, "race": first, "try": func(c *Call) Value {
			return c.Evaluator.Call(c.Arg(0), Undefined{}, nil, c.At)
		},
		"reject": func(c *Call) Value {
			c.thrown(c.Arg(0), c.At)
			return Unknown("a refused promise", c.At)
		},
		"allSettled": func(c *Call) Value {
			items, known := c.Iterate(c.Arg(0), c.At)
			for i, v := range items {
				items[i] = NewObject().Put("status", Unknown("a status", c.At)).Put("value", v)
			}
			return c.array(items, !known)
		},
		"withResolvers": func(c *Call) Value { return Unknown("a promise", c.At) },
	})
	return &Native{Name: "Promise", Members: members, Call: func(c *Call) Value {
		var given Value
		resolve := &Native{Name: "resolve", Call: func(inner *Call) Value {
			given = joinReturn(given, inner.Arg(0))
			return Undefined{}
		}}
		reject := &Native{Name: "reject", Call: func(inner *Call) Value {
			inner.thrown(inner.Arg(0), inner.At)
			return Undefined{}
		}}
		c.Evaluator.Call(c.Arg(0), Undefined{}, []Value{resolve, reject}, c.At)
		if given == nil {
			return Unknown("what a promise gives", c.At)
		}
		return given
	}}
}

func symbolGlobal() Value {
	members := natives(NewObject(), map[string]func(c *Call) Value{
		"for": func(c *Call) Value { return String("Symbol(" + ToText(c.Arg(0)) + ")") },
	})
	for _, name := range []string{"iterator", "asyncIterator", "hasInstance", "toPrimitive", "toStringTag", "dispose", "asyncDispose", "species"} {
		members.Put(name, String("Symbol."+name))
	}
	n := 0
	return &Native{Name: "Symbol", Members: members, Call: func(c *Call) Value {
		n++
		return String("Symbol(" + ToText(orEmpty(c.Arg(0))) + ")#" + strconv.Itoa(n))
	}}
}

// convertGlobal is a function that makes one type of another. A host hears of it.
func convertGlobal(name string) Value {
	members := NewObject()
	if name == "Number" {
		for _, m := range []string{"parseInt", "parseFloat", "isInteger", "isNaN", "isFinite", "isSafeInteger"} {
			members.Put(m, convertGlobal(m))
		}
		members.Put("MAX_SAFE_INTEGER", Number(1<<53-1))
	}
	return &Native{Name: name, Members: members, Call: func(c *Call) Value {
		v := c.Arg(0)
		if h, ok := hostOf[ConvertHost](v); ok {
			return h.Converted(name, v)
		}
		switch name {
		case "String":
			if s, ok := knownText(v); ok {
				return String(s)
			}
			return v
		case "Number", "parseInt", "parseFloat":
			if len(c.Args) == 0 {
				return Number(0)
			}
			return toNumber(v, c.At)
		case "Boolean":
			if truth, ok := Truth(v); ok {
				return Bool(truth)
			}
		case "encodeURIComponent", "decodeURIComponent":
			return v
		}
		return Unknown(name, c.At)
	}}
}

// ConvertHost is a Host that wants to know what its object is converted to.
type ConvertHost interface {
	Host
	// Converted is the converted value; by is the function: Number, parseInt, String, …
	Converted(by string, self Value) Value
}

func errorGlobal(name string) Value {
	members := natives(NewObject(), map[string]func(c *Call) Value{
		"captureStackTrace": func(*Call) Value { return Undefined{} },
	})
	return &Native{Name: "Error", Members: members, Constructs: true, Call: func(c *Call) Value {
		o, ok := c.This.(*Object)
		if !ok || !c.New {
			o = &Object{At: c.At, level: c.level}
		}
		o.Put("message", c.Arg(0))
		if o.Class == nil {
			o.Put("name", String(name))
		}
		o.Open = true
		return o
	}}
}

// GlobalName is the value of a global name.
func (ev *Evaluator) GlobalName(name string) Value { return ev.global(name) }
