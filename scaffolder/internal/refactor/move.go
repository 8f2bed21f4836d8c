package refactor

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// move takes handlers, which have their new names by now, from one module to another:
// the whole file where nothing else is in it, and otherwise their declarations.
func (w *Workspace) move(group []Handler) error {
	from, to := group[0].Module, group[0].NewModule
	if _, there := w.texts[from]; !there {
		return nil
	}
	f, err := w.parse(from)
	if err != nil {
		return err
	}
	var moving []*declaration
	for _, h := range group {
		d := declarationOf(f, h.NewSymbol)
		if d == nil || d.exported != nil || !d.alone {
			return fmt.Errorf("%s declares it together with something else", from)
		}
		moving = append(moving, d)
	}
	if _, there := w.texts[to]; !there && isAll(f, moving) {
		w.texts[to] = w.texts[from]
		delete(w.texts, from)
		return w.follow(from, to, nil)
	}
	if err := w.moveDeclarations(f, to, moving); err != nil {
		return err
	}
	names := map[string]bool{}
	for _, h := range group {
		names[h.NewSymbol] = true
	}
	return w.follow(from, to, names)
}

// isAll says that a file has imports and the declarations, and nothing else.
func isAll(f *syntax.File, moving []*declaration) bool {
	return !slices.ContainsFunc(f.Statements, func(s syntax.Statement) bool {
		_, isImport := s.(*syntax.ImportDeclaration)
		return !isImport && !isOneOf(s, moving)
	})
}

func isOneOf(s syntax.Statement, of []*declaration) bool {
	return slices.ContainsFunc(of, func(d *declaration) bool { return d.statement == s })
}

// moveDeclarations takes declarations out of a file and puts them at the end of another
// one, with the imports that they need. What they use of the file itself is exported.
func (w *Workspace) moveDeclarations(f *syntax.File, to string, moving []*declaration) error {
	target := newImports(w, to)
	if text, there := w.texts[to]; there {
		if err := target.read(text); err != nil {
			return err
		}
	} else {
		target.text = header(f)
	}
	var edits []edit
	var appended strings.Builder
	for _, d := range moving {
		u := usesOf(d.statement)
		if target.has(d.local.Name) {
			return fmt.Errorf("%s has the name %s for something else", to, d.local.Name)
		}
		for _, name := range namesOf(f) {
			if !u.has(name) {
				continue
			}
			export, err := w.bring(f, name, moving, target)
			if err != nil {
				return err
			}
			edits = append(edits, export...)
		}
		region := regionOf(f, d.statement)
		appended.WriteString("\n" + strings.TrimRight(f.Source[region.Start:region.End], "\r\n") + "\n")
		edits = append(edits, edit{span: region})
	}
	edits = append(edits, unusedImports(f, moving)...)
	rest := edited(f.Source, unique(edits))
	w.texts[to] = strings.TrimRight(target.result(), "\n") + "\n" + appended.String()
	return w.leave(f.Name, to, rest, moving)
}

// leave is what becomes of the file that declarations were taken from.
func (w *Workspace) leave(from, to, rest string, moving []*declaration) error {
	w.texts[from] = rest
	f, err := w.parse(from)
	if err != nil {
		return err
	}
	if len(f.Statements) == 0 {
		delete(w.texts, from)
		return nil
	}
	u := usesOf(f)
	own := newImports(w, from)
	if err := own.read(rest); err != nil {
		return err
	}
	for _, d := range moving {
		if u.has(d.local.Name) {
			own.add(need{specifier: specifierTo(f, to), imported: d.local.Name, local: d.local.Name, kind: named})
		}
	}
	w.texts[from] = strings.TrimRight(own.result(), "\r\n") + "\n"
	return nil
}

// bring has the target import what a declaration uses under a name, and gives the change
// by which the file exports it.
func (w *Workspace) bring(f *syntax.File, name string, moving []*declaration, target *imports) ([]edit, error) {
	n, ok := importOf(f, name)
	var export []edit
	if !ok {
		s := topLevel(f, name)
		if s == nil || isOneOf(s, moving) {
			return nil, nil // global, its own, or on the way as well
		}
		n = need{specifier: specifierTo(f, f.Name), imported: name, local: name, kind: named, isType: isType(s)}
		if !isExported(s) && !isListed(f, name) {
			export = []edit{{syntax.Span{Start: s.Range().Start, End: s.Range().Start}, "export "}}
		}
	}
	if w.module(target.path, &syntax.StringLiteral{Value: n.specifier}) == target.path {
		return nil, nil // it stands there
	}
	return export, target.need(n)
}

// topLevel is the statement of a file that declares a name.
func topLevel(f *syntax.File, name string) syntax.Statement {
	for _, s := range f.Statements {
		for _, id := range declared(s) {
			if id.Name == name {
				return s
			}
		}
	}
	return nil
}

// isListed says that export {name} stands in the file.
func isListed(f *syntax.File, name string) bool {
	for _, s := range f.Statements {
		if x, ok := s.(*syntax.ExportNamed); ok && x.Source == nil {
			for _, each := range x.Specifiers {
				if local, _ := syntax.KeyName(each.Local); local == name && each.Exported == each.Local {
					return true
				}
			}
		}
	}
	return false
}

// regionOf is a statement with the comments that belong to it and the line break behind.
func regionOf(f *syntax.File, s syntax.Statement) syntax.Span {
	region := s.Range()
	leading := f.Leading(s)
	for _, c := range slices.Backward(leading) {
		if strings.Count(f.Source[c.End:region.Start], "\n") > 1 {
			break
		}
		region.Start = c.Start
	}
	for int(region.End) < len(f.Source) && strings.IndexByte(" \t;", f.Source[region.End]) >= 0 {
		region.End++
	}
	for range 2 { // its own line break, and one empty line
		if strings.HasPrefix(f.Source[region.End:], "\r\n") {
			region.End++
		}
		if strings.HasPrefix(f.Source[region.End:], "\n") {
			region.End++
		}
	}
	return region
}

// header is the comment in the first line of a file, which says whose it is.
func header(f *syntax.File) string {
	if len(f.Comments) > 0 && f.Comments[0].Start == 0 && !f.Comments[0].Block {
		return f.Text(f.Comments[0]) + "\n"
	}
	return ""
}

// specifierTo is how files beside f import a module that stands in its folder, in the
// manner of f's own imports.
func specifierTo(f *syntax.File, module string) string {
	ending := ".js"
	for _, s := range f.Statements {
		if x, ok := s.(*syntax.ImportDeclaration); ok && x.Source != nil && strings.HasPrefix(x.Source.Value, ".") {
			ending = path.Ext(x.Source.Value)
			break
		}
	}
	base := strings.TrimSuffix(path.Base(module), path.Ext(module))
	return "./" + base + ending
}

// unique leaves out what is there twice.
func unique(edits []edit) []edit {
	var out []edit
	for _, e := range edits {
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// namesOf are the names that a file has at its top, in its order: imported and declared.
func namesOf(f *syntax.File) []string {
	var out []string
	add := func(id *syntax.Identifier) {
		if id != nil {
			out = append(out, id.Name)
		}
	}
	for _, s := range f.Statements {
		if x, ok := s.(*syntax.ImportDeclaration); ok {
			add(x.Default)
			add(x.Namespace)
			for _, each := range x.Named {
				add(each.Local)
			}
		}
		for _, id := range declared(s) {
			add(id)
		}
	}
	return out
}
