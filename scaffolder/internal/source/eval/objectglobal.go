package eval

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
