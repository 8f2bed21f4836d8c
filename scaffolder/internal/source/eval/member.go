package eval

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

func (ev *Evaluator) memberExpression(x *syntax.MemberExpression, s *scope) Value {
	if _, ok := x.Object.(*syntax.SuperExpression); ok {
		return ev.superMember(memberName(x.Property), s)
	}
	of := ev.expression(x.Object, s)
	return ev.GetMember(of, memberName(x.Property), Place{s.module.File, x.Span})
}

// index is of[key].
func (ev *Evaluator) index(of, key Value, at Place) Value {
	if u, ok := key.(*Union); ok {
		return joinEach(u, func(v Value) Value { return ev.index(of, v, at) })
	}
	if name, ok := toKey(key).(String); ok {
		return ev.GetMember(of, string(name), at)
	}
	switch x := of.(type) {
	case *Array:
		if len(x.Elements) > 0 {
			return Join(append([]Value{Unknown("an element", at)}, x.Elements...)...)
		}
	case *Object:
		if h, ok := x.Host.(IndexHost); ok {
			return h.Index(ev, x, key, at)
		}
		if x.Host == nil && len(x.keys) > 0 {
			out := []Value{}
			for _, k := range x.keys {
				out = append(out, ev.GetMember(x, k, at))
			}
			return Join(append(out, Unknown("a property", at))...)
		}
	}
	return &Term{Kind: Member, Of: of, Key: key, Name: "[…]", At: at}
}

// IndexHost is a Host that answers for keys that are not known.
type IndexHost interface {
	Host
	Index(ev *Evaluator, self *Object, key Value, at Place) Value
}

// GetMember is a property of a value; Undefined where it is known to have none.
func (ev *Evaluator) GetMember(of Value, name string, at Place) Value {
	switch x := of.(type) {
	case *Object:
		return ev.objectMember(x, name, at)
	case *Array:
		return ev.arrayMember(x, name, at)
	case String:
		return ev.stringMember(x, name, at)
	case *Text:
		return ev.textMember(x, name, at)
	case *Function:
		return ev.functionMember(x, name, at)
	case *Native:
		if x.Members != nil {
			if v := ev.objectMember(x.Members, name, at); v != (Undefined{}) {
				return v
			}
		}
		return ev.callableMember(x, name, at)
	case *Class:
		return ev.classMember(x, name, at)
	case *Term:
		if v, ok := x.props[name]; ok {
			return v
		}
		if name == "default" && x.Kind == Import {
			return x
		}
		return x.member(name, at)
	case *Union:
		return ev.unionMember(x, name, at)
	case *RegExp:
		if name == "source" {
			return String(x.Pattern)
		}
		return regexpMember(x, name)
	case Number:
		return numberMember(x, name)
	case Bool:
		if name == "toString" {
			return constant("toString", String(ToText(x)))
		}
	}
	return Undefined{}
}

// unionMember is the property of each alternative that may have one.
func (ev *Evaluator) unionMember(x *Union, name string, at Place) Value {
	var out []Value
	for _, one := range x.Of {
		if isNothing(one) {
			continue // it would have failed there
		}
		if v := ev.GetMember(one, name, at); v != (Undefined{}) {
			out = append(out, v)
		}
	}
	return Join(out...)
}

func (ev *Evaluator) objectMember(o *Object, name string, at Place) Value {
	if p, ok := o.find(name); ok {
		if p.Get != nil {
			return ev.Call(p.Get, o, nil, at)
		}
		if p.Value == nil {
			return Undefined{}
		}
		return p.Value
	}
	for n, host := 0, o; host != nil && n < 64; host, n = host.Proto, n+1 {
		if host.Host != nil {
			if v, ok := host.Host.Member(ev, o, name); ok {
				return v
			}
		}
	}
	switch name {
	case "hasOwnProperty":
		return &Native{Name: name, Call: func(c *Call) Value { return ev.in(c.Arg(0), o, c.At) }}
	case "constructor":
		if o.Class != nil {
			return o.Class
		}
	case "toString", "valueOf", "toJSON":
		return Unknown(name, at)
	case "__proto__":
		if o.Proto != nil {
			return o.Proto
		}
		if o.Host == nil {
			return Null{}
		}
	}
	if o.Open {
		return ev.openMember(o, name, at)
	}
	return Undefined{}
}

// MixedHost is a Host whose object may stand in another beside some of its kind, so that it
// is not known which of them a property comes from.
type MixedHost interface {
	Host
	Mixed(name string, all []Value) (Value, bool)
}

// openMember is a property that may come from what was spread into the object.
func (ev *Evaluator) openMember(o *Object, name string, at Place) Value {
	if n := len(o.spread); n > 1 {
		if h, ok := hostOf[MixedHost](o.spread[n-1]); ok {
			if v, ok := h.Mixed(name, o.spread); ok {
				return v
			}
		}
	}
	for i := len(o.spread) - 1; i >= 0; i-- {
		if v := ev.GetMember(o.spread[i], name, at); v != (Undefined{}) {
			return v
		}
	}
	return Unknown(name, at)
}

// SetMember assigns a property.
func (ev *Evaluator) SetMember(of Value, name string, v Value, at Place) {
	switch x := of.(type) {
	case *Object:
		ev.setProperty(x, name, v, at)
	case *Array:
		ev.setArray(x, name, v)
	case *Function:
		ev.setProperty(x.properties(), name, v, at)
	case *Native:
		if x.Members == nil {
			x.Members = NewObject()
		}
		ev.setProperty(x.Members, name, v, at)
	case *Class:
		ev.setProperty(x.Static, name, v, at)
	case *Term:
		if x.props == nil {
			x.props = map[string]Value{}
		}
		if have := x.props[name]; ev.level > 0 && have != nil {
			v = Join(have, v)
		} else if ev.level > 0 && isFlag(v) {
			v = Join(x.member(name, at), v)
		}
		x.props[name] = v
	case *Union:
		for _, one := range x.Of {
			ev.branch(func() { ev.SetMember(one, name, v, at) })
		}
	}
}

func (ev *Evaluator) setProperty(o *Object, name string, v Value, at Place) {
	if p, ok := o.find(name); ok && p.Set != nil {
		ev.Call(p.Set, o, []Value{v}, at)
		return
	}
	for host, n := o, 0; host != nil && n < 64; host, n = host.Proto, n+1 {
		if h, ok := host.Host.(SetHost); ok && h.Assigned(ev, o, name, v, at) {
			return
		}
	}
	p := o.property(name)
	if ev.level > o.level && (p.Value != nil && !isNothing(p.Value) || isFlag(v)) {
		v = Join(orUndefined(p.Value), v)
	}
	p.Value, p.At, p.Get = v, at, nil
}

// isFlag says whether a value is true or false: conditions hang on it, so what it was
// before counts, also where that was nothing.
func isFlag(v Value) bool {
	_, ok := v.(Bool)
	return ok
}

func (ev *Evaluator) setIndex(of, key, v Value, at Place) {
	if u, ok := key.(*Union); ok {
		for _, one := range u.Of {
			ev.branch(func() { ev.setIndex(of, one, v, at) })
		}
		return
	}
	if name, ok := toKey(key).(String); ok {
		ev.SetMember(of, string(name), v, at)
		return
	}
	switch x := of.(type) {
	case *Object:
		x.Open = true
		x.unnamed = append(x.unnamed, v)
	case *Array:
		x.Open = true
		x.Elements = append(x.Elements, v)
	}
}

func (ev *Evaluator) setArray(a *Array, name string, v Value) {
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < 10_000 {
		for len(a.Elements) <= i {
			a.Elements = append(a.Elements, Undefined{})
		}
		a.settled = min(a.settled, i)
		if ev.level > a.level && !isNothing(a.Elements[i]) {
			v = Join(a.Elements[i], v)
		}
		a.Elements[i] = v
		return
	}
	if name == "length" {
		if n, ok := v.(Number); ok && int(n) < len(a.Elements) && n >= 0 {
			a.Elements = a.Elements[:int(n)]
		}
		return
	}
	if a.props == nil {
		a.props = NewObject()
	}
	a.props.Put(name, v)
}
