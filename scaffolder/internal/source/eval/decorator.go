package eval

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Decoration is a decorator of a class or of a part of it, as a value: what code outside of
// the project decorates is read there.
type Decoration struct {
	Value Value
	// Member is the method or field that it stands at; "" at the class and at its
	// constructor's parameters.
	Member string
	Static bool
	// Parameter is the index of the parameter that it stands at; -1 at none.
	Parameter int
	At        Place
}

// Decorations are the decorators of the class, in the order in which they were called.
func (c *Class) Decorations() []Decoration { return c.decorations }

// decorated calls the decorators of a class as compilers do: those of its members one
// after the other, parameters first, and those of the class at last. What replaces the
// class is given back.
func (ev *Evaluator) decorated(c *Class) *Class {
	s := c.scope.child()
	s.frame = &frame{this: c, home: c}
	for _, member := range c.Node.Members {
		switch m := member.(type) {
		case *syntax.Method:
			if m.Function == nil || m.Kind == syntax.MethodConstructor {
				continue
			}
			if key, ok := decoratedKey(ev, m.Decorators, m.Function.Parameters, m.Key, s); ok {
				ev.decorateMethod(c, m, key, s)
			}
		case *syntax.Field:
			if key, ok := decoratedKey(ev, m.Decorators, nil, m.Key, s); ok {
				static := m.Modifiers.Has(syntax.ModStatic)
				for _, d := range ev.decorators(c, m.Decorators, Decoration{Member: key, Static: static, Parameter: -1}, s) {
					if isStandard(d.Value) {
						continue // it changes how the field begins
					}
					ev.applyDecorator(d, []Value{c.holder(static), String(key), Undefined{}})
				}
			}
		}
	}
	if c.ctor != nil {
		ev.decorateParameters(c, c.ctor.Parameters, Decoration{}, s)
	}
	out := c
	for _, d := range ev.decorators(c, c.Node.Decorators, Decoration{Parameter: -1}, s) {
		args := []Value{out}
		if isStandard(d.Value) {
			args = append(args, ev.decoratorContext("class", c.Name, false, out, d.At))
		}
		if other, ok := ev.applyDecorator(d, args).(*Class); ok {
			out = other
		}
	}
	return out
}

// decoratedKey is the name of a member that has decorators, also at its parameters.
func decoratedKey(ev *Evaluator, own []*syntax.Decorator, parameters []*syntax.Parameter, key syntax.Expression, s *scope) (string, bool) {
	if len(own) == 0 && !slices.ContainsFunc(parameters, func(p *syntax.Parameter) bool { return len(p.Decorators) > 0 }) {
		return "", false
	}
	name, ok := ev.propertyKey(key, s).(String)
	return string(name), ok
}

// holder is the object that a member stands in: decorators are given it.
func (c *Class) holder(static bool) Value {
	if static {
		return c
	}
	return c.Proto
}

// decorateMethod calls the decorators of a method with its descriptor, and puts what they
// leave there into its place.
func (ev *Evaluator) decorateMethod(c *Class, m *syntax.Method, key string, s *scope) {
	static := m.Modifiers.Has(syntax.ModStatic)
	in := c.Proto
	if static {
		in = c.Static
	}
	p := in.own(key)
	if p == nil {
		return
	}
	ev.decorateParameters(c, m.Function.Parameters, Decoration{Member: key, Static: static}, s)
	list := ev.decorators(c, m.Decorators, Decoration{Member: key, Static: static, Parameter: -1}, s)
	for _, d := range list {
		if isStandard(d.Value) {
			given := ev.applyDecorator(d, []Value{orUndefined(p.Value), ev.decoratorContext("method", key, static, c.holder(static), d.At)})
			if isCallable(given) && p.Value != nil {
				p.Value = given
			}
			continue
		}
		descriptor := &Object{At: d.At, level: ev.level}
		if p.Value != nil {
			descriptor.Put("value", p.Value)
		} else {
			descriptor.Put("get", orUndefined(p.Get)).Put("set", orUndefined(p.Set))
		}
		descriptor.Put("configurable", Bool(true)).Put("enumerable", Bool(false)).Put("writable", Bool(true))
		if given, ok := ev.applyDecorator(d, []Value{c.holder(static), String(key), descriptor}).(*Object); ok {
			descriptor = given
		}
		if v := descriptor.Get("value"); isCallable(v) && p.Value != nil {
			if f, ok := v.(*Function); ok && v != p.Value {
				f.Name = key // what it stands for
			}
			p.Value = v
		}
	}
}

func isCallable(v Value) bool {
	switch v.(type) {
	case *Function, *Native:
		return true
	}
	return false
}

func (ev *Evaluator) decorateParameters(c *Class, list []*syntax.Parameter, of Decoration, s *scope) {
	for i := len(list) - 1; i >= 0; i-- {
		of.Parameter = i
		for _, d := range ev.decorators(c, list[i].Decorators, of, s) {
			if !isStandard(d.Value) {
				name := Value(Undefined{})
				if of.Member != "" {
					name = String(of.Member)
				}
				ev.applyDecorator(d, []Value{c.decoratedParameterHolder(of), name, Number(i)})
			}
		}
	}
}

func (c *Class) decoratedParameterHolder(d Decoration) Value {
	if d.Member == "" {
		return c
	}
	return c.holder(d.Static)
}

// decorators evaluates decorators from the first on, and gives them in the order in which
// they are called: from the last on.
func (ev *Evaluator) decorators(c *Class, list []*syntax.Decorator, of Decoration, s *scope) []Decoration {
	var out []Decoration
	for _, d := range list {
		of.At = Place{c.Module.File, d.Span}
		of.Value = ev.decoratorValue(d, s)
		out = append(out, of)
	}
	slices.Reverse(out)
	c.decorations = append(c.decorations, out...)
	return out
}

// decoratorValue is what stands behind @. What packages are called with is kept, and not
// run: it says what something is, as in @Type(() => Book).
func (ev *Evaluator) decoratorValue(d *syntax.Decorator, s *scope) Value {
	call, ok := syntax.Unwrap(d.Expression).(*syntax.CallExpression)
	if !ok {
		return ev.expression(d.Expression, s)
	}
	fn, this := ev.callee(syntax.Unwrap(call.Callee), s)
	args, _ := ev.arguments(call.Arguments, s)
	at := Place{s.module.File, call.Span}
	if t, ok := fn.(*Term); ok {
		return &Term{Kind: Called, Of: t, Args: args, At: at}
	}
	return ev.invoke(fn, this, args, at, call.TypeArguments, s.module)
}

// applyDecorator calls a decorator of the project, or of a library that is known.
func (ev *Evaluator) applyDecorator(d Decoration, args []Value) Value {
	switch d.Value.(type) {
	case *Function, *Native:
		return ev.Call(d.Value, Undefined{}, args, d.At)
	}
	return Undefined{}
}

// isStandard says whether a decorator is written for the form of the language, which gets
// a value and a context, and not for TypeScript's older one.
func isStandard(v Value) bool {
	f, ok := v.(*Function)
	if !ok || len(f.Parameters) != 2 {
		return false
	}
	return strings.Contains(f.ParameterType(1), "DecoratorContext") || f.ParameterNames()[1] == "context"
}

func (ev *Evaluator) decoratorContext(kind, name string, static bool, this Value, at Place) Value {
	o := &Object{At: at, level: ev.level}
	o.Put("kind", String(kind)).Put("name", String(name)).Put("static", Bool(static)).Put("private", Bool(false)).Put("metadata", ev.metadataObject(this))
	return o.Put("addInitializer", &Native{Name: "addInitializer", Call: func(c *Call) Value {
		return c.Evaluator.Call(c.Arg(0), this, []Value{}, c.At)
	}})
}

// parameterTypes are the classes that the types of parameters name, as compilers keep them
// for decorators; Object for others.
func (ev *Evaluator) parameterTypes(list []*syntax.Parameter, s *scope) []Value {
	out := make([]Value, len(list))
	for i, p := range list {
		out[i] = ev.classOfType(p.Type, s)
	}
	return out
}

func (ev *Evaluator) classOfType(t syntax.Type, s *scope) Value {
	if ref, ok := t.(*syntax.TypeReference); ok {
		if id, ok := ref.Name.(*syntax.Identifier); ok {
			if b := s.find(id.Name); b != nil {
				if c, ok := ev.read(b).(*Class); ok {
					return c
				}
			}
		}
	}
	return ev.global("Object")
}
