package fastify

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// host stands behind an instance, or the scope of a plugin.
type host struct {
	library *Library
	parent  *host
	router  *route.Router
	// decorated is what decorate gave to this scope.
	decorated map[string]eval.Value
	prefix    eval.Value // nil: none
}

// Router is what the object registers in.
func (h *host) Router() *route.Router { return h.router }

// Passed says that unknown code got the instance: it is going to be served.
func (h *host) Passed() { h.root().router.Served = h.root().router.Served || h.parent == nil }

func (h *host) root() *host {
	for h.parent != nil {
		h = h.parent
	}
	return h
}

// Callable says that an instance is no function.
func (h *host) Callable() bool { return false }

func method(name string) string {
	switch name {
	case "get", "post", "put", "patch", "delete", "head", "options", "trace", "propfind", "proppatch", "mkcol", "copy", "move",
		"lock", "unlock", "search", "report", "mkcalendar":
		return strings.ToUpper(name)
	case "all":
		return "ALL"
	}
	return ""
}

// Index is a method whose name is not known: what looks like a route is told.
func (h *host) Index(_ *eval.Evaluator, self *eval.Object, key eval.Value, at eval.Place) eval.Value {
	return route.UnknownMethod(self, key, at)
}

// Member is a method of the instance, or what it was decorated with.
func (h *host) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	native := func(f func(c *eval.Call) eval.Value) (eval.Value, bool) {
		return &eval.Native{Name: name, Call: f}, true
	}
	if m := method(name); m != "" {
		return native(func(c *eval.Call) eval.Value { return h.verb(c, self, m) })
	}
	switch name {
	case "register":
		return native(func(c *eval.Call) eval.Value { return h.register(c, self) })
	case "route":
		return native(func(c *eval.Call) eval.Value { return h.route(c, self, c.Arg(0)) })
	case "addHook":
		return native(func(c *eval.Call) eval.Value { return h.hook(c, self) })
	case "decorate", "decorateRequest", "decorateReply":
		return native(func(c *eval.Call) eval.Value {
			if name == "decorate" {
				h.decorate(eval.ToText(c.Arg(0)), c.Arg(1))
			}
			return self
		})
	case "addSchema":
		return native(func(c *eval.Call) eval.Value {
			h.library.Schemas = append(h.library.Schemas, c.Arg(0))
			return self
		})
	case "withTypeProvider", "after", "ready", "setErrorHandler", "setNotFoundHandler", "setValidatorCompiler",
		"setSerializerCompiler", "setSchemaErrorFormatter", "setSchemaController", "addContentTypeParser", "addConstraintStrategy",
		"removeAllContentTypeParsers", "setReplySerializer", "setGenReqId", "setChildLoggerFactory", "close", "use", "addHttpMethod",
		"removeContentTypeParser", "enableCors":
		return native(func(c *eval.Call) eval.Value { return h.passing(c, self, name) })
	case "listen":
		return native(func(c *eval.Call) eval.Value {
			h.root().router.Served = true
			for _, a := range c.Args {
				if fn, ok := a.(*eval.Function); ok {
					c.Call(fn, eval.Undefined{}, nil, c.At)
				}
			}
			return eval.Unknown("an address", c.At)
		})
	case "inject":
		return native(func(c *eval.Call) eval.Value { return eval.Unknown("an answer", c.At) })
	case "prefix":
		if h.prefix == nil {
			return eval.String(""), true
		}
		return h.prefix, true
	case "server", "log", "version", "initialConfig":
		return eval.Unknown("instance."+name, self.At), true
	case "then", "catch":
		return nil, false
	}
	for at := h; at != nil; at = at.parent {
		if v, ok := at.decorated[name]; ok {
			return v, true
		}
	}
	return &eval.Term{Kind: eval.Member, Of: &eval.Term{Kind: eval.Import, Name: "fastify"}, Name: name, At: self.At}, true
}

func (h *host) decorate(name string, v eval.Value) {
	if h.decorated == nil {
		h.decorated = map[string]eval.Value{}
	}
	h.decorated[name] = v
}

// passing is a method that changes nothing here; after and ready call what they get.
func (h *host) passing(c *eval.Call, self *eval.Object, name string) eval.Value {
	if name == "after" || name == "ready" {
		for _, a := range c.Args {
			if fn, ok := a.(*eval.Function); ok {
				c.Call(fn, eval.Undefined{}, []eval.Value{}, c.At)
			}
		}
	}
	return self
}

// Awaited is the instance itself: what was registered has run.
func (h *host) Awaited(_ *eval.Evaluator, self eval.Value) eval.Value { return self }

// verb is fastify.get(path, options?, handler).
func (h *host) verb(c *eval.Call, self *eval.Object, method string) eval.Value {
	var options, handler eval.Value = eval.Undefined{}, c.Arg(1)
	if len(c.Args) > 2 {
		options, handler = c.Arg(1), c.Arg(2)
	} else if o, ok := handler.(*eval.Object); ok && o.Host == nil {
		options, handler = o, c.GetMember(o, "handler", c.At)
	}
	h.add(c, []string{method}, c.Arg(0), options, handler)
	return self
}

// route is fastify.route({method, url, handler, …}).
func (h *host) route(c *eval.Call, self *eval.Object, v eval.Value) eval.Value {
	for _, o := range eval.Alternatives(v) {
		var methods []string
		given := c.GetMember(o, "method", c.At)
		list := []eval.Value{given}
		if a, ok := given.(*eval.Array); ok {
			list = a.Elements
		}
		for _, m := range list {
			for _, one := range eval.Alternatives(m) {
				if s, ok := one.(eval.String); ok {
					methods = append(methods, strings.ToUpper(string(s)))
				}
			}
		}
		path := c.GetMember(o, "url", c.At)
		if _, none := path.(eval.Undefined); none {
			path = c.GetMember(o, "path", c.At)
		}
		if len(methods) == 0 {
			c.Report("unknown-method", c.At, "the methods of this route are not known ("+eval.Describe(given)+"); it is left out", "")
			continue
		}
		h.add(c, methods, path, o, c.GetMember(o, "handler", c.At))
	}
	return self
}

// add registers a route with the hooks of its options before its handler.
func (h *host) add(c *eval.Call, methods []string, path, options, handler eval.Value) {
	l := &route.Layer{
		Kind: route.Route, Methods: methods, Paths: route.Paths(path), Handlers: route.Flatten([]eval.Value{handler}),
		At: c.At, Maybe: c.Uncertain(), Options: options,
	}
	if len(l.Paths) == 0 {
		route.NoPath(c)
		return
	}
	if _, none := options.(eval.Undefined); !none {
		for _, hook := range []string{"onRequest", "preParsing", "preValidation", "preHandler"} {
			l.Before = append(l.Before, route.Flatten([]eval.Value{c.GetMember(options, hook, c.At)})...)
		}
	}
	h.router.Add(l)
}

// hook is addHook(name, f): those that are asked before the handler are guards; onRoute
// changes options, which is not looked at.
func (h *host) hook(c *eval.Call, self *eval.Object) eval.Value {
	switch eval.ToText(c.Arg(0)) {
	case "onRequest", "preParsing", "preValidation", "preHandler":
		h.router.Add(&route.Layer{Kind: route.Use, Handlers: route.Flatten(c.Args[min(1, len(c.Args)):]), At: c.At, Maybe: c.Uncertain()})
	}
	return self
}

// register runs a plugin, in a scope of its own unless it is wrapped by fastify-plugin.
func (h *host) register(c *eval.Call, self *eval.Object) eval.Value {
	options := c.Arg(1)
	for _, one := range eval.Alternatives(c.Arg(0)) {
		h.plugin(c, self, one, options)
	}
	return self
}

func (h *host) plugin(c *eval.Call, self *eval.Object, v, options eval.Value) {
	if o, ok := v.(*eval.Object); ok {
		if w, ok := o.Host.(wrapped); ok {
			h.run(c, self, w.fn, options)
			return
		}
		if a, ok := o.Host.(autoloadHost); ok {
			a.load(c, h, self, options)
			return
		}
		if o.Host == nil { // a module: its default
			if inner := c.GetMember(o, "default", c.At); inner != (eval.Undefined{}) {
				h.plugin(c, self, inner, options)
			}
			return
		}
		if inner := c.GetMember(o, "default", c.At); route.Of(o) == nil && inner != (eval.Undefined{}) {
			h.plugin(c, self, inner, options)
			return
		}
	}
	switch x := v.(type) {
	case *eval.Function, *eval.Native:
	case *eval.Term:
		h.foreign(c, x)
		return
	default:
		return
	}
	if skips(c, v) {
		h.run(c, self, v, options)
		return
	}
	child := h.child(c, prefixOf(c, options))
	h.run(c, child, v, options)
}

// skips says whether a plugin asked for no scope of its own by the symbol.
func skips(c *eval.Call, v eval.Value) bool {
	truth, ok := eval.Truth(c.GetMember(v, "Symbol(skip-override)", c.At))
	return ok && truth
}

func prefixOf(c *eval.Call, options eval.Value) eval.Value {
	if _, none := options.(eval.Undefined); none {
		return options
	}
	return c.GetMember(options, "prefix", c.At)
}

// child is a scope below this one.
func (h *host) child(c *eval.Call, prefix eval.Value) *eval.Object {
	r := &route.Router{Framework: "fastify", Dialect: route.Fastify, HooksFirst: true, At: c.At, Name: "plugin", Parent: h.router}
	h.library.Routers = append(h.library.Routers, r)
	inner := &host{library: h.library, parent: h, router: r}
	inner.prefix = h.prefix
	if _, none := prefix.(eval.Undefined); !none {
		if inner.prefix = prefix; h.prefix != nil {
			inner.prefix = eval.Concat(h.prefix, prefix)
		}
	}
	o := &eval.Object{Host: inner, At: c.At}
	l := &route.Layer{Kind: route.Use, Handlers: []eval.Value{o}, At: c.At, Maybe: c.Uncertain()}
	if s, ok := prefix.(eval.String); !ok || s != "" {
		l.Paths = route.Paths(prefix)
	}
	h.router.Add(l)
	return o
}

func (h *host) run(c *eval.Call, instance *eval.Object, fn, options eval.Value) {
	if _, none := options.(eval.Undefined); none {
		options = eval.NewObject()
	}
	if f, ok := options.(*eval.Function); ok { // (parent) => options
		options = c.Call(f, eval.Undefined{}, []eval.Value{instance}, c.At)
	}
	done := &eval.Native{Name: "done", Call: func(*eval.Call) eval.Value { return eval.Undefined{} }}
	c.Call(fn, eval.Undefined{}, []eval.Value{instance, options, done}, c.At)
}
