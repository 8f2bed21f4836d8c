package express

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// Library gives the modules. It keeps what was made.
type Library struct {
	// Version is the version range of express that the project asks for.
	Version string
	Routers []*route.Router
}

// Module gives express and the packages that are like it.
func (l *Library) Module(ev *eval.Evaluator, name, subpath string) (eval.Value, bool) {
	if subpath != "." && name != "express" {
		return nil, false
	}
	switch name {
	case "express", "ultimate-express", "hyper-express":
		return l.express(name), true
	case "express-promise-router", "router", "express-async-router", "express-async-routify":
		return l.routerModule(name), true
	case "express-ws":
		return l.websockets(), true
	}
	return nil, false
}

func (l *Library) dialect() route.Dialect {
	version := strings.TrimLeft(l.Version, "^~>=v ")
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err == nil && n >= 5 {
		return route.Express5
	}
	return route.Express4
}

func (l *Library) express(name string) eval.Value {
	module := &eval.Term{Kind: eval.Import, Name: name}
	members := eval.NewObject()
	for _, m := range []string{"json", "urlencoded", "raw", "text", "static", "query", "request", "response", "application", "Route"} {
		members.Put(m, &eval.Term{Kind: eval.Member, Of: module, Name: m})
	}
	fn := &eval.Native{Name: "express", Members: members, Call: func(c *eval.Call) eval.Value {
		h := l.made(c, true)
		o := &eval.Object{Host: h, At: c.At}
		h.router.Object = o
		return o
	}}
	members.Put("Router", l.routerConstructor("express.Router"))
	members.Put("default", fn)
	return fn
}

// routerConstructor is Router, called with new, without it, or by a class that extends it.
func (l *Library) routerConstructor(name string) *eval.Native {
	return &eval.Native{Name: name, Constructs: true, Call: func(c *eval.Call) eval.Value {
		o, ok := c.This.(*eval.Object)
		if !ok || !c.New || o.Host != nil {
			o = &eval.Object{At: c.At}
		}
		o.Host = l.made(c, false)
		return o
	}}
}

func (l *Library) routerModule(name string) eval.Value {
	fn := l.routerConstructor(name)
	fn.Members = eval.NewObject().Put("Router", fn).Put("default", fn).Put("AsyncRouter", fn)
	return fn
}

func (l *Library) websockets() eval.Value {
	fn := &eval.Native{Name: "express-ws", Call: func(c *eval.Call) eval.Value {
		out := eval.NewObject().Put("app", c.Arg(0))
		return out.Put("applyTo", &eval.Native{Name: "applyTo", Call: func(*eval.Call) eval.Value { return eval.Undefined{} }}).
			Put("getWss", &eval.Native{Name: "getWss", Call: func(c *eval.Call) eval.Value { return eval.Unknown("sockets", c.At) }})
	}}
	fn.Members = eval.NewObject().Put("default", fn)
	return fn
}

func (l *Library) made(c *eval.Call, app bool) *host {
	name := "router"
	if app {
		name = "application"
	}
	r := &route.Router{Framework: "express", Dialect: l.dialect(), App: app, At: c.At, Name: name, Maybe: c.Uncertain()}
	l.Routers = append(l.Routers, r)
	return &host{library: l, router: r, settings: map[string]eval.Value{}}
}
