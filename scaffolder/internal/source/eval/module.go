package eval

import (
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Module is a source file of the project, loaded once.
type Module struct {
	Path string
	File *syntax.File

	scope   *scope
	exports map[string]*export
	order   []string
	all     []*Module // export * from
	outside []Value   // export * from a module of no source
	commons *Object   // the module object: its property exports
	state   moduleState
	ns      *Object
	json    Value
}

type moduleState int

const (
	loaded moduleState = iota
	evaluating
	evaluated
)

// export is a name that a module gives: of a variable, of another module, or a value.
type export struct {
	local string
	from  *Module // with name: that module's export
	name  string
	value Value
}

// Load is the module of a file, parsed and not run; nil where it cannot be read.
func (ev *Evaluator) Load(path string) *Module {
	if m, ok := ev.modules[path]; ok {
		return m
	}
	m := &Module{Path: path, exports: map[string]*export{}}
	ev.modules[path] = m
	if filepath.Ext(path) == ".json" {
		data, err := ev.Sources.Read(path)
		if err == nil {
			m.json = ev.parseJSON(data)
		}
		if m.json == nil {
			m.json = Unknown(filepath.Base(path), Place{})
		}
		m.state = evaluated
		return m
	}
	file, err := ev.Sources.Parse(path)
	if err != nil || file == nil {
		ev.modules[path] = nil
		return nil
	}
	m.File = file
	m.scope = &scope{module: m}
	m.scope.frame = &frame{this: Undefined{}}
	m.commons = NewObject()
	m.commons.Put("exports", NewObject())
	return m
}

// Loads says whether the program loads a file, also one that cannot be read.
func (ev *Evaluator) Loads(path string) bool {
	_, ok := ev.modules[path]
	return ok
}

// Run evaluates a file as the program's main module.
func (ev *Evaluator) Run(path string) *Module {
	m := ev.Load(path)
	if m == nil {
		return nil
	}
	if ev.Main == nil {
		ev.Main = m
	}
	ev.Ensure(m)
	return m
}

// Ensure evaluates a module that was not evaluated yet.
func (ev *Evaluator) Ensure(m *Module) {
	if m == nil || m.state != loaded {
		return
	}
	m.state = evaluating
	s := m.scope
	s.frame.this = m.commons.Get("exports")
	s.declare("module", m.commons, 0)
	s.declare("exports", m.commons.Get("exports"), 0)
	s.declare("__filename", String(m.Path), 0)
	s.declare("__dirname", String(filepath.Dir(m.Path)), 0)
	s.declare("require", ev.requireOf(m), 0)
	m.commons.Put("filename", String(m.Path))
	m.commons.Put("id", String(m.Path))
	m.commons.Put("children", &Array{})
	if m != ev.Main {
		m.commons.Put("parent", NewObject())
	}
	level, depth := ev.level, ev.depth
	ev.level, ev.depth = 0, 0
	ev.hoist(m.File.Statements, s)
	ev.link(m)
	ev.block(m.File.Statements, s)
	ev.level, ev.depth = level, depth
	m.state = evaluated
}

// link binds the names of what a module imports, and then runs that, in order: a module that
// imports this one in turn finds its functions and exports there.
func (ev *Evaluator) link(m *Module) {
	var run []func()
	ensure := func(target *Module) { run = append(run, func() { ev.Ensure(target) }) }
	for _, statement := range m.File.Statements {
		switch x := statement.(type) {
		case *syntax.ImportDeclaration:
			if x.Source != nil && !x.TypeOnly {
				ensure(ev.importNames(m, x))
			}
		case *syntax.ExportNamed:
			if !x.TypeOnly {
				ensure(ev.exportNames(m, x))
			}
		case *syntax.ExportAll:
			if x.Source != nil && !x.TypeOnly {
				ensure(ev.exportAll(m, x))
			}
		case *syntax.ImportEquals:
			if x.Source == nil {
				continue
			}
			if x.Modifiers.Has(syntax.ModExport) {
				m.export(x.Name.Name, &export{local: x.Name.Name})
			}
			run = append(run, func() {
				m.scope.declare(x.Name.Name, ev.require(m, x.Source.Value, ev.place(m, x)), 0)
			})
		}
	}
	for _, f := range run {
		f()
	}
}

func (m *Module) export(name string, e *export) {
	if _, ok := m.exports[name]; !ok {
		m.order = append(m.order, name)
	}
	m.exports[name] = e
}

// importNames binds what an import names, and gives the module that has to run for it.
func (ev *Evaluator) importNames(m *Module, x *syntax.ImportDeclaration) *Module {
	target, outside := ev.locate(m, x.Source.Value, ev.place(m, x))
	bind := func(local, name string) {
		if target != nil {
			m.scope.add(local, &binding{from: target, name: name})
		} else {
			m.scope.declare(local, importedFrom(ev, outside, name, ev.place(m, x)), 0)
		}
	}
	if x.Default != nil {
		bind(x.Default.Name, "default")
	}
	if x.Namespace != nil {
		bind(x.Namespace.Name, "*")
	}
	for _, n := range x.Named {
		if name, ok := syntax.KeyName(n.Imported); ok && n.Local != nil && !n.TypeOnly {
			bind(n.Local.Name, name)
		}
	}
	return target
}

func (ev *Evaluator) exportNames(m *Module, x *syntax.ExportNamed) *Module {
	var target *Module
	var outside Value
	if x.Source != nil {
		target, outside = ev.locate(m, x.Source.Value, ev.place(m, x))
	}
	for _, s := range x.Specifiers {
		local, ok := syntax.KeyName(s.Local)
		name, ok2 := syntax.KeyName(s.Exported)
		switch {
		case !ok || !ok2 || s.TypeOnly:
		case x.Source == nil:
			m.export(name, &export{local: local})
		case target != nil:
			m.export(name, &export{from: target, name: local})
		default:
			m.export(name, &export{value: importedFrom(ev, outside, local, ev.place(m, s))})
		}
	}
	return target
}

func (ev *Evaluator) exportAll(m *Module, x *syntax.ExportAll) *Module {
	target, outside := ev.locate(m, x.Source.Value, ev.place(m, x))
	name := ""
	if x.Exported != nil {
		name, _ = syntax.KeyName(x.Exported)
	}
	switch {
	case target == nil && name != "":
		m.export(name, &export{value: outside})
	case target == nil:
		m.outside = append(m.outside, outside)
	case name != "":
		m.export(name, &export{from: target, name: "*"})
	default:
		m.all = append(m.all, target)
	}
	return target
}

// importedFrom is what a module that is no source gives under a name.
func importedFrom(ev *Evaluator, module Value, name string, at Place) Value {
	switch name {
	case "*":
		return module
	case "default":
		if o, ok := module.(*Object); ok {
			if v := o.Get("default"); v != nil {
				return v
			}
		}
		return module
	}
	if t, ok := module.(*Term); ok {
		return t.member(name, at)
	}
	return ev.GetMember(module, name, at)
}

// find is the module that a specifier means, run, or the value from outside.
func (ev *Evaluator) find(m *Module, specifier string, at Place) (*Module, Value) {
	target, outside := ev.locate(m, specifier, at)
	ev.Ensure(target)
	return target, outside
}

// locate is find for a module that is run later.
func (ev *Evaluator) locate(m *Module, specifier string, at Place) (*Module, Value) {
	switch r := ev.Sources.Resolve(m.Path, specifier); r.Kind {
	case project.Source:
		if target := ev.Load(r.File); target != nil {
			return target, nil
		}
		return nil, Unknown(specifier, at)
	case project.Missing:
		if !isAsset(specifier) {
			ev.Report("missing-module", at, "cannot find "+specifier+"; what it gives is not known", "generated files have to be there, and paths of tsconfig.json have to be right")
		}
		return nil, Unknown(specifier, at)
	case project.Declared:
		return nil, Unknown(specifier, at)
	default:
		ev.noteExternal(r.Package, at)
		return nil, ev.external(r)
	}
}

func isAsset(specifier string) bool {
	switch strings.ToLower(filepath.Ext(specifier)) {
	case ".css", ".scss", ".less", ".svg", ".png", ".html", ".graphql", ".gql", ".md", ".txt", ".sql", ".yaml", ".yml", ".node", ".wasm", ".json", ".hbs", ".ejs", ".pug":
		return true
	}
	return false
}

func (ev *Evaluator) external(r project.Resolution) Value {
	key := r.Package + "\x00" + r.Subpath
	if v, ok := ev.imports[key]; ok {
		return v
	}
	var v Value
	for _, lib := range ev.Libraries {
		if have, ok := lib.Module(ev, r.Package, r.Subpath); ok {
			v = have
			break
		}
	}
	if v == nil {
		name := r.Package
		if r.Subpath != "." {
			name += strings.TrimPrefix(r.Subpath, ".")
		}
		v = &Term{Kind: Import, Name: name}
	}
	ev.imports[key] = v
	return v
}

// ImportExternal is the value of a package as the project's code would see it.
func (ev *Evaluator) ImportExternal(name string) Value {
	return ev.external(project.Resolution{Kind: project.External, Package: name, Subpath: "."})
}
