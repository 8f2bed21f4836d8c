package eval

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// bind declares the variables of a pattern with what a value has for them.
func (ev *Evaluator) bind(p syntax.Pattern, v Value, s *scope) {
	switch x := p.(type) {
	case *syntax.Identifier:
		s.declare(x.Name, v, ev.level)
	case *syntax.ObjectPattern:
		var taken []string
		for _, part := range x.Properties {
			at := Place{s.module.File, part.Span}
			if part.Rest {
				ev.bind(part.Target, ev.rest(v, taken, at), s)
				continue
			}
			key := ev.propertyKey(part.Key, s)
			if name, ok := key.(String); ok {
				taken = append(taken, string(name))
			}
			ev.bind(part.Target, ev.orDefault(ev.index(v, key, at), part.Default, s), s)
		}
	case *syntax.ArrayPattern:
		for i, part := range x.Elements {
			if part == nil {
				continue
			}
			at := Place{s.module.File, part.Span}
			if part.Rest {
				ev.bind(part.Target, ev.restOfArray(v, i, at), s)
				continue
			}
			ev.bind(part.Target, ev.orDefault(ev.element(v, i, at), part.Default, s), s)
		}
	}
}

// element is what destructuring takes for an index, also of what is no array.
func (ev *Evaluator) element(v Value, i int, at Place) Value {
	switch x := v.(type) {
	case *Array:
		if i < len(x.Elements) {
			return x.Elements[i]
		}
		if x.Open {
			return Unknown("an element", at)
		}
		return Undefined{}
	case *Object:
		if items, known := ev.Iterate(x, at); known {
			if i < len(items) {
				return items[i]
			}
			return Undefined{}
		}
	case *Union:
		var out []Value
		for _, one := range x.Of {
			out = append(out, ev.element(one, i, at))
		}
		return Join(out...)
	}
	return ev.GetMember(v, strconv.Itoa(i), at)
}

// orDefault is the value, or the default where it is undefined. What is not known may
// be either; a Defaulted host is told.
func (ev *Evaluator) orDefault(v Value, def syntax.Expression, s *scope) Value {
	if def == nil {
		return v
	}
	switch x := v.(type) {
	case Undefined:
		return ev.expression(def, s)
	case *Object:
		if h, ok := x.Host.(DefaultHost); ok {
			h.Defaulted(ev.expression(def, s))
		}
	case *Union:
		for i, one := range x.Of {
			if _, ok := one.(Undefined); ok {
				rest := append(append([]Value{}, x.Of[:i]...), x.Of[i+1:]...)
				return Join(append(rest, ev.expression(def, s))...)
			}
		}
	case *Term:
		return Join(v, ev.expression(def, s))
	}
	return v
}

// DefaultHost is a Host that wants to know of a default that is taken in its place
// where it is undefined.
type DefaultHost interface {
	Host
	Defaulted(v Value)
}

func (ev *Evaluator) rest(v Value, taken []string, at Place) Value {
	o, ok := v.(*Object)
	if !ok || o.Host != nil {
		if ok {
			return v // what is left of a request is still the request
		}
		return Unknown("the rest of "+Describe(v), at)
	}
	out := &Object{Open: o.Open, At: at, level: ev.level}
	for _, k := range o.keys {
		if !contains(taken, k) {
			out.Put(k, o.Get(k))
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func (ev *Evaluator) restOfArray(v Value, from int, at Place) Value {
	a, ok := v.(*Array)
	if !ok {
		return &Array{Open: true, At: at, level: ev.level}
	}
	return &Array{Elements: append([]Value{}, a.Elements[min(from, len(a.Elements)):]...), Open: a.Open, At: at, level: ev.level}
}

// write gives a variable a value: instead of the one that it has, or beside it where
// the assignment may not happen.
func (ev *Evaluator) write(b *binding, v Value) {
	b.from = nil
	if ev.level > b.level && b.value != nil {
		if _, ok := b.value.(Undefined); !ok {
			b.value = Join(b.value, v)
			return
		}
	}
	b.value = v
}

// assign gives an expression on the left of = a value.
func (ev *Evaluator) assign(target syntax.Expression, v Value, s *scope) {
	switch x := syntax.Unwrap(target).(type) {
	case *syntax.Identifier:
		if b := s.find(x.Name); b != nil {
			ev.write(b, v)
		} else {
			ev.globals[x.Name] = v
		}
	case *syntax.MemberExpression:
		of := ev.expression(x.Object, s)
		ev.SetMember(of, memberName(x.Property), v, Place{s.module.File, x.Span})
	case *syntax.IndexExpression:
		of, key := ev.expression(x.Object, s), ev.expression(x.Index, s)
		ev.setIndex(of, key, v, Place{s.module.File, x.Span})
	case *syntax.ObjectLiteral:
		ev.assignObject(x, v, s)
	case *syntax.ArrayLiteral:
		for i, e := range x.Elements {
			switch part := e.(type) {
			case nil:
			case *syntax.SpreadElement:
				ev.assign(part.Expression, ev.restOfArray(v, i, Place{s.module.File, part.Span}), s)
			case *syntax.AssignmentExpression:
				ev.assign(part.Target, ev.orDefault(ev.element(v, i, Place{s.module.File, part.Span}), part.Value, s), s)
			default:
				ev.assign(e, ev.element(v, i, Place{s.module.File, e.Range()}), s)
			}
		}
	}
}

func (ev *Evaluator) assignObject(x *syntax.ObjectLiteral, v Value, s *scope) {
	var taken []string
	for _, e := range x.Properties {
		switch part := e.(type) {
		case *syntax.SpreadElement:
			ev.assign(part.Expression, ev.rest(v, taken, Place{s.module.File, part.Span}), s)
		case *syntax.Property:
			key := ev.propertyKey(part.Key, s)
			if name, ok := key.(String); ok {
				taken = append(taken, string(name))
			}
			got := ev.index(v, key, Place{s.module.File, part.Span})
			target, def := part.Value, part.Default
			if a, ok := target.(*syntax.AssignmentExpression); ok {
				target, def = a.Target, a.Value
			}
			ev.assign(target, ev.orDefault(got, def, s), s)
		}
	}
}

// memberName is the name behind a dot; a private one has its # in front.
func memberName(e syntax.Expression) string {
	switch x := e.(type) {
	case *syntax.Identifier:
		return x.Name
	case *syntax.PrivateName:
		return "#" + x.Name
	}
	return ""
}

// propertyKey is the key of a property: a String where it is known.
func (ev *Evaluator) propertyKey(key syntax.Expression, s *scope) Value {
	if name, ok := syntax.KeyName(key); ok {
		return String(name)
	}
	switch x := key.(type) {
	case *syntax.PrivateName:
		return String("#" + x.Name)
	case *syntax.ComputedKey:
		return toKey(ev.expression(x.Expression, s))
	}
	return Unknown("a key", Place{s.module.File, key.Range()})
}
