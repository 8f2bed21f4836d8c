package eval

// mapHost is a Map: pairs in order.
type mapHost struct {
	keys, values []Value
	open         bool
	isSet        bool
}

func mapGlobal(name string) Value {
	return &Native{Name: name, Constructs: true, Call: func(c *Call) Value {
		o, _ := c.This.(*Object)
		if o == nil {
			return Unknown(name, c.At)
		}
		h := &mapHost{}
		o.Host = h
		if len(c.Args) > 0 && !isNothing(c.Arg(0)) {
			items, known := c.Iterate(c.Arg(0), c.At)
			h.open = !known
			for _, pair := range items {
				c.copies(len(h.keys)/32, 0)
				h.put(c.element(pair, 0, c.At), c.element(pair, 1, c.At))
			}
		}
		return o
	}}
}

func setGlobal(name string) Value {
	return &Native{Name: name, Constructs: true, Call: func(c *Call) Value {
		o, _ := c.This.(*Object)
		if o == nil {
			return Unknown(name, c.At)
		}
		h := &mapHost{isSet: true}
		o.Host = h
		if len(c.Args) > 0 && !isNothing(c.Arg(0)) {
			items, known := c.Iterate(c.Arg(0), c.At)
			h.open = !known
			for _, v := range items {
				h.put(v, v)
			}
		}
		return o
	}}
}

func (h *mapHost) find(key Value) int {
	for i, k := range h.keys {
		if Same(k, key) {
			return i
		}
	}
	return -1
}

func (h *mapHost) put(key, v Value) {
	if i := h.find(key); i >= 0 {
		h.values[i] = v
		return
	}
	h.keys, h.values = append(h.keys, key), append(h.values, v)
}

func (h *mapHost) get(key Value, at Place) Value {
	if i := h.find(key); i >= 0 {
		return h.values[i]
	}
	if h.open || !isKnown(key) {
		return Join(append([]Value{Unknown("a value of a map", at)}, h.values...)...)
	}
	return Undefined{}
}

// Items are the pairs of a map, the values of a set.
func (h *mapHost) Items(*Evaluator) ([]Value, bool) {
	if h.isSet {
		return append([]Value{}, h.values...), !h.open
	}
	out := make([]Value, len(h.keys))
	for i := range h.keys {
		out[i] = &Array{Elements: []Value{h.keys[i], h.values[i]}}
	}
	return out, !h.open
}

func (h *mapHost) Member(ev *Evaluator, self *Object, name string) (Value, bool) {
	var f func(c *Call) Value
	switch name {
	case "size":
		if h.open {
			return Unknown("a size", self.At), true
		}
		return Number(len(h.keys)), true
	case "get":
		f = func(c *Call) Value { return h.get(c.Arg(0), c.At) }
	case "set":
		f = func(c *Call) Value { h.put(c.Arg(0), c.Arg(1)); return self }
	case "add":
		f = func(c *Call) Value { h.put(c.Arg(0), c.Arg(0)); return self }
	case "has":
		f = func(c *Call) Value {
			if h.find(c.Arg(0)) >= 0 {
				return Bool(true)
			}
			if h.open || !isKnown(c.Arg(0)) {
				return Unknown("has", c.At)
			}
			return Bool(false)
		}
	case "delete":
		f = func(c *Call) Value {
			if i := h.find(c.Arg(0)); i >= 0 && c.level == 0 {
				h.keys = append(append([]Value{}, h.keys[:i]...), h.keys[i+1:]...)
				h.values = append(append([]Value{}, h.values[:i]...), h.values[i+1:]...)
			}
			return Bool(true)
		}
	case "clear":
		f = func(*Call) Value { h.keys, h.values = nil, nil; return Undefined{} }
	case "forEach":
		f = func(c *Call) Value {
			for i := range h.keys {
				c.Evaluator.Call(c.Arg(0), c.Arg(1), []Value{h.values[i], h.keys[i], self}, c.At)
			}
			return Undefined{}
		}
	case "keys":
		f = func(c *Call) Value { return c.array(append([]Value{}, h.keys...), h.open) }
	case "values":
		f = func(c *Call) Value { return c.array(append([]Value{}, h.values...), h.open) }
	case "entries":
		f = func(c *Call) Value {
			items, known := h.Items(ev)
			return c.array(items, !known)
		}
	default:
		return nil, false
	}
	return &Native{Name: name, Call: f}, true
}
