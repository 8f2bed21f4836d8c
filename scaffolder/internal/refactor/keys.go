package refactor

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// meaning notes what an imported name has to do with objects of handlers.
func (r *renamer) meaning(module, imported, local string) {
	switch {
	case module == r.t.Contract && imported == "Handlers":
		r.contract[local] = true
	case slices.Contains(r.t.Mounts, module) && imported == "defaultHandlers":
		r.objects[local] = true
		r.members(local, func(name string) string { return r.keys[name] })
	case slices.Contains(r.t.Mounts, module):
		r.mounts[local] = true
	}
}

// keysOfHandlers renames properties of Handlers: in its type, and in objects that are
// handlers by what is said of them.
func (r *renamer) keysOfHandlers(n syntax.Node) bool {
	switch x := n.(type) {
	case *syntax.IndexedAccessType: // Handlers['name']
		if r.isContract(x.Object) {
			r.text(x.Index)
		}
	case *syntax.TypeReference: // Pick<Handlers, 'name' | 'other'>
		if slices.ContainsFunc(x.Arguments, r.isContract) {
			for _, argument := range x.Arguments {
				r.text(argument)
			}
		}
	}
	for _, o := range r.handlerObjects(n) {
		for _, each := range o.Properties {
			property, ok := each.(*syntax.Property)
			if !ok || property.Kind == syntax.PropertyShorthand && r.isReferenceRenamed(property) {
				continue
			}
			name, _ := syntax.KeyName(property.Key)
			switch now := r.keys[name]; {
			case now == "":
			case property.Kind == syntax.PropertyShorthand:
				r.change(property.Key, now+": "+name)
			default:
				r.key(property.Key, now)
			}
		}
	}
	return true
}

// isReferenceRenamed says that a shorthand property got its new name as a reference.
func (r *renamer) isReferenceRenamed(p *syntax.Property) bool {
	return slices.ContainsFunc(r.edits, func(e edit) bool { return e.span == p.Key.Range() })
}

// key is the name of a property as it was written: a name, or a text in quotes.
func (r *renamer) key(key syntax.Expression, name string) {
	if s, ok := key.(*syntax.StringLiteral); ok {
		r.change(syntax.Span{Start: s.Start + 1, End: s.End - 1}, name)
		return
	}
	r.change(key, name)
}

// text renames a type that is the text of a name, or a union of such.
func (r *renamer) text(t syntax.Type) {
	switch x := t.(type) {
	case *syntax.LiteralType:
		if s, ok := x.Literal.(*syntax.StringLiteral); ok && r.keys[s.Value] != "" {
			r.key(s, r.keys[s.Value])
		}
	case *syntax.UnionType:
		for _, each := range x.Types {
			r.text(each)
		}
	}
}

// isContract says that a type is Handlers, or Partial<Handlers> and its like.
func (r *renamer) isContract(t syntax.Type) bool {
	x, ok := t.(*syntax.TypeReference)
	if !ok {
		return false
	}
	if id, ok := x.Name.(*syntax.Identifier); ok && r.contract[id.Name] {
		return true
	}
	return slices.ContainsFunc(x.Arguments, r.isContract)
}

// handlerObjects are the literals that a node says to be handlers: by a type, or because
// a function that takes handlers is called with them.
func (r *renamer) handlerObjects(n syntax.Node) []*syntax.ObjectLiteral {
	var out []*syntax.ObjectLiteral
	add := func(e syntax.Expression) {
		if o, ok := e.(*syntax.ObjectLiteral); ok {
			out = append(out, o)
		}
	}
	switch x := n.(type) {
	case *syntax.VariableDeclaration:
		if x.Type != nil && r.isContract(x.Type) {
			add(x.Value)
		}
	case *syntax.SatisfiesExpression:
		if r.isContract(x.Type) {
			add(x.Expression)
		}
	case *syntax.AsExpression:
		if r.isContract(x.Type) {
			add(x.Expression)
		}
	case *syntax.CallExpression:
		if id, ok := x.Callee.(*syntax.Identifier); ok && r.mounts[id.Name] && len(x.Arguments) > 0 {
			add(x.Arguments[0])
		}
	}
	return out
}
