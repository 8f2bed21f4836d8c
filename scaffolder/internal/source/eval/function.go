package eval

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// function makes a value of a function in the source. home is the class that it is a
// method of.
func (ev *Evaluator) function(n syntax.Node, s *scope, home *Class) *Function {
	ev.makes(sizeFunction)
	f := &Function{Node: n, Module: s.module, scope: s, home: home}
	switch x := n.(type) {
	case *syntax.ArrowFunction:
		f.Parameters, f.Body, f.Result, f.Async, f.arrow = x.Parameters, x.Body, x.Result, x.Async, true
	case *syntax.Function:
		f.Parameters, f.Body, f.Async, f.Generator = x.Parameters, x.Body, x.Async(), x.Generator
		if x.Name != nil {
			f.Name = x.Name.Name
		}
	}
	return f
}

// Place is where the function stands.
func (f *Function) Place() Place { return Place{f.Module.File, f.Node.Range()} }

// This is the object that the function is bound to; nil where it is not bound.
func (f *Function) This() Value {
	if f.bound != nil {
		return f.bound.this
	}
	return nil
}

// properties is the object of what is assigned to a function.
func (f *Function) properties() *Object {
	if f.props == nil {
		f.props = NewObject()
		proto := NewObject()
		proto.Put("constructor", f)
		f.props.Put("prototype", proto)
	}
	return f.props
}

func (ev *Evaluator) functionMember(f *Function, name string, at Place) Value {
	switch name {
	case "prototype":
		return f.properties().Get(name)
	case "name":
		return String(f.Name)
	case "length":
		return Number(len(f.Parameters))
	case "bind":
		return &Native{Name: name, Call: func(c *Call) Value {
			bound := *f
			bound.bound = &boundCall{this: c.Arg(0), args: c.Args[min(1, len(c.Args)):]}
			if f.bound != nil {
				bound.bound.this = f.bound.this
				bound.bound.args = append(append([]Value{}, f.bound.args...), bound.bound.args...)
			}
			return &bound
		}}
	}
	if f.props != nil {
		if v := ev.objectMember(f.props, name, at); v != (Undefined{}) || f.props.Get(name) != nil {
			return v
		}
	}
	return ev.callableMember(f, name, at)
}

// callableMember is call, apply and bind of whatever can be called.
func (ev *Evaluator) callableMember(fn Value, name string, _ Place) Value {
	switch name {
	case "call":
		return &Native{Name: name, Call: func(c *Call) Value {
			return c.Call(fn, c.Arg(0), c.Args[min(1, len(c.Args)):], c.At)
		}}
	case "apply":
		return &Native{Name: name, Call: func(c *Call) Value {
			args, _ := c.Iterate(c.Arg(1), c.At)
			return c.Call(fn, c.Arg(0), args, c.At)
		}}
	case "bind":
		return &Native{Name: name, Call: func(c *Call) Value {
			this, given := c.Arg(0), c.Args[min(1, len(c.Args)):]
			return &Native{Name: Describe(fn), Call: func(inner *Call) Value {
				return inner.Call(fn, this, append(append([]Value{}, given...), inner.Args...), inner.At)
			}}
		}}
	}
	return Undefined{}
}

// ParameterNames are the names of the function's parameters; "" for patterns.
func (f *Function) ParameterNames() []string {
	out := make([]string, len(f.Parameters))
	for i, p := range f.Parameters {
		if id, ok := p.Target.(*syntax.Identifier); ok {
			out[i] = id.Name
		}
	}
	return out
}

// ParameterType is the text of the type of a parameter; "" where it has none.
func (f *Function) ParameterType(i int) string {
	if i >= len(f.Parameters) || f.Parameters[i].Type == nil {
		return ""
	}
	return f.Module.File.Text(f.Parameters[i].Type)
}
