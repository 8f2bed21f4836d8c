package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// hoist declares the functions of a list of statements, and the names of var.
func (ev *Evaluator) hoist(list []syntax.Statement, s *scope) {
	for _, statement := range list {
		switch x := statement.(type) {
		case *syntax.Function:
			if x.Body == nil {
				continue // an overload, or declared elsewhere
			}
			name := "default"
			fn := ev.function(x, s, nil)
			if x.Name != nil {
				name = x.Name.Name
				s.declare(name, fn, ev.level)
			}
			if x.Modifiers.Has(syntax.ModDefault) {
				s.module.export("default", &export{value: fn})
			} else if x.Modifiers.Has(syntax.ModExport) {
				s.exportName(name)
			}
		case *syntax.ExportNamed, *syntax.ImportDeclaration:
			// linked already
		}
	}
}

// exportName exports a variable of the module, or of a namespace.
func (s *scope) exportName(name string) {
	if s == s.module.scope {
		s.module.export(name, &export{local: name})
	}
}

func (ev *Evaluator) variables(x *syntax.VariableStatement, s *scope) {
	if x.Modifiers.Has(syntax.ModDeclare) {
		return
	}
	into := s
	if x.Kind == syntax.VariableVar {
		into = s.functionScope()
	}
	for _, d := range x.Declarations {
		id, simple := d.Target.(*syntax.Identifier)
		var v Value = Undefined{}
		switch {
		case d.Value != nil && simple:
			v = ev.named(d.Value, id.Name, s)
		case d.Value != nil:
			v = ev.expression(d.Value, s)
		case x.Kind == syntax.VariableVar && simple:
			if into.own(id.Name) != nil {
				continue // declared again, the value stays
			}
		}
		typed(v, d.Type, s.module)
		if simple && x.Kind == syntax.VariableVar {
			if b := into.own(id.Name); b != nil {
				ev.write(b, v)
			} else {
				into.declare(id.Name, v, 0)
			}
		} else {
			ev.bind(d.Target, v, into)
		}
		if x.Modifiers.Has(syntax.ModExport) {
			for _, name := range boundNames(d.Target, nil) {
				s.exportName(name)
			}
		}
	}
}

// boundNames are the variables that a pattern binds.
func boundNames(p syntax.Pattern, out []string) []string {
	switch x := p.(type) {
	case *syntax.Identifier:
		out = append(out, x.Name)
	case *syntax.ObjectPattern:
		for _, part := range x.Properties {
			out = boundNames(part.Target, out)
		}
	case *syntax.ArrayPattern:
		for _, part := range x.Elements {
			if part != nil {
				out = boundNames(part.Target, out)
			}
		}
	}
	return out
}

func (ev *Evaluator) declareEnum(x *syntax.EnumDeclaration, s *scope) {
	o := NewObject()
	if b := s.own(x.Name.Name); b != nil {
		if have, ok := b.value.(*Object); ok {
			o = have // one enum in several declarations
		}
	}
	o.At = Place{s.module.File, x.Span}
	next := Number(0)
	inner := s.child()
	for _, m := range x.Members {
		name, ok := syntax.KeyName(m.Key)
		if !ok {
			continue
		}
		var v Value = next
		if m.Value != nil {
			v = ev.expression(m.Value, inner)
		}
		if n, ok := v.(Number); ok {
			next = n + 1
		}
		o.Put(name, v)
		inner.declare(name, v, ev.level)
	}
	s.declare(x.Name.Name, o, ev.level)
	if x.Modifiers.Has(syntax.ModExport) {
		s.exportName(x.Name.Name)
	}
}

// declareNamespace makes an object of a namespace. Nested names share one.
func (ev *Evaluator) declareNamespace(x *syntax.ModuleDeclaration, s *scope) {
	if x.Body == nil || len(x.Path) == 0 || x.Modifiers.Has(syntax.ModDeclare) {
		return
	}
	name := x.Path[0].Name
	var o *Object
	if b := s.own(name); b != nil {
		switch have := b.value.(type) {
		case *Object:
			o = have
		case *Class:
			o = have.Static
		case *Function:
			o = have.properties()
		}
	}
	if o == nil {
		o = NewObject()
		s.declare(name, o, ev.level)
	}
	if x.Modifiers.Has(syntax.ModExport) {
		s.exportName(name)
	}
	for _, part := range x.Path[1:] {
		next, ok := o.Get(part.Name).(*Object)
		if !ok {
			next = NewObject()
			o.Put(part.Name, next)
		}
		o = next
	}
	inner := s.child()
	ev.hoist(x.Body.Statements, inner)
	ev.block(x.Body.Statements, inner)
	for _, one := range inner.slots {
		o.Put(one.name, one.value)
	}
}
