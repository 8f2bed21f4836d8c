package controllers

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/route"
)

const ofFastify = "fastify-decorators"

// bootstrap is the plugin that registers controllers: (instance, {directory, controllers}).
func (l *Library) bootstrap(c *eval.Call) eval.Value {
	app, ok := c.Arg(0).(*eval.Object)
	options, given := c.Arg(1).(*eval.Object)
	if !ok || route.Of(app) == nil || !given {
		return eval.Undefined{}
	}
	var classes []*eval.Class
	list := c.GetMember(options, "controllers", c.At)
	if _, none := list.(eval.Undefined); !none {
		classes = l.given(c, list, ofFastify)
	}
	directory := c.GetMember(options, "directory", c.At)
	if _, none := directory.(eval.Undefined); !none {
		dir, shown := "", directory
		if o, ok := directory.(*eval.Object); ok { // new URL('controllers', import.meta.url)
			directory = c.GetMember(o, "pathname", c.At)
		}
		if s, ok := directory.(eval.String); ok {
			dir = l.Project.SourceDir(strings.TrimPrefix(string(s), "file://"))
		}
		if dir == "" {
			c.Report("controllers-assumed", c.At, "which directory of controllers is loaded here is not known ("+eval.Describe(shown)+"); all controllers that the project has are taken", "")
			dir = l.Project.Package
		}
		classes = unique(append(classes, l.inFiles(c, l.mentioning(dir, ofFastify), ofFastify)...))
	}
	for _, class := range classes {
		l.fastifyController(c, app, class)
	}
	return eval.Undefined{}
}

// fastifyController registers a class as the plugin that the package makes of it, below the
// class's path.
func (l *Library) fastifyController(c *eval.Call, app *eval.Object, class *eval.Class) {
	head, ok := named(of(decoratorsOf(class, ofFastify), ""), "Controller")
	if !ok {
		return
	}
	base := head.arg(0)
	if o, ok := base.(*eval.Object); ok {
		base = c.GetMember(o, "route", c.At)
	}
	below := joined(base)
	if below == eval.Value(eval.String("/")) {
		below = eval.String("")
	}
	plugin := &eval.Native{Name: class.Name, Call: func(c *eval.Call) eval.Value {
		l.methods(c, class)
		return eval.Undefined{}
	}}
	register := c.GetMember(app, "register", c.At)
	c.Call(register, app, []eval.Value{plugin, eval.NewObject().Put("prefix", below)}, c.At)
}

// methods registers the methods of a class with the application's own route.
func (l *Library) methods(c *eval.Call, class *eval.Class) {
	app, controller := c.Arg(0), l.instance(c, class, 0)
	for _, at := range line(class) {
		sayUnread(c, at, ofFastify)
		for _, d := range decoratorsOf(at, ofFastify) {
			if d.Member == "" || d.Parameter >= 0 || !isFastifyVerb(d.name) {
				continue
			}
			path, options := d.arg(0), d.arg(1)
			if o, ok := path.(*eval.Object); ok {
				path, options = c.GetMember(o, "url", d.At), c.GetMember(o, "options", d.At)
			}
			given := &eval.Object{At: d.At}
			if o, ok := options.(*eval.Object); ok {
				for _, k := range o.Keys() {
					given.Put(k, c.GetMember(o, k, d.At))
				}
			}
			fn := c.GetMember(controller, d.Member, d.At)
			given.Put("method", eval.String(d.name)).Put("url", joined(path))
			given.Put("handler", c.Call(c.GetMember(fn, "bind", d.At), fn, []eval.Value{controller}, d.At))
			c.Call(c.GetMember(app, "route", d.At), app, []eval.Value{given}, d.At)
		}
	}
}

func isFastifyVerb(name string) bool {
	switch name {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ALL":
		return true
	}
	return false
}
