package eval

import (
	"path/filepath"

	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
)

// requireOf is the require function of a module.
func (ev *Evaluator) requireOf(m *Module) *Native {
	members := NewObject()
	if ev.Main != nil && ev.Main.commons != nil {
		members.Put("main", ev.Main.commons)
	}
	members.Put("resolve", &Native{Name: "require.resolve", Call: func(c *Call) Value {
		if s, ok := c.Arg(0).(String); ok {
			if r := ev.Sources.Resolve(m.Path, string(s)); r.Kind == project.Source {
				return String(r.File)
			}
		}
		return c.Arg(0)
	}})
	members.Put("cache", NewObject())
	return &Native{Name: "require", Members: members, Call: func(c *Call) Value {
		return c.requireAll(m, c.Arg(0), c.At)
	}}
}

// requireAll requires each specifier that a value may be.
func (ev *Evaluator) requireAll(m *Module, specifier Value, at Place) Value {
	var out []Value
	for _, one := range Alternatives(specifier) {
		if s, ok := one.(String); ok {
			out = append(out, ev.require(m, string(s), at))
			continue
		}
		ev.Report("unknown-module", at, "the module that is required here is not known ("+Describe(one)+")", "")
		out = append(out, Unknown("a module", at))
	}
	return Join(out...)
}

func (ev *Evaluator) require(m *Module, specifier string, at Place) Value {
	target, outside := ev.find(m, specifier, at)
	if target == nil {
		return outside
	}
	return ev.Required(target)
}

// dynamicImport is import(specifier).
func (ev *Evaluator) dynamicImport(m *Module, specifier Value, at Place) Value {
	var out []Value
	for _, one := range Alternatives(specifier) {
		s, ok := one.(String)
		if !ok {
			ev.Report("unknown-module", at, "the module that is imported here is not known ("+Describe(one)+")", "")
			out = append(out, Unknown("a module", at))
			continue
		}
		target, outside := ev.find(m, fromURL(string(s)), at)
		switch {
		case target == nil:
			out = append(out, outside)
		case !target.isESM():
			ns := NewObject()
			if o, ok := ev.Required(target).(*Object); ok {
				for _, k := range o.keys {
					ns.Put(k, o.Get(k))
				}
			}
			out = append(out, ns.Put("default", ev.Export(target, "default")))
		default:
			out = append(out, ev.namespace(target))
		}
	}
	return Join(out...)
}

// fromURL is the path of a file URL.
func fromURL(s string) string {
	const scheme = "file://"
	if len(s) > len(scheme) && s[:len(scheme)] == scheme {
		return filepath.FromSlash(s[len(scheme):])
	}
	return s
}
