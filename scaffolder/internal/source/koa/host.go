package koa

import (
	"cmp"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// host stands behind an application or a router.
type host struct {
	library *Library
	router  *route.Router
}

// Router is what the object registers in.
func (h *host) Router() *route.Router { return h.router }

// Passed says that unknown code got the application: it is going to be served.
func (h *host) Passed() {
	if h.router.App {
		h.router.Served = true
	}
}

// Callable says that what routes() gives is a function.
func (h *host) Callable() bool { return true }

// Invoke is router.routes()(ctx, next).
func (h *host) Invoke(c *eval.Call) eval.Value {
	if o, ok := c.Observer.(route.DelegationObserver); ok {
		o.Delegated(h.router)
	}
	return eval.Undefined{}
}

func method(name string) string {
	switch name {
	case "get", "post", "put", "patch", "delete", "head", "options", "trace", "link", "unlink", "copy", "lock", "mkcol", "move",
		"purge", "propfind", "proppatch", "report", "search", "subscribe", "unsubscribe":
		return strings.ToUpper(name)
	case "del":
		return "DELETE"
	case "all":
		return "ALL"
	}
	return ""
}

// Index is a method whose name is not known: what looks like a route is told.
func (h *host) Index(_ *eval.Evaluator, self *eval.Object, key eval.Value, at eval.Place) eval.Value {
	return route.UnknownMethod(self, key, at)
}

// Member is a method of the application or router.
func (h *host) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	native := func(f func(c *eval.Call) eval.Value) (eval.Value, bool) {
		return &eval.Native{Name: name, Call: f}, true
	}
	if m := method(name); m != "" && !h.router.App {
		return native(func(c *eval.Call) eval.Value { return h.verb(c, self, m) })
	}
	if h.router.App {
		return h.appMember(self, name, native)
	}
	switch name {
	case "use":
		return native(func(c *eval.Call) eval.Value { return h.use(c, self) })
	case "prefix":
		return native(func(c *eval.Call) eval.Value {
			h.router.Prefix = joinPaths(route.Paths(c.Arg(0)), h.router.Prefix)
			return self
		})
	case "register", "route":
		return native(func(c *eval.Call) eval.Value { return h.register(c, self) })
	case "routes", "middleware":
		return native(func(*eval.Call) eval.Value { return self })
	case "allowedMethods":
		return native(func(c *eval.Call) eval.Value {
			return &eval.Native{Name: "allowedMethods", Call: func(*eval.Call) eval.Value { return eval.Undefined{} }}
		})
	case "param":
		return native(func(c *eval.Call) eval.Value {
			for _, p := range route.Paths(c.Arg(0)) {
				h.router.Add(&route.Layer{Kind: route.Param, Name: p.Text, Handlers: c.Args[min(1, len(c.Args)):], At: c.At})
			}
			return self
		})
	case "redirect", "url", "host":
		return native(func(*eval.Call) eval.Value { return self })
	}
	return nil, false
}

func (h *host) appMember(self *eval.Object, name string, native func(func(c *eval.Call) eval.Value) (eval.Value, bool)) (eval.Value, bool) {
	switch name {
	case "use":
		return native(func(c *eval.Call) eval.Value {
			h.router.Add(&route.Layer{Kind: route.Use, Handlers: route.Flatten(c.Args), At: c.At, Maybe: c.Uncertain()})
			return self
		})
	case "listen", "callback":
		return native(func(c *eval.Call) eval.Value {
			h.router.Served = true
			for _, a := range c.Args {
				if fn, ok := a.(*eval.Function); ok {
					c.Call(fn, eval.Undefined{}, []eval.Value{}, c.At)
				}
			}
			return eval.Unknown("a server", c.At)
		})
	case "context":
		return &eval.Object{Open: true}, true
	case "on", "once", "emit", "inspect", "toJSON":
		return native(func(*eval.Call) eval.Value { return self })
	}
	return nil, false
}

// verb is router.get(name?, path, …handlers).
func (h *host) verb(c *eval.Call, self *eval.Object, method string) eval.Value {
	args := c.Args
	if len(args) >= 3 && route.IsPath(args[0]) && route.IsPath(args[1]) {
		args = args[1:] // a name in front
	}
	if len(args) == 0 {
		return self
	}
	paths, rest := route.Paths(args[0]), args[1:]
	if _, ok := args[0].(*eval.Function); ok {
		paths, rest = nil, args // router.get(handler): the prefix alone
	} else if len(paths) == 0 {
		route.NoPath(c)
		return self
	}
	l := &route.Layer{Kind: route.Route, Methods: []string{method}, Paths: paths, At: c.At, Maybe: c.Uncertain()}
	if len(rest) > 1 && isOptions(rest[0]) {
		l.Options, rest = rest[0], rest[1:] // koa-joi-router: get(path, { validate }, handler)
	}
	l.Handlers = route.Flatten(rest)
	h.router.Add(l)
	return self
}

// isOptions says whether a value is an object of options rather than a handler.
func isOptions(v eval.Value) bool {
	o, ok := v.(*eval.Object)
	return ok && o.Host == nil && o.Class == nil
}

// use is router.use(path?, …middleware).
func (h *host) use(c *eval.Call, self *eval.Object) eval.Value {
	l := &route.Layer{Kind: route.Use, At: c.At, Maybe: c.Uncertain()}
	args := c.Args
	if len(args) > 1 && route.IsPath(args[0]) {
		l.Paths, args = route.Paths(args[0]), args[1:]
	}
	l.Handlers = route.Flatten(args)
	h.router.Add(l)
	return self
}

// register is register(path, [methods], handlers), and route({method, path, handler}) of
// koa-joi-router.
func (h *host) register(c *eval.Call, self *eval.Object) eval.Value {
	if list, ok := c.Arg(0).(*eval.Array); ok {
		for _, one := range list.Elements {
			h.declared(c, one)
		}
		return self
	}
	if o, ok := c.Arg(0).(*eval.Object); ok && o.Host == nil {
		h.declared(c, o)
		return self
	}
	methods, _ := c.Iterate(c.Arg(1), c.At)
	if s, ok := c.Arg(1).(eval.String); ok {
		methods = []eval.Value{s}
	}
	h.add(c, methods, c.Arg(0), c.Args[min(2, len(c.Args)):], nil)
	return self
}

func (h *host) declared(c *eval.Call, v eval.Value) {
	methods := c.GetMember(v, "method", c.At)
	list, _ := c.Iterate(methods, c.At)
	if s, ok := methods.(eval.String); ok {
		list = []eval.Value{s}
	}
	handlers := []eval.Value{c.GetMember(v, "pre", c.At), c.GetMember(v, "handler", c.At)}
	h.add(c, list, c.GetMember(v, "path", c.At), handlers, v)
}

func (h *host) add(c *eval.Call, methods []eval.Value, path eval.Value, handlers []eval.Value, options eval.Value) {
	l := &route.Layer{Kind: route.Route, Paths: route.Paths(path), Handlers: route.Flatten(handlers), At: c.At, Maybe: c.Uncertain(), Options: options}
	for _, m := range methods {
		if s, ok := m.(eval.String); ok {
			l.Methods = append(l.Methods, strings.ToUpper(string(s)))
		}
	}
	if len(l.Methods) == 0 {
		c.Report("unknown-method", c.At, "the methods of this route are not known; it is left out", "")
		return
	}
	h.router.Add(l)
}

// joinPaths puts each of the outer paths before each of the inner ones.
func joinPaths(outer, inner []route.Path) []route.Path {
	if len(inner) == 0 {
		return outer
	}
	var out []route.Path
	for _, a := range outer {
		for _, b := range inner {
			if unknown := cmp.Or(a.Unknown, b.Unknown); unknown != nil {
				out = append(out, route.Path{Unknown: unknown})
				continue
			}
			out = append(out, route.Path{Text: strings.TrimSuffix(a.Text, "/") + "/" + strings.TrimPrefix(b.Text, "/")})
		}
	}
	return out
}
