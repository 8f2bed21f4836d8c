package eval

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// isESM says whether a module gives its names by export.
func (m *Module) isESM() bool {
	return len(m.exports) > 0 || len(m.all) > 0 || len(m.outside) > 0
}

// givesNothing says whether a module imports, and has nothing to give by either way.
func (m *Module) givesNothing() bool {
	o, ok := m.commons.Get("exports").(*Object)
	if !ok || len(o.keys) > 0 || o.Host != nil {
		return false
	}
	for _, s := range m.File.Statements {
		if _, ok := s.(*syntax.ImportDeclaration); ok {
			return true
		}
	}
	return false
}

// Export is what a module gives under a name: "default", a name, or "*" for all of it
// as one object; nil where it gives nothing of that name.
func (ev *Evaluator) Export(m *Module, name string) Value {
	return ev.exported(m, name, 0)
}

func (ev *Evaluator) exported(m *Module, name string, depth int) Value {
	if m == nil || depth > 32 {
		return nil
	}
	ev.Ensure(m)
	switch {
	case m.json != nil:
		if name == "*" || name == "default" {
			return m.json
		}
		return ev.GetMember(m.json, name, Place{})
	case name == "*":
		return ev.namespace(m)
	}
	if e, ok := m.exports[name]; ok {
		return ev.exportValue(m, e, depth)
	}
	if name != "default" {
		for _, from := range m.all {
			if v := ev.exported(from, name, depth+1); v != nil {
				return v
			}
		}
		for _, v := range m.outside {
			if t, ok := v.(*Term); ok {
				return t.member(name, Place{})
			}
			if o, ok := v.(*Object); ok && o.Get(name) != nil {
				return o.Get(name)
			}
		}
	}
	if m.isESM() {
		return nil
	}
	return ev.commonExport(m, name)
}

func (ev *Evaluator) exportValue(m *Module, e *export, depth int) Value {
	switch {
	case e.value != nil:
		return e.value
	case e.from != nil:
		return ev.exported(e.from, e.name, depth+1)
	}
	if b := m.scope.find(e.local); b != nil {
		return ev.read(b)
	}
	return nil
}

// commonExport is a name of a CommonJS module as import sees it.
func (ev *Evaluator) commonExport(m *Module, name string) Value {
	v := m.commons.Get("exports")
	if name != "default" {
		if o, ok := v.(*Object); ok {
			if _, ok := o.find(name); !ok && o.Host == nil && !o.Open {
				return nil
			}
		}
		return ev.GetMember(v, name, Place{})
	}
	if o, ok := v.(*Object); ok && o.Get("default") != nil && o.Get("__esModule") != nil {
		return o.Get("default")
	}
	return v
}

// Required is a module as require() sees it.
func (ev *Evaluator) Required(m *Module) Value {
	ev.Ensure(m)
	switch {
	case m.json != nil:
		return m.json
	case m.isESM():
		return ev.namespace(m)
	}
	return m.commons.Get("exports")
}

// namespace is the object of all that a module gives.
func (ev *Evaluator) namespace(m *Module) Value {
	if m.json != nil {
		return m.json
	}
	if !m.isESM() && m.state == evaluated && !m.givesNothing() {
		return m.commons.Get("exports")
	}
	if m.ns == nil {
		m.ns = &Object{Host: namespaceHost{m}}
	}
	return m.ns
}

// namespaceHost reads the exports of a module.
type namespaceHost struct{ module *Module }

func (h namespaceHost) Member(ev *Evaluator, _ *Object, name string) (Value, bool) {
	if v := ev.Export(h.module, name); v != nil {
		return v, true
	}
	if h.module.state == evaluated && name != "default" {
		ev.missing = append(ev.missing, name)
	}
	return nil, false
}

func (h namespaceHost) Keys(ev *Evaluator) []string {
	var out []string
	seen := map[string]bool{}
	h.collect(ev, h.module, seen, &out, 0)
	return out
}

func (h namespaceHost) collect(ev *Evaluator, m *Module, seen map[string]bool, out *[]string, depth int) {
	if m == nil || depth > 32 {
		return
	}
	for _, name := range m.order {
		if !seen[name] {
			seen[name] = true
			*out = append(*out, name)
		}
	}
	for _, from := range m.all {
		h.collect(ev, from, seen, out, depth+1)
	}
}

// ExportNames are the names that a module gives, "default" among them.
func (ev *Evaluator) ExportNames(m *Module) []string {
	ev.Ensure(m)
	if m.isESM() {
		return namespaceHost{m}.Keys(ev)
	}
	if o, ok := m.commons.Get("exports").(*Object); ok {
		return slices.DeleteFunc(slices.Clone(o.keys), func(k string) bool { return strings.HasPrefix(k, "__") })
	}
	return nil
}

// MissingExports are names that were asked of modules that give nothing of that name.
func (ev *Evaluator) MissingExports() []string { return ev.missing }
