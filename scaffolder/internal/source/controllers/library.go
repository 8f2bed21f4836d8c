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

// Module gives the packages by their names.
func (l *Library) Module(_ *eval.Evaluator, name, subpath string) (eval.Value, bool) {
	if subpath != "." {
		return nil, false
	}
	switch name {
	case routing:
		return moduleOf(name, map[string]func(c *eval.Call) eval.Value{
			"createExpressServer": l.createExpress, "createKoaServer": l.createKoa,
			"useExpressServer": l.useServer, "useKoaServer": l.useServer, "useContainer": l.useContainer,
		}, false), true
	case ofFastify:
		return moduleOf(name, map[string]func(c *eval.Call) eval.Value{"bootstrap": l.bootstrap}, false), true
	case ofInversify:
		return moduleOf(name, map[string]func(c *eval.Call) eval.Value{"InversifyExpressServer": l.inversifyServer, "BaseHttpController": baseController}, true), true
	case ofSwagger:
		return moduleOf(name, map[string]func(c *eval.Call) eval.Value{"SwaggerRouter": l.swaggerRouter}, true), true
	}
	return nil, false
}

// moduleOf is a module with functions, which construct says are called with new, or extended.
func moduleOf(name string, functions map[string]func(c *eval.Call) eval.Value, construct bool) eval.Value {
	h := &moduleHost{of: &eval.Term{Kind: eval.Import, Name: name}, members: map[string]eval.Value{}}
	for name, f := range functions {
		h.members[name] = &eval.Native{Name: name, Call: f, Constructs: construct}
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
