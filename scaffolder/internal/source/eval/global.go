package eval

import (
	"strconv"
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
