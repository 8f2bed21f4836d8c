package controllers

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// Library gives the modules whose decorators are read.
type Library struct {
	Project *project.Project
	// container is what useContainer was given: it makes the controllers; nil: nothing was.
	container eval.Value
	made      map[*eval.Class]eval.Value
}

// Module gives routing-controllers and fastify-decorators.
func (l *Library) Module(_ *eval.Evaluator, name, subpath string) (eval.Value, bool) {
	if subpath != "." {
		return nil, false
	}
	switch name {
	case routing:
		return l.module(name, map[string]func(c *eval.Call) eval.Value{
			"createExpressServer": l.createExpress, "createKoaServer": l.createKoa,
			"useExpressServer": l.useServer, "useKoaServer": l.useServer, "useContainer": l.useContainer,
		}), true
	case ofFastify:
		return l.module(name, map[string]func(c *eval.Call) eval.Value{"bootstrap": l.bootstrap}), true
	}
	return nil, false
}

func (l *Library) module(name string, functions map[string]func(c *eval.Call) eval.Value) eval.Value {
	h := &moduleHost{of: &eval.Term{Kind: eval.Import, Name: name}, members: map[string]eval.Value{}}
	for name, f := range functions {
		h.members[name] = &eval.Native{Name: name, Call: f}
	}
	return &eval.Object{Host: h}
}

// moduleHost is a module: its functions are known, and all else in it is a decorator.
type moduleHost struct {
	of      *eval.Term
	members map[string]eval.Value
}

// Member is a function or a decorator.
func (h *moduleHost) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	if name == "default" {
		return self, true
	}
	if _, ok := h.members[name]; !ok {
		h.members[name] = &eval.Term{Kind: eval.Member, Of: h.of, Name: name}
	}
	return h.members[name], true
}

func (l *Library) useContainer(c *eval.Call) eval.Value {
	l.container = c.Arg(0)
	return eval.Undefined{}
}
