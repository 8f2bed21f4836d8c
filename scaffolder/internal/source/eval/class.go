package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

func (ev *Evaluator) declareClass(x *syntax.Class, s *scope) {
	if x.Modifiers.Has(syntax.ModDeclare) {
		return
	}
	c := ev.class(x, s)
	if x.Name != nil {
		s.declare(x.Name.Name, c, ev.level)
	}
	switch {
	case x.Modifiers.Has(syntax.ModDefault):
		s.module.export("default", &export{value: c})
	case x.Modifiers.Has(syntax.ModExport) && x.Name != nil:
		s.exportName(x.Name.Name)
	}
}

func (ev *Evaluator) class(x *syntax.Class, s *scope) *Class {
	inner := s.child()
	c := &Class{Node: x, Module: s.module, Proto: NewObject(), Static: NewObject(), scope: inner}
	c.Proto.Class = c
	if x.Name != nil {
		c.Name = x.Name.Name
		inner.declare(c.Name, c, 0)
	}
	if x.Extends != nil {
		c.Super = ev.expression(x.Extends, s)
		switch super := c.Super.(type) {
		case *Class:
			c.Proto.Proto, c.Static.Proto = super.Proto, super.Static
		case *Native:
			c.Static.Proto = super.Members
		case *Function:
			c.Proto.Proto, _ = super.properties().Get("prototype").(*Object)
			c.Static.Proto = super.properties()
		}
	}
	for _, member := range x.Members {
		ev.member(c, member)
	}
	ev.statics(c)
	if other := ev.decorated(c); other != c {
		if x.Name != nil {
			inner.declare(c.Name, other, 0)
		}
		return other
	}
	return c
}

// member adds a method, or remembers a field.
func (ev *Evaluator) member(c *Class, member syntax.Member) {
	switch m := member.(type) {
	case *syntax.Method:
		if m.Function == nil || m.Function.Body == nil {
			return
		}
		fn := ev.function(m.Function, c.scope, c)
		if m.Kind == syntax.MethodConstructor {
			c.ctor = fn
			return
		}
		key, ok := ev.propertyKey(m.Key, c.scope).(String)
		if !ok {
			c.Proto.Open = true
			return
		}
		fn.Name = string(key)
		into := c.Proto
		if m.Modifiers.Has(syntax.ModStatic) {
			into = c.Static
		}
		p := into.property(string(key))
		p.At = Place{c.Module.File, m.Span}
		switch m.Kind {
		case syntax.MethodGet:
			p.Get = fn
		case syntax.MethodSet:
			p.Set = fn
		default:
			p.Value = fn
		}
	case *syntax.Field:
		if !m.Modifiers.Has(syntax.ModStatic) && !m.Modifiers.Has(syntax.ModDeclare) {
			c.fields = append(c.fields, m)
		}
	}
}

// statics evaluates static fields and blocks, in order, with this as the class.
func (ev *Evaluator) statics(c *Class) {
	s := c.scope.child()
	s.frame = &frame{this: c, home: c}
	for _, member := range c.Node.Members {
		switch m := member.(type) {
		case *syntax.Field:
			if !m.Modifiers.Has(syntax.ModStatic) {
				continue
			}
			if key, ok := ev.propertyKey(m.Key, s).(String); ok {
				var v Value = Undefined{}
				if m.Value != nil {
					v = ev.named(m.Value, string(key), s)
				}
				c.Static.Put(string(key), v)
			}
		case *syntax.StaticBlock:
			inner := s.child()
			ev.hoist(m.Body.Statements, inner)
			ev.block(m.Body.Statements, inner)
		}
	}
}

// Construct is new C(…).
func (ev *Evaluator) Construct(c *Class, args []Value, at Place) Value {
	o := &Object{Class: c, Proto: c.Proto, At: at, level: ev.level}
	ev.makes(sizeObject + len(c.fields)*sizeProperty)
	if v := ev.initialize(c, o, args, at); v != nil {
		return v
	}
	return o
}

// initialize runs the constructor of a class on an object, and those of what it
// extends. Another object that a constructor returns is given back.
func (ev *Evaluator) initialize(c *Class, o *Object, args []Value, at Place) Value {
	if ev.depth >= deepest || ev.running[c.Node] >= 4 {
		o.Open = true
		return nil
	}
	ev.running[c.Node]++
	defer func() { ev.running[c.Node]-- }()
	if c.ctor == nil {
		if c.Super != nil {
			if v := ev.initializeSuper(c, o, args, at); v != nil {
				return v
			}
		}
		ev.fields(c, o)
		return nil
	}
	if c.Super == nil {
		ev.fields(c, o)
	}
	ev.parameterProperties(c, o, args)
	v := ev.CallFunction(c.ctor, o, args, at)
	if other, ok := v.(*Object); ok && other != o {
		return other
	}
	return nil
}

func (ev *Evaluator) initializeSuper(c *Class, o *Object, args []Value, at Place) Value {
	switch super := c.Super.(type) {
	case *Class:
		return ev.initialize(super, o, args, at)
	case *Native:
		if super.Constructs {
			super.Call(&Call{Evaluator: ev, This: o, Args: args, At: at, New: true, Module: c.Module})
			return nil
		}
		if super.Name == "Error" {
			o.Put("message", orUndefined((&Call{Args: args}).Arg(0)))
			return nil
		}
		o.Open = true
	case *Function:
		ev.CallFunction(super, o, args, at)
	default:
		o.Open = true
		o.super = &Term{Kind: Made, Of: c.Super, Args: args, At: at}
		ev.enter(args, at)
	}
	return nil
}

// fields gives an instance the fields of its class, and the parameters of the
// constructor that are properties.
func (ev *Evaluator) fields(c *Class, o *Object) {
	s := c.scope.child()
	s.frame = &frame{this: o, home: c}
	for _, f := range c.fields {
		key, ok := ev.propertyKey(f.Key, s).(String)
		if !ok {
			o.Open = true
			continue
		}
		var v Value = Undefined{}
		if f.Value != nil {
			v = ev.named(f.Value, string(key), s)
		} else if o.own(string(key)) != nil {
			continue
		} else if _, inherited := o.find(string(key)); inherited {
			continue
		}
		p := o.property(string(key))
		p.Value, p.At = v, Place{c.Module.File, f.Span}
	}
}

// parameterProperties sets the properties that `constructor(private x: T)` declares.
func (ev *Evaluator) parameterProperties(c *Class, o *Object, args []Value) {
	const declares = syntax.ModPublic | syntax.ModPrivate | syntax.ModProtected | syntax.ModReadonly | syntax.ModOverride
	for i, p := range c.ctor.Parameters {
		id, ok := p.Target.(*syntax.Identifier)
		if !ok || p.Modifiers&declares == 0 {
			continue
		}
		var v Value = Undefined{}
		switch {
		case i < len(args):
			v = ev.orDefault(args[i], p.Default, c.scope)
		case p.Default != nil:
			v = ev.expression(p.Default, c.scope)
		case args == nil && !p.Optional:
			v = &Term{Kind: Param, Name: id.Name, At: Place{c.Module.File, p.Span}}
		}
		o.Put(id.Name, v)
	}
}

func (ev *Evaluator) superCall(x *syntax.CallExpression, s *scope, at Place) Value {
	args, _ := ev.arguments(x.Arguments, s)
	o, ok := s.frame.this.(*Object)
	c := s.frame.home
	if !ok || c == nil {
		return Undefined{}
	}
	if c.Super != nil {
		ev.initializeSuper(c, o, args, at)
	}
	ev.fields(c, o)
	return Undefined{}
}

// superObject is super where no member of it is asked for.
func (ev *Evaluator) superObject(s *scope) Value {
	if s.frame.home != nil && s.frame.home.Proto.Proto != nil {
		return s.frame.home.Proto.Proto
	}
	return Undefined{}
}

// superMember is super.name: of the prototype, or of the class in static methods.
func (ev *Evaluator) superMember(name string, s *scope) Value {
	c := s.frame.home
	if c == nil || c.Super == nil {
		return Undefined{}
	}
	if _, static := s.frame.this.(*Class); static {
		return ev.GetMember(c.Super, name, Place{})
	}
	if c.Proto.Proto != nil {
		if p, ok := c.Proto.Proto.find(name); ok {
			if p.Get != nil {
				return ev.Call(p.Get, s.frame.this, nil, Place{})
			}
			return orUndefined(p.Value)
		}
	}
	if o, ok := s.frame.this.(*Object); ok {
		for at, n := o, 0; at != nil && n < 64; at, n = at.Proto, n+1 {
			if at.Host != nil {
				if v, ok := at.Host.Member(ev, o, name); ok {
					return v
				}
			}
		}
	}
	return Unknown("super."+name, Place{})
}

func (ev *Evaluator) classMember(c *Class, name string, at Place) Value {
	switch name {
	case "prototype":
		return c.Proto
	case "name":
		return String(c.Name)
	}
	if _, ok := c.Static.find(name); ok {
		return ev.objectMember(c.Static, name, at)
	}
	for super := c.Super; super != nil; {
		switch x := super.(type) {
		case *Class:
			super = x.Super
			continue
		case *Term:
			return x.member(name, at)
		case *Native:
			return ev.GetMember(x, name, at)
		}
		break
	}
	return ev.callableMember(c, name, at)
}

// Extends says whether a class is, or extends, what a module gives under a name.
func (c *Class) Extends(module, name string) bool {
	for at, n := c, 0; at != nil && n < 64; n++ {
		if IsImport(at.Super, module, name) {
			return true
		}
		at, _ = at.Super.(*Class)
	}
	return false
}
