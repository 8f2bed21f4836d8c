package refactor

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// renamer gives what one file imports and declares its new names.
type renamer struct {
	w     *Workspace
	t     Task
	path  string
	file  *syntax.File
	uses  *uses
	edits []edit
	// keys are the handlers' names as properties of Handlers: old -> new.
	keys map[string]string
	// contract are the names by which the file has the type Handlers; objects those of
	// values that are such an object, mounts those of functions that take one.
	contract, objects, mounts map[string]bool
}

// rename changes the names in a file.
func (w *Workspace) rename(path string, t Task) error {
	keys := map[string]string{}
	for _, h := range t.Handlers {
		if h.Symbol != h.NewSymbol {
			keys[h.Symbol] = h.NewSymbol
		}
	}
	if len(keys) == 0 && len(t.Names) == 0 {
		return nil
	}
	f, err := w.parse(path)
	if err != nil {
		if w.isHandlers(path, t) {
			return err
		}
		return nil // no file of ours; what it means by the old names, its compiler says
	}
	r := &renamer{w: w, t: t, path: path, file: f, uses: usesOf(f), keys: keys, contract: map[string]bool{}, objects: map[string]bool{}, mounts: map[string]bool{}}
	for _, s := range f.Statements {
		if x, ok := s.(*syntax.ImportDeclaration); ok {
			for _, each := range x.Named {
				imported, _ := syntax.KeyName(each.Imported)
				r.meaning(w.module(path, x.Source), imported, each.Local.Name)
			}
		}
	}
	r.own()
	for _, s := range f.Statements {
		switch x := s.(type) {
		case *syntax.ImportDeclaration:
			r.imported(x)
		case *syntax.ExportNamed:
			r.passedOn(x)
		}
	}
	syntax.Walk(f, r.keysOfHandlers)
	if len(r.edits) > 0 {
		w.texts[path] = edited(f.Source, r.edits)
	}
	return nil
}

func (w *Workspace) isHandlers(path string, t Task) bool {
	return slices.ContainsFunc(t.Handlers, func(h Handler) bool { return h.Module == path })
}

// renamed is the new name of what a module exports; "" where it keeps its name.
func (r *renamer) renamed(module, name string) string {
	for _, h := range r.t.Handlers {
		if h.Module == module && h.Symbol == name && h.Symbol != h.NewSymbol {
			return h.NewSymbol
		}
	}
	return r.t.Names[module][name]
}

func (r *renamer) change(n interface{ Range() syntax.Span }, text string) {
	r.edits = append(r.edits, edit{n.Range(), text})
}

// own renames the handlers that the file itself declares.
func (r *renamer) own() {
	for _, h := range r.t.Handlers {
		if h.Module != r.path || h.Symbol == h.NewSymbol {
			continue
		}
		d := declarationOf(r.file, h.Symbol)
		if d == nil {
			continue
		}
		if d.local.Name != h.Symbol { // export {local as handler}
			r.change(d.exported.Exported, h.NewSymbol)
			continue
		}
		for _, id := range r.uses.refs[h.Symbol] {
			r.reference(id, h.NewSymbol)
		}
	}
}

// reference gives one use of a name the new name.
func (r *renamer) reference(id *syntax.Identifier, name string) {
	if r.uses.shorthand[id] {
		if r.keys[id.Name] == name && r.isHandlersProperty(id) {
			r.change(id, name)
			return
		}
		name = id.Name + ": " + name
	}
	r.change(id, name)
}

// isHandlersProperty says that a shorthand property stands in an object of handlers.
func (r *renamer) isHandlersProperty(id *syntax.Identifier) bool {
	found := false
	syntax.Walk(r.file, func(n syntax.Node) bool {
		for _, o := range r.handlerObjects(n) {
			found = found || o.Contains(id.Start)
		}
		return !found
	})
	return found
}

// imported renames what an import takes from a module that has new names.
func (r *renamer) imported(x *syntax.ImportDeclaration) {
	module := r.w.module(r.path, x.Source)
	if module == "" {
		return
	}
	if x.Namespace != nil {
		r.members(x.Namespace.Name, func(name string) string { return r.renamed(module, name) })
	}
	for _, s := range x.Named {
		imported, _ := syntax.KeyName(s.Imported)
		name := r.renamed(module, imported)
		switch {
		case name == "":
		case s.Imported != syntax.Expression(s.Local): // {a as b}
			r.change(s.Imported, name)
		case len(r.uses.bound[imported]) > 1 || r.uses.has(name) && !r.isFreed(name):
			r.change(s.Imported, name+" as "+imported)
		default:
			for _, id := range r.uses.refs[imported] {
				r.passing(id, name)
			}
		}
	}
}

// isFreed says that all that has a name in the file gets another one.
func (r *renamer) isFreed(name string) bool {
	if len(r.uses.bound[name]) != 1 {
		return false
	}
	for _, s := range r.file.Statements {
		if x, ok := s.(*syntax.ImportDeclaration); ok {
			for _, each := range x.Named {
				imported, _ := syntax.KeyName(each.Imported)
				if each.Local.Name == name && imported == name && r.renamed(r.w.module(r.path, x.Source), imported) != "" {
					return true
				}
			}
		}
	}
	return declarationOf(r.file, name) != nil && r.renamed(r.path, name) != ""
}

// passing is a reference; one that the file exports goes on under the old name.
func (r *renamer) passing(id *syntax.Identifier, name string) {
	for _, s := range r.file.Statements {
		if x, ok := s.(*syntax.ExportNamed); ok && x.Source == nil {
			for _, each := range x.Specifiers {
				if each.Local == syntax.Expression(id) && each.Exported == each.Local {
					r.change(id, name+" as "+id.Name)
					return
				}
			}
		}
	}
	r.reference(id, name)
}

// passedOn renames in export {a} from "module"; who imports from here sees the old name.
func (r *renamer) passedOn(x *syntax.ExportNamed) {
	module := r.w.module(r.path, x.Source)
	for _, s := range x.Specifiers {
		local, _ := syntax.KeyName(s.Local)
		name := ""
		if module != "" {
			name = r.renamed(module, local)
		}
		switch {
		case name == "":
		case s.Exported == s.Local:
			r.change(s.Local, name+" as "+local)
		default:
			r.change(s.Local, name)
		}
	}
}

// members renames what is asked of an object: object.name.
func (r *renamer) members(object string, renamed func(string) string) {
	if len(r.uses.bound[object]) > 1 {
		return // it means several things
	}
	syntax.Walk(r.file, func(n syntax.Node) bool {
		if x, ok := n.(*syntax.MemberExpression); ok {
			id, isName := x.Object.(*syntax.Identifier)
			property, isPlain := x.Property.(*syntax.Identifier)
			if isName && isPlain && id.Name == object {
				if name := renamed(property.Name); name != "" {
					r.change(property, name)
				}
			}
		}
		return true
	})
}
