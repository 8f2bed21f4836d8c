package nodelib

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// A container makes instances of classes, and gives their constructors what decorators
// and types say: tsyringe, typedi and inversify.
type containerOf struct {
	module     *eval.Term
	registered map[eval.Value][]provider
	made       map[*eval.Class]eval.Value
}

// provider is how what is registered is made: one of its fields is set.
type provider struct {
	class   *eval.Class
	value   eval.Value
	factory eval.Value
	token   eval.Value
}

// containerModule is what such a package exports.
func containerModule(name string) eval.Value {
	k := &containerOf{module: &eval.Term{Kind: eval.Import, Name: name}, registered: map[eval.Value][]provider{}, made: map[*eval.Class]eval.Value{}}
	o := &eval.Object{Open: true}
	for _, inert := range []string{"injectable", "singleton", "scoped", "autoInjectable", "optional", "unmanaged", "named", "tagged", "targetName", "postConstruct", "preDestroy", "injectFromBase"} {
		o.Put(inert, native(inert, func(*eval.Call) eval.Value { return decorator(func(*eval.Call) eval.Value { return eval.Undefined{} }) }))
	}
	for _, n := range []string{"inject", "Inject"} {
		o.Put(n, native(n, func(c *eval.Call) eval.Value { return injected(c, false) }))
	}
	for _, n := range []string{"injectAll", "multiInject", "InjectMany"} {
		o.Put(n, native(n, func(c *eval.Call) eval.Value { return injected(c, true) }))
	}
	for _, n := range []string{"delay", "LazyServiceIdentifier", "LazyServiceIdentifer"} {
		o.Put(n, native(n, func(c *eval.Call) eval.Value { return eval.NewObject().Put("delayed", c.Arg(0)) }))
	}
	o.Put("registry", native("registry", func(c *eval.Call) eval.Value {
		list, _ := c.Iterate(c.Arg(0), c.At)
		for _, one := range list {
			k.register(c, c.GetMember(one, "token", c.At), one)
		}
		return decorator(func(*eval.Call) eval.Value { return eval.Undefined{} })
	}))
	o.Put("Service", native("Service", k.service))
	o.Put("Token", native("Token", func(c *eval.Call) eval.Value { return c.This }))
	o.Put("ContainerModule", native("ContainerModule", func(c *eval.Call) eval.Value { return eval.NewObject().Put("load", c.Arg(0)) }))
	o.Put("AsyncContainerModule", o.Get("ContainerModule"))
	host := k.object()
	container := &eval.Native{Name: "Container", Members: host, Call: func(*eval.Call) eval.Value { return host }}
	return o.Put("container", host).Put("Container", container).Put("default", container)
}

func native(name string, f fn) *eval.Native { return &eval.Native{Name: name, Call: f} }

func decorator(f fn) *eval.Native { return native("a decorator", f) }

// injected is @inject(token): it stays as it is, and is asked for when an instance is made.
func injected(c *eval.Call, all bool) eval.Value {
	d := decorator(func(*eval.Call) eval.Value { return eval.Undefined{} })
	d.Members = eval.NewObject().Put("token", c.Arg(0)).Put("all", eval.Bool(all))
	return d
}

// service is @Service() of typedi, by a name or with options.
func (k *containerOf) service(c *eval.Call) eval.Value {
	id, options := c.Arg(0), eval.Value(eval.Undefined{})
	if o, ok := id.(*eval.Object); ok && (o.Get("id") != nil || o.Get("factory") != nil) {
		id, options = c.GetMember(o, "id", c.At), o
	}
	return decorator(func(c *eval.Call) eval.Value {
		class, _ := c.Arg(0).(*eval.Class)
		if o, ok := options.(*eval.Object); ok && o.Get("factory") != nil {
			k.add(c.Arg(0), provider{factory: o.Get("factory")})
		}
		if _, none := id.(eval.Undefined); !none {
			k.add(id, provider{class: class})
		}
		return eval.Undefined{}
	})
}

func (k *containerOf) add(token eval.Value, p provider) {
	k.registered[token] = append(k.registered[token], p)
}

// register notes a provider: a class, or {useClass}, {useValue}, {useFactory}, {useToken}.
func (k *containerOf) register(c *eval.Call, token, given eval.Value) {
	if class, ok := given.(*eval.Class); ok {
		k.add(token, provider{class: class})
		return
	}
	for _, key := range []string{"useClass", "type"} {
		if class, ok := c.GetMember(given, key, c.At).(*eval.Class); ok {
			k.add(token, provider{class: class})
			return
		}
	}
	for _, key := range []string{"useFactory", "factory"} {
		if f := c.GetMember(given, key, c.At); f != (eval.Undefined{}) {
			k.add(token, provider{factory: f})
			return
		}
	}
	if t := c.GetMember(given, "useToken", c.At); t != (eval.Undefined{}) {
		k.add(token, provider{token: t})
		return
	}
	for _, key := range []string{"useValue", "value"} {
		if o, ok := given.(*eval.Object); ok && o.Get(key) != nil {
			k.add(token, provider{value: c.GetMember(o, key, c.At)})
			return
		}
	}
	k.add(token, provider{value: given})
}

// resolve is what a token stands for: what was registered last, or an instance of the class.
func (k *containerOf) resolve(c *eval.Call, token eval.Value) eval.Value {
	list := k.all(c, token)
	if len(list) > 0 {
		return list[len(list)-1]
	}
	if class, ok := token.(*eval.Class); ok {
		return k.instance(c, class)
	}
	return &eval.Term{Kind: eval.Called, Of: k.module, Args: []eval.Value{token}, At: c.At}
}

func (k *containerOf) all(c *eval.Call, token eval.Value) []eval.Value {
	var out []eval.Value
	list := k.registered[token]
	for i := range list {
		p := &list[i]
		switch {
		case p.value != nil:
		case p.class != nil:
			p.value = k.instance(c, p.class)
		case p.token != nil && p.token != token:
			p.value = k.resolve(c, p.token)
		case p.factory != nil:
			p.value = eval.Unknown("what is being made", c.At)
			p.value = c.Call(p.factory, eval.Undefined{}, []eval.Value{k.context()}, c.At)
		default:
			p.value = eval.Unknown("what is registered", c.At)
		}
		out = append(out, p.value)
	}
	return out
}

// context is what factories get: a container, and inversify's object with one.
func (k *containerOf) context() eval.Value {
	o := k.object()
	return o.Put("container", o)
}

// instance makes the one instance of a class.
func (k *containerOf) instance(c *eval.Call, class *eval.Class) eval.Value {
	if v, ok := k.made[class]; ok {
		return v
	}
	k.made[class] = eval.Unknown("an instance that is being made", c.At)
	v := c.Construct(class, k.arguments(c, class), c.At)
	for at := class; at != nil; {
		for _, d := range at.Decorations() {
			if d.Member == "" || d.Parameter >= 0 || d.Static {
				continue
			}
			if token, all, ok := injection(c, d.Value, designed(c, at.Proto, "design:type", d.Member)); ok {
				c.SetMember(v, d.Member, k.given(c, token, all), c.At)
			}
		}
		at, _ = at.Super.(*eval.Class)
	}
	k.made[class] = v
	return v
}

// arguments are what the constructor of a class is given: what decorators ask for, or
// instances of the classes that the types are.
func (k *containerOf) arguments(c *eval.Call, class *eval.Class) []eval.Value {
	of := class.Constructing()
	if of == nil {
		return nil
	}
	types, _ := c.Iterate(designed(c, of, "design:paramtypes", ""), c.At)
	out := make([]eval.Value, len(types))
	for i, t := range types {
		out[i] = eval.Unknown("what is injected", c.At)
		if _, ok := t.(*eval.Class); ok {
			out[i] = k.resolve(c, t)
		}
	}
	for _, d := range of.Decorations() {
		if d.Member != "" || d.Parameter < 0 || d.Parameter >= len(out) {
			continue
		}
		if token, all, ok := injection(c, d.Value, types[d.Parameter]); ok {
			out[d.Parameter] = k.given(c, token, all)
		}
	}
	return out
}

func (k *containerOf) given(c *eval.Call, token eval.Value, all bool) eval.Value {
	if all {
		return &eval.Array{Elements: k.all(c, token), At: c.At}
	}
	return k.resolve(c, token)
}

// injection is the token that a decorator asks for: its argument, what that gives when it
// is a function, or the type beside it.
func injection(c *eval.Call, d, typ eval.Value) (token eval.Value, all, ok bool) {
	n, isNative := d.(*eval.Native)
	if !isNative || n.Members == nil || n.Members.Get("token") == nil {
		return nil, false, false
	}
	token = n.Members.Get("token")
	if o, ok := token.(*eval.Object); ok && o.Get("delayed") != nil {
		token = o.Get("delayed")
	}
	switch token.(type) {
	case eval.Undefined:
		token = typ
	case *eval.Function:
		token = c.Call(token, eval.Undefined{}, []eval.Value{}, c.At)
	}
	return token, n.Members.Get("all") == eval.Value(eval.Bool(true)), true
}

// designed is what compilers keep of types for decorators.
func designed(c *eval.Call, of eval.Value, key, member string) eval.Value {
	args := []eval.Value{eval.String(key), of}
	if member != "" {
		args = append(args, eval.String(member))
	}
	return c.Call(c.GetMember(c.GlobalName("Reflect"), "getMetadata", c.At), eval.Undefined{}, args, c.At)
}
