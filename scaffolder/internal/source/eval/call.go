package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// deepest bounds calls in calls; deepestSame those of one function in itself, deepestRead
// where handlers are read, and deepestMaybe where nobody knows whether they come about.
const (
	deepest      = 160
	deepestSame  = 80
	deepestRead  = 12
	deepestMaybe = 2
)

// CallableHost is a Host whose object can be called.
type CallableHost interface {
	Host
	Callable() bool
	Invoke(c *Call) Value
}

func (ev *Evaluator) call(x *syntax.CallExpression, s *scope) Value {
	at := Place{s.module.File, x.Span}
	callee := syntax.Unwrap(x.Callee)
	if _, ok := callee.(*syntax.ImportKeyword); ok && len(x.Arguments) > 0 {
		return ev.dynamicImport(s.module, ev.expression(x.Arguments[0], s), at)
	}
	if _, ok := callee.(*syntax.SuperExpression); ok {
		return ev.superCall(x, s, at)
	}
	fn, this := ev.callee(callee, s)
	args, open := ev.arguments(x.Arguments, s)
	if open {
		args = append(args, Unknown("further arguments", at))
	}
	if x.Optional && isNothing(fn) {
		return Undefined{}
	}
	return ev.invoke(fn, this, args, at, x.TypeArguments, s.module)
}

// callee is what is called, and the object that it is a method of.
func (ev *Evaluator) callee(e syntax.Expression, s *scope) (fn, this Value) {
	switch x := e.(type) {
	case *syntax.MemberExpression:
		if _, ok := x.Object.(*syntax.SuperExpression); ok {
			return ev.superMember(memberName(x.Property), s), s.frame.this
		}
		of := ev.expression(x.Object, s)
		name := memberName(x.Property)
		at := Place{s.module.File, x.Property.Range()}
		return ev.method(of, name, at), of
	case *syntax.IndexExpression:
		of := ev.expression(x.Object, s)
		at := Place{s.module.File, x.Index.Range()}
		key := ev.expression(x.Index, s)
		if name, ok := key.(String); ok {
			return ev.method(of, string(name), at), of
		}
		return ev.index(of, key, at), of
	}
	return ev.expression(e, s), Undefined{}
}

// method is a property that is called.
func (ev *Evaluator) method(of Value, name string, at Place) Value {
	if h, ok := hostOf[MethodHost](of); ok {
		return h.Method(ev, name, at)
	}
	u, ok := of.(*Union)
	if !ok {
		return ev.GetMember(of, name, at)
	}
	var out []Value
	for _, one := range u.Of {
		if isNothing(one) {
			continue // it would have failed there
		}
		if v := ev.method(one, name, at); v != (Undefined{}) {
			out = append(out, v)
		}
	}
	return Join(out...)
}

// MethodHost is a Host that tells a property that is called from one that is read.
type MethodHost interface {
	Host
	Method(ev *Evaluator, name string, at Place) Value
}

func (ev *Evaluator) arguments(list []syntax.Expression, s *scope) (args []Value, open bool) {
	for _, e := range list {
		spread, ok := e.(*syntax.SpreadElement)
		if !ok {
			args = append(args, ev.expression(e, s))
			continue
		}
		items, known := ev.Iterate(ev.expression(spread.Expression, s), Place{s.module.File, spread.Span})
		args = append(args, items...)
		open = open || !known
	}
	return args, open
}

// Call calls a value.
func (ev *Evaluator) Call(fn, this Value, args []Value, at Place) Value {
	return ev.invoke(fn, this, args, at, nil, nil)
}

func (ev *Evaluator) invoke(fn, this Value, args []Value, at Place, types []syntax.Type, m *Module) Value {
	switch x := fn.(type) {
	case *Function:
		return ev.CallFunction(x, this, args, at)
	case *Native:
		v := orUndefined(x.Call(&Call{Evaluator: ev, This: this, Args: args, At: at, TypeArguments: types, Module: m}))
		ev.touch(this, v)
		ev.bounded(this, at)
		ev.counted(v)
		return ev.bounded(v, at)
	case *Object:
		if h, ok := HostOf(x).(CallableHost); ok && h.Callable() {
			ev.touches++
			return orUndefined(h.Invoke(&Call{Evaluator: ev, This: x, Args: args, At: at, TypeArguments: types, Module: m}))
		}
	case *Class:
		return ev.Construct(x, args, at)
	case *Term:
		return ev.callTerm(x, Called, args, at)
	case *Union:
		var out []Value
		for _, one := range x.Of {
			switch one.(type) {
			case Undefined, Null, String, Number, Bool:
				continue
			}
			ev.branch(func() { out = append(out, ev.invoke(one, this, args, at, types, m)) })
		}
		return Join(out...)
	}
	ev.enter(args, at)
	return Unknown("what "+Describe(fn)+" gives", at)
}

func orUndefined(v Value) Value {
	if v == nil {
		return Undefined{}
	}
	return v
}

// callTerm keeps a call of unknown code as a term, and enters the functions that it
// is given. A promise is what it promises.
func (ev *Evaluator) callTerm(fn *Term, kind TermKind, args []Value, at Place) Value {
	t := &Term{Kind: kind, Of: fn, Args: args, At: at}
	ev.makes(sizeTerm)
	if fn.Kind == Member && kind == Called {
		if v, ok := ev.reflective(fn, args, at); ok {
			return v
		}
		if v, ok := ev.registration(fn, args, at); ok {
			return v
		}
	}
	if v, ok := ev.gives(t); ok {
		return v
	}
	ev.handOver(t)
	if ev.Observer != nil {
		ev.Observer.TermCalled(t)
	}
	ev.enter(args, at)
	return t
}

// reflective is fn.call(…), fn.apply(…) and fn.bind(…) of an unknown function, and
// .then(f): what f gives.
func (ev *Evaluator) reflective(fn *Term, args []Value, at Place) (Value, bool) {
	switch fn.Name {
	case "then", "finally":
		if len(args) == 0 {
			return nil, false
		}
		v := ev.Call(args[0], Undefined{}, []Value{fn.Of}, at)
		if len(args) > 1 {
			ev.branch(func() { ev.Call(args[1], Undefined{}, []Value{Unknown("an error", at)}, at) })
		}
		if fn.Name == "finally" {
			return fn.Of, true
		}
		return v, true
	case "catch":
		if len(args) != 1 {
			return nil, false
		}
		ev.branch(func() { ev.Call(args[0], Undefined{}, []Value{Unknown("an error", at)}, at) })
		return fn.Of, true
	case "bind":
		return fn.Of, true
	}
	return nil, false
}

// CallFunction runs a function. Arguments that are missing from args where args is nil
// are not known; otherwise they are undefined.
func (ev *Evaluator) CallFunction(f *Function, this Value, args []Value, at Place) Value {
	for f.bound != nil {
		this, args = f.bound.this, append(append([]Value{}, f.bound.args...), args...)
		inner := *f
		inner.bound = nil
		f = &inner
	}
	if same := ev.running[f.Node]; ev.depth >= deepest || same >= deepestSame || same >= deepestRead && ev.phase > 0 || same >= deepestMaybe && ev.level > 0 {
		ev.noteDeep(f, this, args, at)
		return Unknown("what "+Describe(f)+" gives", at)
	}
	if ev.spent || !ev.worthwhile(f, this, args) {
		return Unknown("what "+Describe(f)+" gives", at)
	}
	if ev.phase == 0 && ev.barren(f) {
		return Unknown("what "+Describe(f)+" gives", at)
	}
	if ev.Observer != nil {
		ev.Observer.FunctionCalled(f, args)
	}
	ev.depth++
	before, touches := ev.Steps, ev.touches
	ev.running[f.Node]++
	level := ev.level
	var v Value
	if ev.phase > 0 && ev.Observer != nil && !ev.ofRun(f, this, args) {
		v = ev.remembered(f, this, args)
	} else {
		v = ev.runFunction(f, this, args)
	}
	ev.level = level
	ev.running[f.Node]--
	ev.depth--
	if ev.phase == 0 {
		ev.ran(f, before-ev.Steps, ev.touches-touches)
	}
	return v
}

func (ev *Evaluator) runFunction(f *Function, this Value, args []Value) Value {
	ev.makes(sizeCall)
	s := &scope{parent: f.scope, module: f.Module}
	if f.arrow {
		fr := *f.scope.frame
		s.frame = &fr // its own, so that var ends here
	} else {
		s.frame = &frame{this: this, home: f.home, fn: f, args: args}
		if fn, ok := f.Node.(*syntax.Function); ok && fn.Name != nil && s.find(fn.Name.Name) == nil {
			s.declare(fn.Name.Name, f, 0)
		}
	}
	ev.parameters(f, args, s)
	if f.Result != nil {
		return ev.expression(f.Result, s)
	}
	if f.Body == nil {
		return Undefined{}
	}
	ev.hoist(f.Body.Statements, s)
	out := ev.block(f.Body.Statements, s)
	if f.Generator {
		return &Array{Elements: s.frame.yields, Open: ev.level > 0, At: Place{f.Module.File, f.Node.Range()}, level: ev.level}
	}
	switch out.kind {
	case returned:
		return ev.awaited(out.value)
	case maybe:
		return Join(out.value, Undefined{})
	case threw:
		return Unknown("nothing: "+Describe(f)+" throws", Place{f.Module.File, f.Node.Range()})
	}
	return Undefined{}
}

func (ev *Evaluator) parameters(f *Function, args []Value, s *scope) {
	i := 0
	for _, p := range f.Parameters {
		if id, ok := p.Target.(*syntax.Identifier); ok && id.Name == "this" && p.Type != nil {
			continue
		}
		at := Place{f.Module.File, p.Span}
		var v Value = Undefined{}
		switch {
		case p.Rest:
			v = &Array{Elements: append([]Value{}, args[min(i, len(args)):]...), Open: args == nil, At: at, level: ev.level}
		case i < len(args):
			v = args[i]
		case args == nil && p.Default == nil && !p.Optional:
			v = &Term{Kind: Param, Name: paramName(p), At: at}
		}
		typed(v, p.Type, f.Module)
		ev.bind(p.Target, ev.orDefault(v, p.Default, s), s)
		i++
	}
}

func paramName(p *syntax.Parameter) string {
	if id, ok := p.Target.(*syntax.Identifier); ok {
		return id.Name
	}
	return "a parameter"
}

// awaited is what a promise gives: promises are their values.
func (ev *Evaluator) awaited(v Value) Value {
	if h, ok := hostOf[AwaitHost](v); ok {
		return h.Awaited(ev, v)
	}
	return v
}

// AwaitHost is a Host whose object is something else once it is awaited.
type AwaitHost interface {
	Host
	Awaited(ev *Evaluator, self Value) Value
}

// Enter calls a function that somebody outside is going to call.
func (ev *Evaluator) Enter(f *Function, args []Value) Value {
	return ev.CallFunction(f, Undefined{}, args, f.Place())
}

// Plugin is a Host of an object that stands for a function.
type Plugin interface {
	Host
	Function() Value
}

// PluginOf is the function that an object stands for; nil where it stands for none.
func (ev *Evaluator) PluginOf(o *Object) Value {
	if p, ok := o.Host.(Plugin); ok {
		return p.Function()
	}
	return nil
}
