package tstype

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// dotted is the name of a reference as the source writes it.
func dotted(e syntax.Expression) string {
	switch x := e.(type) {
	case *syntax.Identifier:
		return x.Name
	case *syntax.MemberExpression:
		if name, ok := x.Property.(*syntax.Identifier); ok {
			return dotted(x.Object) + "." + name.Name
		}
	}
	return ""
}

// reference reads Name<Arguments>: a type parameter, a declaration, or what the language
// and libraries give.
func (r *Reader) reference(x *syntax.TypeReference, in scope) *api.Schema {
	name := dotted(x.Name)
	if a, ok := in.given[name]; ok {
		return r.read(a.typ, a.in)
	}
	if d, where := r.find(in.module, strings.Split(name, "."), 0); d != nil {
		return r.declared(d, where, x.Arguments, in)
	}
	return r.library(x, name, in)
}

// find is the declaration of a name in a module, and the module that it stands in; nil
// where there is none in the project.
func (r *Reader) find(m *eval.Module, path []string, depth int) (syntax.Statement, *eval.Module) {
	if m == nil || m.File == nil || depth > 20 || len(path) == 0 {
		return nil, nil
	}
	if d := declaration(m.File.Statements, path); d != nil {
		return d, m
	}
	for _, s := range m.File.Statements {
		i, ok := s.(*syntax.ImportDeclaration)
		if !ok || i.Source == nil {
			continue
		}
		name, rest := imported(i, path)
		if name == "" {
			continue
		}
		from := r.module(m, i.Source.Value)
		if name == "*" {
			return r.exported(from, rest, depth+1)
		}
		return r.exported(from, append([]string{name}, rest...), depth+1)
	}
	return nil, nil
}

// imported says under which name of its module an import gives the first of a path, and
// what is left of the path; "" where it does not.
func imported(i *syntax.ImportDeclaration, path []string) (name string, rest []string) {
	switch {
	case i.Default != nil && i.Default.Name == path[0]:
		return "default", path[1:]
	case i.Namespace != nil && i.Namespace.Name == path[0]:
		return "*", path[1:]
	}
	for _, s := range i.Named {
		if s.Local.Name == path[0] {
			name, _ = syntax.KeyName(s.Imported)
			return name, path[1:]
		}
	}
	return "", nil
}

func (r *Reader) module(from *eval.Module, specifier string) *eval.Module {
	resolved := r.ev.Sources.Resolve(from.Path, specifier)
	if resolved.Kind != project.Source && resolved.Kind != project.Declared {
		return nil
	}
	return r.ev.Load(resolved.File)
}

// exported is the declaration that a module exports under a name.
func (r *Reader) exported(m *eval.Module, path []string, depth int) (syntax.Statement, *eval.Module) {
	if m == nil || m.File == nil || depth > 20 || len(path) == 0 {
		return nil, nil
	}
	var all []*syntax.ExportAll
	for _, s := range m.File.Statements {
		switch x := s.(type) {
		case *syntax.ExportNamed:
			for _, e := range x.Specifiers {
				local, _ := syntax.KeyName(e.Local)
				if name, _ := syntax.KeyName(e.Exported); name != path[0] {
					continue
				}
				inner := append([]string{local}, path[1:]...)
				if x.Source != nil {
					return r.exported(r.module(m, x.Source.Value), inner, depth+1)
				}
				return r.find(m, inner, depth+1)
			}
		case *syntax.ExportDefault:
			if name, ok := x.Expression.(*syntax.Identifier); ok && path[0] == "default" {
				return r.find(m, append([]string{name.Name}, path[1:]...), depth+1)
			}
		case *syntax.ExportAssignment:
			if name := dotted(x.Expression); name != "" && path[0] == "default" {
				return r.find(m, append(strings.Split(name, "."), path[1:]...), depth+1)
			}
		case *syntax.ExportAll:
			all = append(all, x)
		}
	}
	if path[0] == "default" {
		return defaultDeclaration(m.File.Statements), m
	}
	if d := declaration(m.File.Statements, path); d != nil {
		return d, m
	}
	for _, x := range all {
		if x.Source != nil && x.Exported == nil {
			if d, where := r.exported(r.module(m, x.Source.Value), path, depth+1); d != nil {
				return d, where
			}
		}
	}
	return nil, nil
}

// declaration is the type of a name among statements, also in namespaces; interfaces of
// one name are taken for the first.
func declaration(statements []syntax.Statement, path []string) syntax.Statement {
	for _, s := range statements {
		if m, ok := s.(*syntax.ModuleDeclaration); ok && len(path) > 1 && len(m.Path) == 1 && m.Path[0].Name == path[0] && m.Body != nil {
			if d := declaration(m.Body.Statements, path[1:]); d != nil {
				return d
			}
			continue
		}
		if n := nameOf(s); n != nil && len(path) == 1 && n.Name == path[0] {
			return s
		}
	}
	return nil
}

// nameOf is the name of a declaration of a type; nil for what declares none.
func nameOf(s syntax.Statement) *syntax.Identifier {
	switch x := s.(type) {
	case *syntax.InterfaceDeclaration:
		return x.Name
	case *syntax.TypeAlias:
		return x.Name
	case *syntax.Class:
		return x.Name
	case *syntax.EnumDeclaration:
		return x.Name
	}
	return nil
}

func defaultDeclaration(statements []syntax.Statement) syntax.Statement {
	for _, s := range statements {
		switch x := s.(type) {
		case *syntax.InterfaceDeclaration:
			if x.Modifiers.Has(syntax.ModDefault) {
				return x
			}
		case *syntax.Class:
			if x.Modifiers.Has(syntax.ModDefault) {
				return x
			}
		}
	}
	return nil
}
