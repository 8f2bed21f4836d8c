package fastify

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

// Library gives the modules. It keeps what was made.
type Library struct {
	Project *project.Project
	Routers []*route.Router
	// Schemas are those that were shared by addSchema.
	Schemas []eval.Value
}

// Module gives Fastify, fastify-plugin and autoload.
func (l *Library) Module(_ *eval.Evaluator, name, subpath string) (eval.Value, bool) {
	if subpath != "." {
		return nil, false
	}
	switch name {
	case "fastify":
		return l.fastify(), true
	case "fastify-plugin":
		return plugin(), true
	case "@fastify/autoload", "fastify-autoload":
		return l.autoload(), true
	}
	return nil, false
}

func (l *Library) fastify() eval.Value {
	fn := &eval.Native{Name: "fastify", Call: func(c *eval.Call) eval.Value {
		return l.Instance(c.At)
	}}
	fn.Members = eval.NewObject().Put("default", fn).Put("fastify", fn)
	return fn
}

// Instance is a new instance.
func (l *Library) Instance(at eval.Place) *eval.Object {
	r := &route.Router{Framework: "fastify", Dialect: route.Fastify, App: true, HooksFirst: true, At: at, Name: "instance"}
	l.Routers = append(l.Routers, r)
	return &eval.Object{Host: &host{library: l, router: r}, At: at}
}

// wrapped is what fastify-plugin gives: the plugin does not get a scope of its own.
type wrapped struct{ fn eval.Value }

// Member is a member of the plugin itself.
func (w wrapped) Member(ev *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	v := ev.GetMember(w.fn, name, self.At)
	_, none := v.(eval.Undefined)
	return v, !none
}

// Callable says that it can be called as the plugin can.
func (w wrapped) Callable() bool { return true }

// Invoke calls the plugin.
func (w wrapped) Invoke(c *eval.Call) eval.Value { return c.Call(w.fn, eval.Undefined{}, c.Args, c.At) }

func plugin() eval.Value {
	fn := &eval.Native{Name: "fastify-plugin", Call: func(c *eval.Call) eval.Value {
		return &eval.Object{Host: wrapped{c.Arg(0)}, At: c.At}
	}}
	fn.Members = eval.NewObject().Put("default", fn).Put("fastifyPlugin", fn).Put("fp", fn)
	return fn
}

// Function is the plugin that was wrapped.
func (w wrapped) Function() eval.Value { return w.fn }
