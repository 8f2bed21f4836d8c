package nodelib

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// Library gives the modules and the globals of node.
type Library struct {
	Project *project.Project
	env     map[string]string
	store   *eval.Object // of nconf
}

// New is a library for a project.
func New(p *project.Project) *Library { return &Library{Project: p, env: environment(p)} }

// Module gives node's modules, and those packages that are known.
func (l *Library) Module(ev *eval.Evaluator, name, subpath string) (eval.Value, bool) {
	switch name {
	case "path", "path/posix", "upath":
		return l.path(), true
	case "fs", "fs/promises", "fs-extra", "graceful-fs":
		return l.fs(), true
	case "url":
		return l.url(), true
	case "http", "https", "http2", "spdy":
		return l.http(name), true
	case "util", "util/types":
		return l.util(), true
	case "events", "eventemitter3", "eventemitter2":
		return events(), true
	case "process":
		return l.process(), true
	case "timers", "timers/promises":
		return object(map[string]fn{"setTimeout": later, "setImmediate": later, "setInterval": later}), true
	case "glob", "fast-glob", "globby", "tiny-glob", "tinyglobby":
		return l.glob(name), true
	case "require-all", "require-directory", "require-dir", "include-all", "auto-load":
		return l.requireAll(name), true
	case "config":
		return l.config(), subpath == "."
	case "nconf":
		return l.nconf(), subpath == "."
	case "awilix":
		return l.awilix(), true
	case "tsyringe", "typedi", "inversify":
		return containerModule(name), true
	case "lodash", "underscore", "lodash-es", "ramda":
		if one := strings.TrimSuffix(strings.TrimPrefix(subpath, "./"), ".js"); one != "." && one != "" {
			return lodashFunction(name, strings.TrimPrefix(one, "fp/"))
		}
		return lodash(name), true
	}
	if one, ok := strings.CutPrefix(name, "lodash."); ok {
		return lodashFunction("lodash", one)
	}
	return nil, false
}

// Global gives node's global names.
func (l *Library) Global(ev *eval.Evaluator, name string) (eval.Value, bool) {
	switch name {
	case "process":
		return l.process(), true
	case "console":
		return &eval.Object{Host: consoleHost{}}, true
	case "setTimeout", "setImmediate", "setInterval", "queueMicrotask":
		return &eval.Native{Name: name, Call: later}, true
	case "URL":
		return l.urlConstructor(), true
	}
	return nil, false
}

type fn = func(c *eval.Call) eval.Value

// object is a module of functions. It is its own default.
func object(functions map[string]fn) *eval.Object {
	o := &eval.Object{Open: true}
	for name, f := range functions {
		o.Put(name, &eval.Native{Name: name, Call: f})
	}
	return o
}

// later is setTimeout and its like: the function is called.
func later(c *eval.Call) eval.Value {
	if f, ok := c.Arg(0).(*eval.Function); ok {
		c.Call(f, eval.Undefined{}, []eval.Value{}, c.At)
	}
	return eval.Unknown("a timer", c.At)
}

// consoleHost has every method, and none does anything.
type consoleHost struct{}

func (consoleHost) Member(_ *eval.Evaluator, _ *eval.Object, name string) (eval.Value, bool) {
	return &eval.Native{Name: "console." + name, Call: func(*eval.Call) eval.Value { return eval.Undefined{} }}, true
}

func texts(list []string) []eval.Value {
	out := make([]eval.Value, len(list))
	for i, s := range list {
		out[i] = eval.String(s)
	}
	return out
}

// text is an argument that has to be known.
func text(c *eval.Call, i int) (string, bool) {
	s, ok := c.Arg(i).(eval.String)
	return string(s), ok
}
