package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// metadata is what Reflect.defineMetadata keeps, by what it is kept of.
type metadata map[metadataOf]*mapHost

// metadataOf is a class, an object or a function, or a property of it.
type metadataOf struct {
	of       Value
	property Value // nil: of itself
}

// ofTarget is the key that arguments of Reflect's functions mean.
func ofTarget(target, property Value) metadataOf {
	if property == nil || property == (Undefined{}) {
		return metadataOf{of: target}
	}
	return metadataOf{target, property}
}

func (ev *Evaluator) setMetadata(of metadataOf, key, v Value) {
	h := ev.metadata[of]
	if h == nil {
		h = &mapHost{}
		ev.metadata[of] = h
	}
	h.put(key, v)
}

// getMetadata looks for metadata where it was defined, and in what that extends.
func (ev *Evaluator) getMetadata(of metadataOf, key Value, inherited bool) (Value, bool) {
	for n := 0; n < 64 && of.of != nil; n++ {
		if h := ev.metadata[of]; h != nil {
			if i := h.find(key); i >= 0 {
				return h.values[i], true
			}
		}
		if v, ok := ev.designed(of, key); ok {
			return v, true
		}
		if !inherited {
			break
		}
		switch x := of.of.(type) {
		case *Class:
			of.of = x.Super
		case *Object:
			of.of = nil
			if x.Proto != nil {
				of.of = x.Proto
			}
		default:
			of.of = nil
		}
	}
	return Undefined{}, false
}

// designed is what compilers keep of types: of parameters, and of fields.
func (ev *Evaluator) designed(of metadataOf, key Value) (Value, bool) {
	if key != Value(String("design:paramtypes")) && key != Value(String("design:type")) {
		return nil, false
	}
	if c, ok := of.of.(*Class); ok && of.property == nil {
		if c.ctor == nil || key != Value(String("design:paramtypes")) {
			return nil, false
		}
		return &Array{Elements: ev.parameterTypes(c.ctor.Parameters, c.scope)}, true
	}
	proto, ok := of.of.(*Object)
	if !ok || proto.Class == nil || proto.Class.Proto != proto {
		return nil, false
	}
	c := proto.Class
	for _, member := range c.Node.Members {
		switch m := member.(type) {
		case *syntax.Method:
			if m.Function != nil && key == Value(String("design:paramtypes")) && ev.propertyKey(m.Key, c.scope) == of.property {
				return &Array{Elements: ev.parameterTypes(m.Function.Parameters, c.scope)}, true
			}
		case *syntax.Field:
			if key == Value(String("design:type")) && ev.propertyKey(m.Key, c.scope) == of.property {
				return ev.classOfType(m.Type, c.scope), true
			}
		}
	}
	return nil, false
}

// metadataObject is Symbol.metadata of a class, which the contexts of its decorators share.
func (ev *Evaluator) metadataObject(of Value) Value {
	if o, ok := of.(*Object); ok && o.Class != nil {
		of = o.Class
	}
	key := metadataOf{of: of}
	if v, ok := ev.getMetadata(key, String("Symbol.metadata"), false); ok {
		return v
	}
	o := NewObject()
	ev.setMetadata(key, String("Symbol.metadata"), o)
	return o
}

// Constructing is the class whose constructor makes instances: the class itself, or what
// it extends; nil where none has one.
func (c *Class) Constructing() *Class {
	for n := 0; c != nil && n < 64; n++ {
		if c.ctor != nil {
			return c
		}
		c, _ = c.Super.(*Class)
	}
	return nil
}

func metadataFunctions() map[string]func(c *Call) Value {
	get := func(inherited bool) func(c *Call) Value {
		return func(c *Call) Value {
			v, _ := c.getMetadata(ofTarget(c.Arg(1), c.Arg(2)), c.Arg(0), inherited)
			return v
		}
	}
	has := func(inherited bool) func(c *Call) Value {
		return func(c *Call) Value {
			_, ok := c.getMetadata(ofTarget(c.Arg(1), c.Arg(2)), c.Arg(0), inherited)
			return Bool(ok)
		}
	}
	keys := func(c *Call) Value {
		if h := c.metadata[ofTarget(c.Arg(0), c.Arg(1))]; h != nil {
			return c.array(append([]Value{}, h.keys...), false)
		}
		return c.array(nil, false)
	}
	return map[string]func(c *Call) Value{
		"defineMetadata": func(c *Call) Value {
			c.setMetadata(ofTarget(c.Arg(2), c.Arg(3)), c.Arg(0), c.Arg(1))
			return Undefined{}
		},
		"getMetadata": get(true), "getOwnMetadata": get(false),
		"hasMetadata": has(true), "hasOwnMetadata": has(false),
		"getMetadataKeys": keys, "getOwnMetadataKeys": keys,
		"metadata": func(c *Call) Value {
			key, v := c.Arg(0), c.Arg(1)
			return &Native{Name: "metadata", Call: func(c *Call) Value {
				c.setMetadata(ofTarget(c.Arg(0), c.Arg(1)), key, v)
				return Undefined{}
			}}
		},
	}
}

func reflectGlobal() Value {
	members := natives(&Object{}, map[string]func(c *Call) Value{
		"ownKeys": func(c *Call) Value {
			keys, known := c.keysOf(c.Arg(0))
			return c.array(keys, !known)
		},
		"get": func(c *Call) Value { return c.index(c.Arg(0), c.Arg(1), c.At) },
		"has": func(c *Call) Value { return c.in(c.Arg(1), c.Arg(0), c.At) },
		"set": func(c *Call) Value {
			c.setIndex(c.Arg(0), c.Arg(1), c.Arg(2), c.At)
			return Bool(true)
		},
		"apply": func(c *Call) Value {
			args, _ := c.Iterate(c.Arg(2), c.At)
			return c.Evaluator.Call(c.Arg(0), c.Arg(1), args, c.At)
		},
		"construct": func(c *Call) Value {
			args, _ := c.Iterate(c.Arg(1), c.At)
			return c.construct2(c.Arg(0), args, c.At, nil, nil)
		},
		"getPrototypeOf": prototypeOf,
	})
	return natives(members, metadataFunctions())
}

// prototypeOf is Object.getPrototypeOf.
func prototypeOf(c *Call) Value {
	switch x := c.Arg(0).(type) {
	case *Object:
		if x.Proto != nil {
			return x.Proto
		}
		return Null{}
	case *Class:
		if x.Super != nil {
			return x.Super
		}
	}
	return Unknown("a prototype", c.At)
}
