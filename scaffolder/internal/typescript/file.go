package typescript

import (
	"slices"
	"strings"
)

// A File is a module of TypeScript that is being written: who uses an imported name
// asks the file for it, and the file remembers. So its imports are what it uses, and
// nobody reads them out of finished text.
type File struct {
	modules []Module
	used    map[string]map[imported]bool // by the paths of modules
}

// imported is a name that a module exports; isType: it is imported as a type, beside
// values.
type imported struct {
	name   string
	isType bool
}

// A Module is something that a file may import from.
type Module struct {
	Path string // "./validation.js"
	// As is the name of the whole module: import * as plans from …; "": its names are
	// imported one by one.
	As string
	// Types says that only its types are used: import type.
	Types bool
}

// EmptyModule is the text of a module that exports nothing: without any, it were none.
const EmptyModule = "export {};\n"

// NewFile is a file that may import from the modules, and does so in their order.
func NewFile(modules ...Module) *File {
	return &File{modules: modules, used: map[string]map[imported]bool{}}
}

// Use is the name of something that the module of a path exports: as it is, or
// behind the module's own name. The file imports it from now on.
func (f *File) Use(path, name string) string { return f.use(path, imported{name: name}) }

// UseType is Use of a type in a module of which values are used, too.
func (f *File) UseType(path, name string) string {
	return f.use(path, imported{name: name, isType: true})
}

func (f *File) use(path string, what imported) string {
	i := slices.IndexFunc(f.modules, func(m Module) bool { return m.Path == path })
	if i < 0 {
		panic("the file was not made to import from " + path)
	}
	if f.used[path] == nil {
		f.used[path] = map[imported]bool{}
	}
	f.used[path][what] = true
	if as := f.modules[i].As; as != "" {
		return as + "." + what.name
	}
	return what.name
}

// Uses says whether anything of the module of a path is used.
func (f *File) Uses(path string) bool { return len(f.used[path]) > 0 }

// Imports are the import declarations, one below the other; "" where there are none.
func (f *File) Imports() string {
	var b strings.Builder
	for _, m := range f.modules {
		if !f.Uses(m.Path) {
			continue
		}
		words := "import "
		if m.Types {
			words = "import type "
		}
		if m.As != "" {
			b.WriteString(words + "* as " + m.As + " from " + Quote(m.Path) + ";\n")
			continue
		}
		b.WriteString(Import(words, m.Path, f.names(m.Path)...) + "\n")
	}
	return b.String()
}

// Import is one import declaration. One name alone stays on its line, however long it is.
func Import(words, path string, names ...Doc) string {
	braces := Object(names...)
	if len(names) == 1 {
		braces = Cat(Text("{ "), names[0], Text(" }"))
	}
	return Render(Cat(Text(words), braces, Text(" from "+Quote(path)+";")), 0)
}

// names are those that are imported from a module, types behind values.
func (f *File) names(path string) []Doc {
	var values, types []string
	for what := range f.used[path] {
		if what.isType {
			types = append(types, "type "+what.name)
		} else {
			values = append(values, what.name)
		}
	}
	slices.Sort(values)
	slices.Sort(types)
	var out []Doc
	for _, name := range append(values, types...) {
		out = append(out, Text(name))
	}
	return out
}
