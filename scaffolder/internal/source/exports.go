package source

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// callExports calls the functions that the entry gives to whoever starts it, where the
// entry itself served nothing: a factory of an application, a plugin of Fastify, or a
// function that takes an application.
func (pr *program) callExports(main *eval.Module) {
	for _, r := range pr.routers() {
		if r.App && len(r.Layers) > 0 {
			return
		}
	}
	for _, name := range pr.ev.ExportNames(main) {
		pr.callExport(pr.ev.Export(main, name))
	}
	if f := pr.ev.Export(main, "default"); f != nil {
		pr.callExport(f)
	}
	pr.ev.Finish()
}

func (pr *program) callExport(v eval.Value) {
	switch x := v.(type) {
	case *eval.Function:
		pr.ev.Enter(x, pr.arguments(x))
	case *eval.Class:
		if strings.HasSuffix(x.Name, "App") || strings.HasSuffix(x.Name, "Server") || strings.HasSuffix(x.Name, "Application") {
			pr.instance(x)
		}
	case *eval.Object:
		if inner := pr.ev.PluginOf(x); inner != nil {
			pr.callExport(inner)
		}
	}
}

// instance makes an instance and calls what starts it.
func (pr *program) instance(c *eval.Class) {
	o, ok := pr.ev.Construct(c, nil, eval.Place{}).(*eval.Object)
	if !ok {
		return
	}
	for _, name := range []string{"init", "initialize", "start", "listen", "run", "setup", "bootstrap", "config"} {
		if fn, ok := pr.ev.GetMember(o, name, eval.Place{}).(*eval.Function); ok {
			pr.ev.Call(fn, o, nil, eval.Place{})
		}
	}
}

// arguments are what a function would be given: an application where a parameter's type
// or name asks for one; nil where none does.
func (pr *program) arguments(f *eval.Function) []eval.Value {
	names := f.ParameterNames()
	if len(names) == 0 {
		return nil
	}
	kind := pr.kindOf(f.ParameterType(0), names[0])
	if kind == "" {
		return nil
	}
	var app eval.Value
	switch kind {
	case "fastify":
		app = pr.fastify.Instance(f.Place())
	default:
		app = pr.ev.Call(pr.ev.ImportExternal(kind), eval.Undefined{}, []eval.Value{}, f.Place())
	}
	args := []eval.Value{app}
	for range names[1:] {
		args = append(args, eval.Unknown("an option", f.Place()))
	}
	return args
}

// kindOf is the framework of an application that a parameter takes.
func (pr *program) kindOf(typ, name string) string {
	m := pr.project.ManifestOf(pr.project.Package)
	switch {
	case strings.Contains(typ, "Fastify"):
		return "fastify"
	case strings.Contains(typ, "Koa"):
		return "koa"
	case strings.Contains(typ, "Express") || strings.Contains(typ, "Application") || strings.Contains(typ, "express."):
		return "express"
	}
	switch strings.ToLower(name) {
	case "fastify", "instance":
		return "fastify"
	case "app", "server", "application", "router", "api":
		for _, name := range []string{"fastify", "express", "koa"} {
			if m.DependsOn(name) != "" {
				return name
			}
		}
	}
	return ""
}
