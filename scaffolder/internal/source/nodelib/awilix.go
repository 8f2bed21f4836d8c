package nodelib

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// awilix is the container that gives values by name: asFunction(f), asClass(C),
// asValue(v) are registered, and made when they are asked for.
func (l *Library) awilix() eval.Value {
	module := &eval.Term{Kind: eval.Import, Name: "awilix"}
	registration := func(kind string) fn {
		return func(c *eval.Call) eval.Value {
			o := &eval.Object{At: c.At}
			self := func(*eval.Call) eval.Value { return o }
			for _, name := range []string{"singleton", "scoped", "transient", "proxy", "classic", "inject", "setLifetime", "disposer"} {
				o.Put(name, &eval.Native{Name: name, Call: self})
			}
			return o.Put("kind", eval.String(kind)).Put("given", c.Arg(0))
		}
	}
	o := object(map[string]fn{
		"createContainer": func(c *eval.Call) eval.Value { return newContainer(c) },
		"asFunction":      registration("function"), "asClass": registration("class"), "asValue": registration("value"),
	})
	for _, name := range []string{"InjectionMode", "Lifetime", "aliasTo"} {
		o.Put(name, &eval.Term{Kind: eval.Member, Of: module, Name: name})
	}
	return o.Put("default", o)
}

// cradleHost gives what is registered under a name.
type cradleHost struct {
	registered map[string]eval.Value
	made       map[string]eval.Value
	self       *eval.Object
}

func newContainer(c *eval.Call) eval.Value {
	h := &cradleHost{registered: map[string]eval.Value{}, made: map[string]eval.Value{}}
	h.self = &eval.Object{Host: h, At: c.At}
	container := &eval.Object{At: c.At}
	register := func(c *eval.Call) eval.Value {
		if o, ok := c.Arg(0).(*eval.Object); ok {
			for _, k := range o.Keys() {
				h.registered[k] = c.GetMember(o, k, c.At)
			}
		} else {
			h.registered[eval.ToText(c.Arg(0))] = c.Arg(1)
		}
		return container
	}
	resolve := func(c *eval.Call) eval.Value {
		v, _ := h.Member(c.Evaluator, h.self, eval.ToText(c.Arg(0)))
		return v
	}
	container.Put("register", &eval.Native{Name: "register", Call: register})
	container.Put("resolve", &eval.Native{Name: "resolve", Call: resolve})
	container.Put("createScope", &eval.Native{Name: "createScope", Call: func(*eval.Call) eval.Value { return container }})
	container.Put("build", &eval.Native{Name: "build", Call: func(c *eval.Call) eval.Value { return h.make(c.Evaluator, c.Arg(0), c.At) }})
	return container.Put("cradle", h.self)
}

// Passed says that whoever gets the cradle may make routers of it.
func (h *cradleHost) Passed() {}

func (h *cradleHost) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	if v, ok := h.made[name]; ok {
		return v, true
	}
	r, ok := h.registered[name].(*eval.Object)
	if !ok {
		return eval.Unknown(name, self.At), true
	}
	h.made[name] = eval.Unknown(name+", which is being made", self.At)
	given := r.Get("given")
	v := given
	switch eval.ToText(r.Get("kind")) {
	case "function", "class":
		v = h.make(ev, given, self.At)
	}
	h.made[name] = v
	return v, true
}

// make calls a factory with the cradle, or with what its parameters are called where it
// takes several.
func (h *cradleHost) make(ev *eval.Evaluator, given eval.Value, at eval.Place) eval.Value {
	args := []eval.Value{h.self}
	switch x := given.(type) {
	case *eval.Class:
		return ev.Construct(x, args, at)
	case *eval.Function:
		if names := x.ParameterNames(); len(names) > 1 {
			args = nil
			for _, n := range names {
				v, _ := h.Member(ev, h.self, strings.TrimSpace(n))
				args = append(args, v)
			}
		}
	}
	return ev.Call(given, eval.Undefined{}, args, at)
}
