package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

func (ev *Evaluator) construct(x *syntax.NewExpression, s *scope) Value {
	at := Place{s.module.File, x.Span}
	callee := ev.expression(x.Callee, s)
	args, open := ev.arguments(x.Arguments, s)
	if open {
		args = append(args, Unknown("further arguments", at))
	}
	return ev.construct2(callee, args, at, x.TypeArguments, s.module)
}

func (ev *Evaluator) construct2(callee Value, args []Value, at Place, types []syntax.Type, m *Module) Value {
	switch c := callee.(type) {
	case *Class:
		return ev.Construct(c, args, at)
	case *Native:
		return orUndefined(c.Call(&Call{Evaluator: ev, This: &Object{At: at, level: ev.level}, Args: args, At: at, New: true, TypeArguments: types, Module: m}))
	case *Function:
		return ev.constructFunction(c, args, at)
	case *Term:
		return ev.callTerm(c, Made, args, at)
	case *Object:
		if h, ok := HostOf(c).(CallableHost); ok && h.Callable() {
			return orUndefined(h.Invoke(&Call{Evaluator: ev, This: c, Args: args, At: at, New: true, TypeArguments: types, Module: m}))
		}
	case *Union:
		var out []Value
		for _, one := range c.Of {
			if !isNothing(one) {
				ev.branch(func() { out = append(out, ev.construct2(one, args, at, types, m)) })
			}
		}
		return Join(out...)
	}
	ev.enter(args, at)
	return Unknown("an instance of "+Describe(callee), at)
}

// constructFunction is new F() of a function that is used as a class.
func (ev *Evaluator) constructFunction(f *Function, args []Value, at Place) Value {
	o := &Object{At: at, level: ev.level}
	if proto, ok := f.properties().Get("prototype").(*Object); ok {
		o.Proto = proto
	}
	if v, ok := ev.CallFunction(f, o, args, at).(*Object); ok && v != o {
		return v
	}
	return o
}
