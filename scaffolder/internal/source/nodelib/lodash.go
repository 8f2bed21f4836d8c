package nodelib

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// lodash gives those functions that routes are registered with: over lists and objects.
func lodash(name string) eval.Value {
	walk := func(method string) fn {
		return func(c *eval.Call) eval.Value {
			list, pairs := items(c)
			out := &eval.Array{At: c.At, Open: list.Open}
			for i, e := range list.Elements {
				v := c.Call(c.Arg(1), eval.Undefined{}, []eval.Value{e, pairs[i], c.Arg(0)}, c.At)
				truth, known := eval.Truth(v)
				if method == "map" {
					out.Elements = append(out.Elements, v)
				} else if !known || truth {
					out.Elements = append(out.Elements, e)
				}
			}
			if method == "each" {
				return c.Arg(0)
			}
			return out
		}
	}
	global := func(object, method string) fn {
		return func(c *eval.Call) eval.Value {
			return c.Call(c.GetMember(c.GlobalName(object), method, c.At), eval.Undefined{}, c.Args, c.At)
		}
	}
	o := object(map[string]fn{
		"forEach": walk("each"), "each": walk("each"), "forOwn": walk("each"), "map": walk("map"), "filter": walk("filter"),
		"keys": global("Object", "keys"), "values": global("Object", "values"), "toPairs": global("Object", "entries"),
		"assign": global("Object", "assign"), "extend": global("Object", "assign"), "merge": global("Object", "assign"),
		"defaults": func(c *eval.Call) eval.Value {
			args := []eval.Value{eval.NewObject()}
			for i := len(c.Args) - 1; i >= 0; i-- {
				args = append(args, c.Args[i])
			}
			return c.Call(c.GetMember(c.GlobalName("Object"), "assign", c.At), eval.Undefined{}, args, c.At)
		},
		"flatten": func(c *eval.Call) eval.Value {
			return c.Call(c.GetMember(c.Arg(0), "flat", c.At), c.Arg(0), nil, c.At)
		},
		"cloneDeep": func(c *eval.Call) eval.Value { return c.Arg(0) },
		"clone":     func(c *eval.Call) eval.Value { return c.Arg(0) },
		"get": func(c *eval.Call) eval.Value {
			path, ok := pathOf(c, 1)
			if !ok {
				return eval.Unknown("a property", c.At)
			}
			v := c.Arg(0)
			for _, part := range path {
				v = c.GetMember(v, part, c.At)
			}
			if _, none := v.(eval.Undefined); none {
				return c.Arg(2)
			}
			return v
		},
		"set": func(c *eval.Call) eval.Value {
			path, ok := pathOf(c, 1)
			of := c.Arg(0)
			for i, part := range path {
				if i == len(path)-1 {
					c.SetMember(of, part, c.Arg(2), c.At)
					break
				}
				next := c.GetMember(of, part, c.At)
				if next == (eval.Undefined{}) {
					next = eval.NewObject()
					c.SetMember(of, part, next, c.At)
				}
				of = next
			}
			if o, isObject := c.Arg(0).(*eval.Object); isObject && !ok && o.Host == nil {
				o.Open = true
			}
			return c.Arg(0)
		},
		"last": func(c *eval.Call) eval.Value {
			list, known := c.Iterate(c.Arg(0), c.At)
			if !known || len(list) == 0 {
				return eval.Unknown("the last element", c.At)
			}
			return list[len(list)-1]
		},
		"pick": func(c *eval.Call) eval.Value {
			out := eval.NewObject()
			for _, a := range c.Args[min(1, len(c.Args)):] {
				list, _ := c.Iterate(a, c.At)
				if s, ok := a.(eval.String); ok {
					list = []eval.Value{s}
				}
				for _, k := range list {
					if s, ok := k.(eval.String); ok {
						out.Put(string(s), c.GetMember(c.Arg(0), string(s), c.At))
					}
				}
			}
			return out
		},
	})
	o.Put("default", o)
	return o
}

// items are the values of a list or object, with their indexes or keys.
func items(c *eval.Call) (*eval.Array, []eval.Value) {
	out := &eval.Array{}
	var keys []eval.Value
	if o, ok := c.Arg(0).(*eval.Object); ok && o.Host == nil {
		for _, k := range o.Keys() {
			out.Elements = append(out.Elements, c.GetMember(o, k, c.At))
			keys = append(keys, eval.String(k))
		}
		out.Open = o.Open
		return out, keys
	}
	list, known := c.Iterate(c.Arg(0), c.At)
	out.Elements, out.Open = list, !known
	for i := range list {
		keys = append(keys, eval.Number(i))
	}
	return out, keys
}

// pathOf is an argument that is a path: a text, or a list of names.
func pathOf(c *eval.Call, i int) ([]string, bool) {
	if s, ok := text(c, i); ok {
		return split(s), true
	}
	a, ok := c.Arg(i).(*eval.Array)
	if !ok || a.Open {
		return nil, false
	}
	var out []string
	for _, e := range a.Elements {
		s, ok := e.(eval.String)
		if !ok {
			return nil, false
		}
		out = append(out, string(s))
	}
	return out, true
}

func split(path string) []string {
	var out []string
	start := 0
	for i := 0; i <= len(path); i++ {
		if i == len(path) || path[i] == '.' || path[i] == '[' || path[i] == ']' {
			if i > start {
				out = append(out, path[start:i])
			}
			start = i + 1
		}
	}
	return out
}

// lodashFunction is one function, as lodash/get and lodash.get give it.
func lodashFunction(module, name string) (eval.Value, bool) {
	all, ok := lodash(module).(*eval.Object)
	if !ok {
		return nil, false
	}
	v := all.Get(name)
	return v, v != nil
}
