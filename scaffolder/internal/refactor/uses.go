package refactor

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// uses are the names of a file: what binds them, and what means them. Names of
// properties, labels and what other modules call things are none.
type uses struct {
	bound map[string][]*syntax.Identifier
	refs  map[string][]*syntax.Identifier // bound ones among them
	// shorthand are references that are the name of a property as well: {name}.
	shorthand map[*syntax.Identifier]bool
	other     map[*syntax.Identifier]bool // names that mean no binding
}

// has says that something in the file is bound to the name, or means it.
func (u *uses) has(name string) bool { return len(u.refs[name]) > 0 }

// usesOf are the names of a file, or of a part of it.
func usesOf(nodes ...syntax.Node) *uses {
	u := &uses{
		bound: map[string][]*syntax.Identifier{}, refs: map[string][]*syntax.Identifier{},
		shorthand: map[*syntax.Identifier]bool{}, other: map[*syntax.Identifier]bool{},
	}
	for _, n := range nodes {
		syntax.Walk(n, u.visit)
	}
	return u
}

func (u *uses) visit(n syntax.Node) bool {
	switch x := n.(type) {
	case *syntax.Identifier:
		if !u.other[x] {
			u.refs[x.Name] = append(u.refs[x.Name], x)
		}
	case *syntax.MemberExpression:
		u.none(x.Property)
	case *syntax.Property:
		if x.Kind == syntax.PropertyShorthand {
			if id, ok := x.Key.(*syntax.Identifier); ok {
				u.shorthand[id] = true
			}
			break
		}
		u.none(x.Key)
	case *syntax.Method:
		u.none(x.Key)
	case *syntax.Field:
		u.none(x.Key)
	case *syntax.EnumMember:
		u.none(x.Key)
	case *syntax.TupleElement:
		u.noneOf(x.Name)
	case *syntax.LabeledStatement:
		u.noneOf(x.Label)
	case *syntax.BreakStatement:
		u.noneOf(x.Label)
	case *syntax.ContinueStatement:
		u.noneOf(x.Label)
	case *syntax.ImportAttribute:
		u.none(x.Key)
	case *syntax.ImportType:
		u.none(x.Qualifier)
	case *syntax.JSXAttribute:
		if id, ok := x.Name.(*syntax.Identifier); ok {
			u.noneOf(id)
		}
	case *syntax.MetaProperty:
		return false
	case *syntax.ExportNamed:
		for _, s := range x.Specifiers {
			if x.Source != nil {
				u.none(s.Local)
			}
			if s.Exported != s.Local || x.Source != nil {
				u.none(s.Exported)
			}
		}
	case *syntax.ExportAll:
		u.none(x.Exported)
	case *syntax.ExportAsNamespace:
		u.noneOf(x.Name)
	default:
		u.bind(n)
	}
	return true
}

// bind notes the names that a node declares.
func (u *uses) bind(n syntax.Node) {
	switch x := n.(type) {
	case *syntax.ImportDeclaration:
		u.binds(x.Default)
		u.binds(x.Namespace)
		for _, s := range x.Named {
			if s.Imported != syntax.Expression(s.Local) {
				u.none(s.Imported)
			}
			u.binds(s.Local)
		}
	case *syntax.ImportEquals:
		u.binds(x.Name)
	case *syntax.VariableDeclaration:
		u.bindPattern(x.Target)
	case *syntax.Parameter:
		u.bindPattern(x.Target)
	case *syntax.PatternElement:
		u.bindPattern(x.Target)
	case *syntax.PatternProperty:
		if x.Key != nil && x.Target != nil && x.Key.Range() != x.Target.Range() {
			u.none(x.Key)
		} else if id, ok := x.Target.(*syntax.Identifier); ok && x.Key != nil {
			u.shorthand[id] = true
		}
		u.bindPattern(x.Target)
	case *syntax.TryStatement:
		u.bindPattern(x.Parameter)
	case *syntax.Function:
		u.binds(x.Name)
	case *syntax.Class:
		u.binds(x.Name)
	case *syntax.InterfaceDeclaration:
		u.binds(x.Name)
	case *syntax.TypeAlias:
		u.binds(x.Name)
	case *syntax.EnumDeclaration:
		u.binds(x.Name)
	case *syntax.ModuleDeclaration:
		for _, id := range x.Path {
			u.binds(id)
		}
	case *syntax.TypeParameter:
		u.binds(x.Name)
	case *syntax.MappedType:
		u.binds(x.Key)
	case *syntax.InferType:
		u.binds(x.Name)
	}
}

func (u *uses) bindPattern(p syntax.Pattern) {
	if id, ok := p.(*syntax.Identifier); ok {
		u.binds(id)
	}
}

func (u *uses) binds(id *syntax.Identifier) {
	if id != nil {
		u.bound[id.Name] = append(u.bound[id.Name], id)
	}
}

func (u *uses) none(e syntax.Expression) {
	if id, ok := e.(*syntax.Identifier); ok {
		u.noneOf(id)
	}
}

func (u *uses) noneOf(id *syntax.Identifier) {
	if id != nil {
		u.other[id] = true
	}
}

// declaration is where a file exports a name.
type declaration struct {
	statement syntax.Statement
	local     *syntax.Identifier // what the file itself calls it
	// exported is the name in export {local as exported}; nil where the declaration
	// says export itself.
	exported *syntax.ExportSpecifier
	alone    bool // the statement declares nothing else
}

// declarationOf finds the declaration of an exported name; nil where the file has none.
func declarationOf(f *syntax.File, name string) *declaration {
	local, specifier := name, (*syntax.ExportSpecifier)(nil)
	for _, s := range f.Statements {
		if x, ok := s.(*syntax.ExportNamed); ok && x.Source == nil {
			for _, each := range x.Specifiers {
				exported, _ := syntax.KeyName(each.Exported)
				if own, ok := syntax.KeyName(each.Local); ok && exported == name {
					local, specifier = own, each
				}
			}
		}
	}
	for _, s := range f.Statements {
		for _, id := range declared(s) {
			if id.Name == local && (specifier != nil || isExported(s)) {
				return &declaration{statement: s, local: id, exported: specifier, alone: len(declared(s)) == 1}
			}
		}
	}
	return nil
}

// declared are the names that a statement at the top of a file declares.
func declared(s syntax.Statement) []*syntax.Identifier {
	var out []*syntax.Identifier
	add := func(id *syntax.Identifier) {
		if id != nil {
			out = append(out, id)
		}
	}
	switch x := s.(type) {
	case *syntax.VariableStatement:
		for _, d := range x.Declarations {
			syntax.Walk(d.Target, func(n syntax.Node) bool {
				if id, ok := n.(*syntax.Identifier); ok {
					add(id)
				}
				return true
			})
		}
	case *syntax.Function:
		add(x.Name)
	case *syntax.Class:
		add(x.Name)
	case *syntax.InterfaceDeclaration:
		add(x.Name)
	case *syntax.TypeAlias:
		add(x.Name)
	case *syntax.EnumDeclaration:
		add(x.Name)
	}
	return out
}

func isExported(s syntax.Statement) bool { return modifiersOf(s).Has(syntax.ModExport) }

func modifiersOf(s syntax.Statement) syntax.Modifiers {
	switch x := s.(type) {
	case *syntax.VariableStatement:
		return x.Modifiers
	case *syntax.Function:
		return x.Modifiers
	case *syntax.Class:
		return x.Modifiers
	case *syntax.InterfaceDeclaration:
		return x.Modifiers
	case *syntax.TypeAlias:
		return x.Modifiers
	case *syntax.EnumDeclaration:
		return x.Modifiers
	}
	return 0
}

// isType says that a statement declares what is no value.
func isType(s syntax.Statement) bool {
	switch s.(type) {
	case *syntax.InterfaceDeclaration, *syntax.TypeAlias:
		return true
	}
	return false
}
