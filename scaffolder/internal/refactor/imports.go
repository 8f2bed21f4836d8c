package refactor

import (
	"fmt"
	"path"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// need is a name that a file has to import.
type need struct {
	specifier       string
	kind            importKind
	imported, local string
	isType          bool
}

type importKind int

const (
	named importKind = iota
	whole            // * as local
	byDefault
)

// linesOf are the import declarations of names, one for those that braces can hold together.
func linesOf(needs []need) string {
	var out strings.Builder
	done := map[need]bool{}
	for _, n := range needs {
		words := "import "
		if n.isType {
			words = "import type "
		}
		switch n.kind {
		case whole:
			words += "* as " + n.local
		case byDefault:
			words += n.local
		default:
			together := need{specifier: n.specifier, isType: n.isType}
			if done[together] {
				continue
			}
			done[together] = true
			var names []string
			for _, each := range needs {
				if each.kind == named && each.specifier == n.specifier && each.isType == n.isType {
					names = append(names, each.inBraces())
				}
			}
			words += "{ " + strings.Join(names, ", ") + " }"
		}
		out.WriteString(words + " from '" + n.specifier + "';\n")
	}
	return out.String()
}

func (n need) inBraces() string {
	if n.imported == n.local {
		return n.local
	}
	return n.imported + " as " + n.local
}

// importOf is the import by which a file has a name.
func importOf(f *syntax.File, name string) (need, bool) {
	for _, s := range f.Statements {
		x, ok := s.(*syntax.ImportDeclaration)
		if !ok || x.Source == nil {
			continue
		}
		n := need{specifier: x.Source.Value, local: name, isType: x.TypeOnly}
		switch {
		case x.Namespace != nil && x.Namespace.Name == name:
			n.kind = whole
			return n, true
		case x.Default != nil && x.Default.Name == name:
			n.kind = byDefault
			return n, true
		}
		for _, each := range x.Named {
			if each.Local.Name == name {
				n.imported, _ = syntax.KeyName(each.Imported)
				n.isType = n.isType || each.TypeOnly
				return n, true
			}
		}
	}
	return need{}, false
}

// imports are those of a file that gets more of them.
type imports struct {
	w     *Workspace
	path  string
	text  string
	file  *syntax.File
	uses  *uses
	added []need
}

func newImports(w *Workspace, path string) *imports { return &imports{w: w, path: path} }

func (i *imports) read(text string) error {
	f, problems := parse.File(i.path, text)
	if len(problems) > 0 {
		at := f.Position(problems[0].Start)
		return fmt.Errorf("%s:%d:%d: %s", i.path, at.Line, at.Column, problems[0].Message)
	}
	i.text, i.file, i.uses = text, f, usesOf(f)
	return nil
}

// has says that the file has the name for something.
func (i *imports) has(name string) bool { return i.uses != nil && i.uses.has(name) }

// need adds an import, unless the file has it; it fails where the file has the name for
// something else.
func (i *imports) need(n need) error {
	for _, have := range i.added {
		if have.local == n.local {
			return nil
		}
	}
	if i.has(n.local) {
		have, ok := importOf(i.file, n.local)
		same := ok && have.kind == n.kind && have.imported == n.imported && i.isSame(have.specifier, n.specifier)
		if !same {
			return fmt.Errorf("%s has the name %s for something else", i.path, n.local)
		}
		return nil
	}
	i.added = append(i.added, n)
	return nil
}

func (i *imports) add(n need) { i.added = append(i.added, n) }

// isSame says that two specifiers are one module.
func (i *imports) isSame(a, b string) bool {
	if a == b {
		return true
	}
	module := i.w.module(i.path, &syntax.StringLiteral{Value: a})
	return module != "" && module == i.w.module(i.path, &syntax.StringLiteral{Value: b})
}

// result is the text with the new imports: in braces that are there, or below the last
// import.
func (i *imports) result() string {
	if i.file == nil {
		lines := linesOf(i.added)
		if i.text != "" {
			return i.text + "\n" + lines
		}
		return lines
	}
	var edits []edit
	var more []need
	at := syntax.Pos(0)
	for _, s := range i.file.Statements {
		if x, ok := s.(*syntax.ImportDeclaration); ok {
			at = x.End
		}
	}
	inBraces := map[*syntax.ImportDeclaration][]string{}
	for _, n := range i.added {
		if x := i.braces(n); x != nil {
			inBraces[x] = append(inBraces[x], n.inBraces())
			continue
		}
		more = append(more, n)
	}
	for x, names := range inBraces {
		end := x.Named[len(x.Named)-1].End
		edits = append(edits, edit{syntax.Span{Start: end, End: end}, ", " + strings.Join(names, ", ")})
	}
	if below := linesOf(more); below != "" {
		if at == 0 {
			at = syntax.Pos(len(header(i.file)))
			edits = append(edits, edit{syntax.Span{Start: at, End: at}, below + "\n"})
		} else {
			edits = append(edits, edit{syntax.Span{Start: at, End: at}, "\n" + strings.TrimSuffix(below, "\n")})
		}
	}
	return edited(i.text, edits)
}

// braces is the import that a name can be added to.
func (i *imports) braces(n need) *syntax.ImportDeclaration {
	if n.kind != named {
		return nil
	}
	for _, s := range i.file.Statements {
		x, ok := s.(*syntax.ImportDeclaration)
		if ok && x.Source != nil && len(x.Named) > 0 && x.TypeOnly == n.isType && i.isSame(x.Source.Value, n.specifier) {
			return x
		}
	}
	return nil
}

// unusedImports takes out the imports that only the moved declarations used.
func unusedImports(f *syntax.File, moving []*declaration) []edit {
	var staying []syntax.Node
	left := map[string]bool{} // names that moved declarations use
	for _, s := range f.Statements {
		if _, isImport := s.(*syntax.ImportDeclaration); isImport {
			continue
		}
		if isOneOf(s, moving) {
			for name := range usesOf(s).refs {
				left[name] = true
			}
			continue
		}
		staying = append(staying, s)
	}
	used := usesOf(staying...)
	isGone := func(id *syntax.Identifier) bool { return id != nil && left[id.Name] && !used.has(id.Name) }
	var edits []edit
	for _, s := range f.Statements {
		x, ok := s.(*syntax.ImportDeclaration)
		if !ok {
			continue
		}
		keep := withoutGone(x, isGone)
		switch {
		case len(keep) == len(x.Named) && !isGone(x.Default) && !isGone(x.Namespace):
		case len(keep) == 0 && (x.Default == nil || isGone(x.Default)) && (x.Namespace == nil || isGone(x.Namespace)):
			edits = append(edits, edit{span: wholeLine(f, x.Span)})
		case len(keep) > 0:
			span := syntax.Span{Start: x.Named[0].Start, End: x.Named[len(x.Named)-1].End}
			var texts []string
			for _, each := range keep {
				texts = append(texts, f.Text(each))
			}
			edits = append(edits, edit{span, strings.Join(texts, ", ")})
		}
	}
	return edits
}

func withoutGone(x *syntax.ImportDeclaration, isGone func(*syntax.Identifier) bool) []*syntax.ImportSpecifier {
	var keep []*syntax.ImportSpecifier
	for _, each := range x.Named {
		if !isGone(each.Local) {
			keep = append(keep, each)
		}
	}
	return keep
}

// wholeLine is a span with the line break behind it.
func wholeLine(f *syntax.File, s syntax.Span) syntax.Span {
	if strings.HasPrefix(f.Source[s.End:], "\r") {
		s.End++
	}
	if strings.HasPrefix(f.Source[s.End:], "\n") {
		s.End++
	}
	return s
}

// follow has all other files import from the new module: names are what went there; nil:
// all that the old one had.
func (w *Workspace) follow(from, to string, names map[string]bool) error {
	for _, name := range w.paths() {
		if name == from || name == to {
			continue
		}
		f, err := w.parse(name)
		if err != nil {
			continue // the compiler says more of it
		}
		var edits []edit
		for _, s := range f.Statements {
			switch x := s.(type) {
			case *syntax.ImportDeclaration:
				if w.was(name, x.Source, from) {
					edits = append(edits, followImport(f, x, to, names)...)
				}
			case *syntax.ExportNamed:
				if x.Source != nil && w.was(name, x.Source, from) {
					edits = append(edits, followExport(f, x, to, names)...)
				}
			case *syntax.ExportAll:
				if w.was(name, x.Source, from) {
					edits = append(edits, followAll(f, x, to, names)...)
				}
			}
		}
		if len(edits) > 0 {
			w.texts[name] = edited(f.Source, edits)
		}
	}
	return nil
}

// was says that a specifier means a module that may be gone by now.
func (w *Workspace) was(importer string, source *syntax.StringLiteral, module string) bool {
	return source != nil && w.module(importer, source) == module
}

// moved is a specifier that names another file of the same folder.
func moved(f *syntax.File, source *syntax.StringLiteral, to string) (specifier, quoted string) {
	base := strings.TrimSuffix(path.Base(to), path.Ext(to))
	specifier = source.Value[:strings.LastIndexByte(source.Value, '/')+1] + base + path.Ext(source.Value)
	quote := f.Text(source)[:1]
	return specifier, quote + specifier + quote
}

func followImport(f *syntax.File, x *syntax.ImportDeclaration, to string, names map[string]bool) []edit {
	_, quoted := moved(f, x.Source, to)
	if names == nil {
		return []edit{{x.Source.Span, quoted}}
	}
	var go_, stay []string
	for _, each := range x.Named {
		if imported, _ := syntax.KeyName(each.Imported); names[imported] {
			go_ = append(go_, f.Text(each))
		} else {
			stay = append(stay, f.Text(each))
		}
	}
	return split(f, x.Span, x.Source, "import", x.TypeOnly, x.Default != nil || x.Namespace != nil, go_, stay, quoted, spanOf(x.Named))
}

func followExport(f *syntax.File, x *syntax.ExportNamed, to string, names map[string]bool) []edit {
	_, quoted := moved(f, x.Source, to)
	if names == nil {
		return []edit{{x.Source.Span, quoted}}
	}
	var go_, stay []string
	for _, each := range x.Specifiers {
		if local, _ := syntax.KeyName(each.Local); names[local] {
			go_ = append(go_, f.Text(each))
		} else {
			stay = append(stay, f.Text(each))
		}
	}
	return split(f, x.Span, x.Source, "export", x.TypeOnly, false, go_, stay, quoted, spanOf(x.Specifiers))
}

func followAll(f *syntax.File, x *syntax.ExportAll, to string, names map[string]bool) []edit {
	_, quoted := moved(f, x.Source, to)
	if names == nil {
		return []edit{{x.Source.Span, quoted}}
	}
	return []edit{{syntax.Span{Start: x.End, End: x.End}, "\nexport * from " + quoted + ";"}}
}

// spanOf is from the first of some nodes to the last one.
func spanOf[N interface{ Range() syntax.Span }](list []N) syntax.Span {
	if len(list) == 0 {
		return syntax.Span{}
	}
	return syntax.Span{Start: list[0].Range().Start, End: list[len(list)-1].Range().End}
}

// split makes two declarations of one: some names come from another module.
func split(f *syntax.File, all syntax.Span, source *syntax.StringLiteral, word string, isType, more bool, gone, stay []string, quoted string, list syntax.Span) []edit {
	switch {
	case len(gone) == 0:
		return nil
	case len(stay) == 0 && !more:
		return []edit{{source.Span, quoted}}
	}
	if isType {
		word += " type"
	}
	line := "\n" + word + " { " + strings.Join(gone, ", ") + " } from " + quoted + ";"
	return []edit{{list, strings.Join(stay, ", ")}, {syntax.Span{Start: all.End, End: all.End}, line}}
}
