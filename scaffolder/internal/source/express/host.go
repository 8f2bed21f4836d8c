package express

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// host stands behind an application or a router.
type host struct {
	library  *Library
	router   *route.Router
	settings map[string]eval.Value
	locals   *eval.Object
}

// Router is what the object registers in.
func (h *host) Router() *route.Router { return h.router }

// Passed says that unknown code got the application: it is going to be served.
func (h *host) Passed() { h.router.Served = true }

// Callable says that applications and routers are functions.
func (h *host) Callable() bool { return true }

// Invoke is app(req, res): who delegates to it is found by package handler.
func (h *host) Invoke(c *eval.Call) eval.Value {
	if o, ok := c.Observer.(route.DelegationObserver); ok {
		o.Delegated(h.router)
	}
	return eval.Undefined{}
}

// method is the HTTP method of a function's name; "" where it is none.
func method(name string) string {
	switch name {
	case "get", "post", "put", "patch", "delete", "head", "options", "trace", "copy", "lock", "mkcol", "move", "purge",
		"propfind", "proppatch", "unlock", "report", "mkactivity", "checkout", "merge", "m-search", "notify", "subscribe",
		"unsubscribe", "search", "connect", "link", "unlink", "bind", "unbind", "rebind", "acl", "source", "query":
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
func (h *host) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	if m := method(name); m != "" {
		return h.native(name, func(c *eval.Call) eval.Value { return h.verb(c, self, m) }), true
	}
	switch name {
	case "use":
		return h.native(name, func(c *eval.Call) eval.Value { return h.use(c, self) }), true
	case "route":
		return h.native(name, func(c *eval.Call) eval.Value {
			return &eval.Object{Host: &routeHost{host: h, paths: route.Paths(c.Arg(0)), given: len(c.Args) > 0}, At: c.At}
		}), true
	case "param":
		return h.native(name, func(c *eval.Call) eval.Value {
			for _, p := range route.Paths(c.Arg(0)) {
				h.router.Add(&route.Layer{Kind: route.Param, Name: p.Text, Handlers: c.Args[min(1, len(c.Args)):], At: c.At})
			}
			return self
		}), true
	case "set":
		return h.native(name, func(c *eval.Call) eval.Value {
			h.settings[eval.ToText(c.Arg(0))] = c.Arg(1)
			return self
		}), true
	case "listen":
		return h.native(name, func(c *eval.Call) eval.Value {
			h.router.Served = true
			for _, a := range c.Args {
				if fn, ok := a.(*eval.Function); ok {
					c.Call(fn, eval.Undefined{}, []eval.Value{}, c.At)
				}
			}
			return eval.Unknown("a server", c.At)
		}), true
	case "locals":
		if h.locals == nil {
			h.locals = &eval.Object{Open: true}
		}
		return h.locals, true
	case "stack", "_router", "router":
		if name == "router" && h.router.App {
			return eval.Unknown("the application's router", h.router.At), true
		}
		return nil, false
	case "ws":
		return h.native(name, func(*eval.Call) eval.Value { return self }), true
	case "engine", "enable", "disable", "on", "once", "emit", "enabled", "disabled", "render", "path", "init", "setMaxListeners":
		return h.native(name, func(*eval.Call) eval.Value { return self }), true
	case "handle":
		return h.native(name, h.Invoke), true
	}
	return nil, false
}

func (h *host) native(name string, f func(c *eval.Call) eval.Value) *eval.Native {
	return &eval.Native{Name: name, Call: f}
}

// verb registers a route; app.get with one argument reads a setting.
func (h *host) verb(c *eval.Call, self *eval.Object, method string) eval.Value {
	if len(c.Args) == 1 && h.router.App && method == "GET" && route.IsPath(c.Arg(0)) {
		if v, ok := h.settings[eval.ToText(c.Arg(0))]; ok {
			return v
		}
		return eval.Unknown("a setting", c.At)
	}
	h.add(c, []string{method}, route.Paths(c.Arg(0)), c.Args[min(1, len(c.Args)):])
	return self
}

func (h *host) add(c *eval.Call, methods []string, paths []route.Path, rest []eval.Value) {
	if len(paths) == 0 {
		route.NoPath(c)
		return
	}
	h.router.Add(&route.Layer{
		Kind: route.Route, Methods: methods, Paths: paths, Handlers: route.Flatten(rest), At: c.At, Maybe: c.Uncertain(),
	})
}

// use registers middleware and mounts, with a path in front or without.
func (h *host) use(c *eval.Call, self *eval.Object) eval.Value {
	args := c.Args
	l := &route.Layer{Kind: route.Use, At: c.At, Maybe: c.Uncertain()}
	if len(args) > 1 && (route.IsPath(args[0]) || isUnknownPath(args)) {
		l.Paths, args = route.Paths(args[0]), args[1:]
	}
	l.Handlers = route.Flatten(args)
	h.router.Add(l)
	return self
}

// isUnknownPath says whether the first of several arguments is a value of unknown kind
// in front of a router: then it must be the path.
func isUnknownPath(args []eval.Value) bool {
	t, ok := args[0].(*eval.Term)
	if !ok || t.Kind == eval.Called {
		return false
	}
	if t.Kind == eval.Import {
		return false
	}
	for _, a := range args[1:] {
		if route.Of(a) == nil {
			return false
		}
	}
	module, _ := t.Path()
	return module == ""
}

// routeHost is what route(path) gives: methods without a path.
type routeHost struct {
	host  *host
	paths []route.Path
	given bool
	all   []eval.Value
}

// Member is a method; all() stands before those that follow.
func (r *routeHost) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	m := method(name)
	if m == "" {
		return nil, false
	}
	return r.host.native(name, func(c *eval.Call) eval.Value {
		if r.given {
			r.host.add(c, []string{m}, r.paths, append(append([]eval.Value{}, r.all...), c.Args...))
		}
		if m == "ALL" {
			r.all = append(r.all, c.Args...)
		}
		return self
	}), true
}
