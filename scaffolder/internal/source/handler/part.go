package handler

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// PartHost stands behind a value that comes from the request.
type PartHost struct {
	Part Part
	Node *Node
	Path []string
	made map[string]*eval.Object
	// fields are what a file of @fastify/multipart has beside itself; nil elsewhere.
	fields func() *eval.Object
}

func partObject(p Part, n *Node, path []string) *eval.Object {
	return &eval.Object{Host: &PartHost{Part: p, Node: n, Path: path, made: map[string]*eval.Object{}}, At: n.At}
}

// PartOf is the part of the request that a value is; nil where it is none.
func PartOf(v eval.Value) *PartHost {
	if o, ok := v.(*eval.Object); ok {
		h, _ := o.Host.(*PartHost)
		return h
	}
	return nil
}

// Unsure says that the value may be anything.
func (h *PartHost) Unsure() bool { return true }

// Member is a member that is read.
func (h *PartHost) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	if h.fields != nil && name == "fields" {
		return h.fields(), true
	}
	switch name {
	case "length":
		if len(h.Path) > 0 {
			return eval.Unknown("a length", self.At), true
		}
	case "constructor", "__proto__", "then", "toString", "hasOwnProperty", "toJSON", "valueOf", "startsWith", "endsWith", "toLowerCase",
		"toUpperCase", "trim", "indexOf", "lastIndexOf", "forEach", "charAt", "charCodeAt", "substring", "substr", "localeCompare",
		"toISOString", "getTime", "toFixed", "prototype", "flatMap", "findIndex", "padStart", "padEnd", "replaceAll":
		return eval.Unknown(name, self.At), true
	}
	return h.child(name, self.At), true
}

// Assigned notes a member that the program sets itself: callers do not send it.
func (h *PartHost) Assigned(_ *eval.Evaluator, _ *eval.Object, name string, v eval.Value, _ eval.Place) bool {
	read := slices.ContainsFunc(h.Node.Children, func(c *Node) bool { return c.Name == name })
	of := slices.ContainsFunc(eval.Alternatives(v), func(one eval.Value) bool { return PartOf(one) != nil && PartOf(one).Part == h.Part })
	if !read && !of {
		h.Node.Given = append(h.Node.Given, name)
	}
	return false
}

func (h *PartHost) child(name string, at eval.Place) *eval.Object {
	if h.Part == Headers {
		name = strings.ToLower(name)
	}
	if o, ok := h.made[name]; ok {
		return o
	}
	o := partObject(h.Part, h.Node.Child(name, at), append(append([]string{}, h.Path...), name))
	h.made[name] = o
	return o
}

func (h *PartHost) item(at eval.Place) *eval.Object {
	if o, ok := h.made["[]"]; ok {
		return o
	}
	h.Node.List = true
	if h.Node.Items == nil {
		h.Node.Items = &Node{Name: "[]", At: at}
	}
	o := partObject(h.Part, h.Node.Items, append(append([]string{}, h.Path...), "[]"))
	h.made["[]"] = o
	return o
}

// Index is a member whose name is not known: any may be read.
func (h *PartHost) Index(_ *eval.Evaluator, self *eval.Object, key eval.Value, at eval.Place) eval.Value {
	if _, ok := key.(eval.Number); ok || h.Node.List {
		return h.item(at)
	}
	h.Node.Whole = true
	return eval.Unknown("a member of the request", at)
}

// Items are the elements of a list in the request.
func (h *PartHost) Items(*eval.Evaluator) ([]eval.Value, bool) {
	return []eval.Value{h.item(h.Node.At)}, false
}

// Method is a member that is called: a method of texts, lists, numbers and dates says
// what the value is taken for.
func (h *PartHost) Method(_ *eval.Evaluator, name string, at eval.Place) eval.Value {
	native := func(f func(c *eval.Call) eval.Value) eval.Value { return &eval.Native{Name: name, Call: f} }
	self := func() *eval.Object { return &eval.Object{Host: h, At: at} }
	top := len(h.Path) == 0
	switch name {
	case "trim", "toLowerCase", "toUpperCase", "replace", "replaceAll", "normalize", "padStart", "padEnd", "trimEnd", "trimStart", "toString":
		if top {
			break
		}
		if name != "toString" {
			h.Node.Text = true
		}
		return native(func(*eval.Call) eval.Value { return self() })
	case "startsWith", "endsWith", "match", "charAt", "substring", "substr", "split", "localeCompare", "test":
		if top {
			break
		}
		h.Node.Text = true
		return native(func(c *eval.Call) eval.Value {
			if name == "split" {
				return &eval.Array{Elements: []eval.Value{eval.Unknown("a piece of a text", c.At)}, Open: true, At: c.At}
			}
			return eval.Unknown(name, c.At)
		})
	case "map", "forEach", "filter", "some", "every", "find", "findIndex", "reduce", "flatMap", "flat", "push", "pop", "shift", "sort", "join", "reverse":
		if top && h.Part != Body && h.Part != Files {
			break
		}
		return native(func(c *eval.Call) eval.Value { return h.listMethod(name, c) })
	case "slice", "includes", "indexOf", "concat", "at":
		if top {
			break
		}
		return native(func(c *eval.Call) eval.Value { return eval.Unknown(name, c.At) })
	case "toFixed", "toPrecision":
		h.Node.Number = true
		return native(func(c *eval.Call) eval.Value { return eval.Unknown(name, c.At) })
	case "hasOwnProperty":
		return native(func(c *eval.Call) eval.Value {
			if s, ok := c.Arg(0).(eval.String); ok {
				h.child(string(s), c.At)
			}
			return eval.Unknown(name, c.At)
		})
	case "get", "has", "getAll":
		if top && h.Part == Headers {
			return native(func(c *eval.Call) eval.Value {
				if s, ok := c.Arg(0).(eval.String); ok {
					return h.child(string(s), c.At)
				}
				return eval.Unknown(name, c.At)
			})
		}
	}
	// Nothing that comes in a request is a function: the method is one of its own kind, or
	// of what middleware made of it (file.mv(path, done)).
	return native(func(c *eval.Call) eval.Value {
		for _, a := range c.Args {
			if fn, ok := a.(*eval.Function); ok {
				c.Call(fn, eval.Undefined{}, nil, c.At)
			}
		}
		return eval.Unknown(name, c.At)
	})
}

func (h *PartHost) listMethod(name string, c *eval.Call) eval.Value {
	item := h.item(c.At)
	list := &eval.Array{Elements: []eval.Value{item}, Open: true, At: c.At}
	switch name {
	case "push", "pop", "shift", "sort", "join", "reverse", "flat":
		return eval.Unknown(name, c.At)
	}
	return c.Call(c.GetMember(list, name, c.At), list, c.Args, c.At)
}

// Typed takes a type that the source says the value has.
func (h *PartHost) Typed(t syntax.Type, in *eval.Module) {
	h.Node.Types = append(h.Node.Types, TypeAt{t, in})
}

// Defaulted takes a default of the value.
func (h *PartHost) Defaulted(v eval.Value) {
	for _, one := range eval.Alternatives(v) {
		switch x := one.(type) {
		case eval.Number:
			h.Node.Number = true
		case eval.Bool:
			h.Node.Boolean = true
		case eval.String:
			if h.Part == Body && x != "" {
				h.Node.Text = true
			}
		case *eval.Array:
			h.Node.List = true
			continue
		default:
			continue
		}
		h.Node.Defaults = append(h.Node.Defaults, one)
	}
}

// Compared takes what the value is compared with.
func (h *PartHost) Compared(with eval.Value) {
	switch x := with.(type) {
	case eval.Number:
		h.Node.Number = true
	case eval.Bool:
		h.Node.Boolean = true
	case eval.String:
		h.Node.Text = true
		h.equals(x)
	case *eval.Array:
		for _, e := range x.Elements {
			if s, ok := e.(eval.String); ok {
				h.Node.Text = true
				h.equals(s)
			}
		}
	case *eval.RegExp:
		h.Node.Text = true
	}
}

func (h *PartHost) equals(s eval.String) {
	for _, have := range h.Node.Equals {
		if have == s {
			return
		}
	}
	h.Node.Equals = append(h.Node.Equals, s)
}

// Converted takes a conversion: the result still is the part.
func (h *PartHost) Converted(by string, self eval.Value) eval.Value {
	switch by {
	case "Number", "parseFloat", "isInteger", "isNaN", "isFinite":
		h.Node.Number = true
	case "parseInt", "isSafeInteger", "BigInt":
		h.Node.Number, h.Node.Integer = true, true
	case "Boolean":
		h.Node.Boolean = h.Node.Boolean || h.Part != Body
	}
	switch by {
	case "isNaN", "isFinite", "isInteger", "isSafeInteger":
		return eval.Unknown(by, h.Node.At)
	}
	return self
}

// BoundToRun says that the object is of one run of a handler.
func (h *PartHost) BoundToRun() {}
