package nodelib

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// object is the container as the program has it.
func (k *containerOf) object() *eval.Object {
	o := &eval.Object{Open: true}
	self := func(*eval.Call) eval.Value { return o }
	resolve := func(c *eval.Call) eval.Value { return k.resolve(c, c.Arg(0)) }
	all := func(c *eval.Call) eval.Value { return &eval.Array{Elements: k.all(c, c.Arg(0)), At: c.At} }
	for _, n := range []string{"resolve", "get", "getAsync", "getNamed", "getTagged", "build"} {
		o.Put(n, native(n, resolve))
	}
	for _, n := range []string{"resolveAll", "getAll", "getMany", "getAllAsync"} {
		o.Put(n, native(n, all))
	}
	for _, n := range []string{"createChildContainer", "createChild", "of", "clearInstances", "afterResolution", "beforeResolution", "import", "applyMiddleware", "remove", "unbind"} {
		o.Put(n, native(n, self))
	}
	for _, n := range []string{"isRegistered", "isBound", "has"} {
		o.Put(n, native(n, func(c *eval.Call) eval.Value { return eval.Bool(len(k.registered[c.Arg(0)]) > 0) }))
	}
	register := func(c *eval.Call) eval.Value {
		if len(c.Args) == 1 { // registerSingleton(Class)
			return o
		}
		k.register(c, c.Arg(0), c.Arg(1))
		return o
	}
	for _, n := range []string{"register", "registerSingleton", "registerType"} {
		o.Put(n, native(n, register))
	}
	o.Put("registerInstance", native("registerInstance", func(c *eval.Call) eval.Value {
		k.add(c.Arg(0), provider{value: c.Arg(1)})
		return o
	}))
	o.Put("set", native("set", func(c *eval.Call) eval.Value {
		k.set(c)
		return o
	}))
	o.Put("bind", native("bind", k.bind)).Put("rebind", native("rebind", k.bind))
	for _, n := range []string{"load", "loadAsync"} {
		o.Put(n, native(n, func(c *eval.Call) eval.Value {
			for _, a := range c.Args {
				k.load(c, a)
			}
			return o
		}))
	}
	return o
}

// set is Container.set of typedi: an id with a value, or objects that say both.
func (k *containerOf) set(c *eval.Call) {
	if len(c.Args) > 1 {
		k.add(c.Arg(0), provider{value: c.Arg(1)})
		return
	}
	list := []eval.Value{c.Arg(0)}
	if a, ok := c.Arg(0).(*eval.Array); ok {
		list = a.Elements
	}
	for _, one := range list {
		k.register(c, c.GetMember(one, "id", c.At), one)
	}
}

// bind is bind(id) of inversify: what follows says what it stands for.
func (k *containerOf) bind(c *eval.Call) eval.Value {
	id := c.Arg(0)
	o := &eval.Object{At: c.At}
	put := func(name string, make func(c *eval.Call) provider) {
		o.Put(name, native(name, func(c *eval.Call) eval.Value {
			k.add(id, make(c))
			return o
		}))
	}
	of := func(v eval.Value) provider {
		if class, ok := v.(*eval.Class); ok {
			return provider{class: class}
		}
		return provider{value: v}
	}
	put("to", func(c *eval.Call) provider { return of(c.Arg(0)) })
	put("toSelf", func(*eval.Call) provider { return of(id) })
	for _, n := range []string{"toConstantValue", "toConstructor", "toFunction", "toAutoNamedFactory"} {
		put(n, func(c *eval.Call) provider { return provider{value: c.Arg(0)} })
	}
	for _, n := range []string{"toDynamicValue", "toFactory", "toProvider", "toResolvedValue"} {
		put(n, func(c *eval.Call) provider { return provider{factory: c.Arg(0)} })
	}
	put("toService", func(c *eval.Call) provider { return provider{token: c.Arg(0)} })
	for _, n := range []string{"inSingletonScope", "inTransientScope", "inRequestScope", "onActivation", "onDeactivation", "when", "whenTargetNamed", "whenNamed", "whenTargetTagged", "whenTagged", "whenInjectedInto", "whenTargetIsDefault", "whenDefault", "whenParentNamed"} {
		o.Put(n, native(n, func(*eval.Call) eval.Value { return o }))
	}
	return o
}

// load runs a module of bindings, which gets bind as an argument or as a property of it.
func (k *containerOf) load(c *eval.Call, module eval.Value) {
	f := c.GetMember(module, "load", c.At)
	if _, ok := f.(*eval.Function); !ok {
		return
	}
	bind := native("bind", k.bind)
	bind.Members = eval.NewObject().Put("bind", bind).Put("rebind", bind)
	for _, n := range []string{"isBound", "unbind"} {
		bind.Members.Put(n, k.object().Get(n))
	}
	c.Call(f, eval.Undefined{}, []eval.Value{bind, k.object().Get("unbind"), k.object().Get("isBound"), bind}, c.At)
}
