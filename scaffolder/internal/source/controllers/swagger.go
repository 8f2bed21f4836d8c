package controllers

import (
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

const ofSwagger = "koa-swagger-decorator"

// swaggerRouter is new SwaggerRouter(): a router of Koa that also takes classes, whose
// static methods @request gives a method and a path.
func (l *Library) swaggerRouter(c *eval.Call) eval.Value {
	construct := c.GetMember(c.GlobalName("Reflect"), "construct", c.At)
	options := &eval.Array{Elements: c.Args}
	router, ok := c.Call(construct, eval.Undefined{}, []eval.Value{c.ImportExternal("@koa/router"), options}, c.At).(*eval.Object)
	if !ok {
		return eval.Undefined{}
	}
	own := eval.NewObject()
	put := func(name string, f func(c *eval.Call)) {
		own.Put(name, &eval.Native{Name: name, Call: func(c *eval.Call) eval.Value {
			f(c)
			return router
		}})
	}
	put("swagger", func(*eval.Call) {})
	put("map", func(c *eval.Call) {
		if class, ok := c.Arg(0).(*eval.Class); ok {
			l.mapped(c, router, class)
			return
		}
		c.Report("unknown-controller", c.At, "the class that is mapped here is not known ("+eval.Describe(c.Arg(0))+"); its routes are left out", "")
	})
	put("mapDir", func(c *eval.Call) { l.mappedDirectory(c, router) })
	router.Proto = own
	return router
}

// mappedDirectory maps what the files of a directory export.
func (l *Library) mappedDirectory(c *eval.Call, router *eval.Object) {
	dir, ok := c.Arg(0).(eval.String)
	path := l.Project.SourceDir(filepath.FromSlash(string(dir)))
	if !ok || path == "" {
		c.Report("unknown-directory", c.At, "the directory that is mapped here is not known ("+eval.Describe(c.Arg(0))+")", "")
		return
	}
	for _, file := range l.mentioning(path, ofSwagger) {
		m := c.Load(file)
		if m == nil {
			continue
		}
		c.Ensure(m)
		for _, name := range c.ExportNames(m) {
			if class, ok := c.Export(m, name).(*eval.Class); ok {
				l.mapped(c, router, class)
			}
		}
	}
}

func (l *Library) mapped(c *eval.Call, router *eval.Object, class *eval.Class) {
	sayUnread(c, class, ofSwagger)
	list := decoratorsOf(class, ofSwagger)
	var prefix eval.Value = eval.Undefined{}
	if d, ok := named(of(list, ""), "prefix"); ok {
		prefix = d.arg(0)
	}
	for _, d := range list {
		method, ok := d.arg(0).(eval.String)
		if d.name != "request" || d.Member == "" || d.Parameter >= 0 || !ok {
			continue
		}
		path := d.arg(1)
		if s, ok := path.(eval.String); ok {
			path = eval.String(strings.NewReplacer("{", ":", "}", "").Replace(string(s)))
		}
		args := []eval.Value{joined(prefix, path)}
		for _, m := range of(list, d.Member) {
			if m.name == "middlewares" {
				args = append(args, m.args...)
			}
		}
		args = append(args, c.GetMember(class, d.Member, d.At))
		c.Call(c.GetMember(router, strings.ToLower(string(method)), d.At), router, args, d.At)
	}
}
