package refactor

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// mentions are the properties that are called as a handler was, in files that import
// something of the API: what no import says cannot be followed.
func (w *Workspace) mentions(t Task) []Mention {
	renamed := map[string]string{}
	for _, h := range t.Handlers {
		if h.Symbol != h.NewSymbol {
			renamed[h.Symbol] = h.NewSymbol
		}
	}
	for _, h := range t.Handlers {
		delete(renamed, h.NewSymbol) // somebody else's name now
	}
	var out []Mention
	for _, path := range w.paths() {
		f, err := w.parse(path)
		if err != nil || !w.importsAPI(f, t) {
			continue
		}
		add := func(e syntax.Expression) {
			if name, ok := syntax.KeyName(e); ok && renamed[name] != "" {
				out = append(out, Mention{f.Position(e.Range().Start), name, renamed[name]})
			}
		}
		syntax.Walk(f, func(n syntax.Node) bool {
			switch x := n.(type) {
			case *syntax.MemberExpression:
				add(x.Property)
			case *syntax.IndexExpression:
				add(x.Index)
			case *syntax.Property:
				add(x.Key)
			case *syntax.PatternProperty:
				if x.Key != nil {
					add(x.Key)
				}
			}
			return true
		})
	}
	return out
}

// importsAPI says that a file imports the contract, a mount or a module of handlers.
func (w *Workspace) importsAPI(f *syntax.File, t Task) bool {
	of := map[string]bool{t.Contract: true}
	for _, m := range t.Mounts {
		of[m] = true
	}
	for module := range t.Names {
		of[module] = true
	}
	for _, h := range t.Handlers {
		of[h.Module], of[h.NewModule] = true, true
	}
	for _, s := range f.Statements {
		if x, ok := s.(*syntax.ImportDeclaration); ok && of[w.module(f.Name, x.Source)] {
			return true
		}
	}
	return false
}
