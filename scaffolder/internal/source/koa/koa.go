package koa

import (
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// Library gives the modules. It keeps what was made.
type Library struct {
	// RouterVersion is the version range of the router that the project asks for.
	RouterVersion string
	Routers       []*route.Router
}

// Module gives Koa and its routers.
func (l *Library) Module(_ *eval.Evaluator, name, subpath string) (eval.Value, bool) {
	if subpath != "." {
		return nil, false
	}
	switch name {
	case "koa", "koa-websocket":
		return l.application(), true
	case "@koa/router", "koa-router", "koa-better-router", "koa-tree-router":
		return l.routerConstructor(), true
	case "koa-joi-router":
		fn := l.routerConstructor()
		fn.Members.Put("Joi", &eval.Term{Kind: eval.Import, Name: "joi"})
		return fn, true
	case "koa-mount":
		return l.mount(), true
	case "koa-compose":
		return module("compose", func(c *eval.Call) eval.Value { return c.Arg(0) }), true
	case "koa-convert":
		return module("convert", func(c *eval.Call) eval.Value { return c.Arg(0) }), true
	}
	return nil, false
}

func module(name string, f func(c *eval.Call) eval.Value) *eval.Native {
	fn := &eval.Native{Name: name, Call: f}
	fn.Members = eval.NewObject().Put("default", fn)
	return fn
}

func (l *Library) dialect() route.Dialect {
	major, _, _ := strings.Cut(strings.TrimLeft(l.RouterVersion, "^~>=v "), ".")
	if n, err := strconv.Atoi(major); err == nil && n >= 14 {
		return route.Express5
	}
	return route.Koa6
}

func (l *Library) made(c *eval.Call, app bool) *host {
	name := "router"
	if app {
		name = "application"
	}
	r := &route.Router{Framework: "koa", Dialect: l.dialect(), App: app, At: c.At, Name: name, Maybe: c.Uncertain()}
	l.Routers = append(l.Routers, r)
	return &host{library: l, router: r}
}

func (l *Library) application() eval.Value {
	fn := &eval.Native{Name: "Koa", Constructs: true, Members: eval.NewObject()}
	fn.Call = func(c *eval.Call) eval.Value {
		o := instance(c)
		h := l.made(c, true)
		o.Host, h.router.Object = h, o
		return o
	}
	fn.Members.Put("default", fn)
	return fn
}

// instance is the object that new, or a class that extends this, made; a new one where
// it is called as a function.
func instance(c *eval.Call) *eval.Object {
	o, ok := c.This.(*eval.Object)
	if !ok || !c.New || o.Host != nil {
		o = &eval.Object{At: c.At}
	}
	return o
}

func (l *Library) routerConstructor() *eval.Native {
	fn := &eval.Native{Name: "Router", Constructs: true, Members: eval.NewObject()}
	fn.Call = func(c *eval.Call) eval.Value {
		o := instance(c)
		h := l.made(c, false)
		o.Host = h
		if options, ok := c.Arg(0).(*eval.Object); ok {
			h.router.Prefix = route.Paths(c.GetMember(options, "prefix", c.At))
		}
		return o
	}
	fn.Members.Put("default", fn).Put("Router", fn)
	return fn
}

// mount is koa-mount: an application, or middleware, below a path.
func (l *Library) mount() eval.Value {
	return module("mount", func(c *eval.Call) eval.Value {
		h := l.made(c, false)
		h.router.Name = "mount"
		paths, handlers := c.Arg(0), c.Args[min(1, len(c.Args)):]
		if !route.IsPath(paths) {
			paths, handlers = eval.String("/"), c.Args
		}
		h.router.Add(&route.Layer{Kind: route.Use, Paths: route.Paths(paths), Handlers: route.Flatten(handlers), At: c.At})
		return &eval.Object{Host: h, At: c.At}
	})
}
