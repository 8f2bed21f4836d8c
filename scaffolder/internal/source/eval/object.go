package eval

import "slices"

// Object is an object: of a literal, an instance of a class, or one that a library
// stands behind.
type Object struct {
	Class *Class // what it is an instance of; may be nil
	Proto *Object
	// Host answers for properties that the object has not got itself; may be nil.
	Host Host
	// Open says that it has properties that are not known.
	Open bool
	At   Place

	keys   []string
	props  map[string]*Property
	level  int     // of the branch that it was made in
	spread []Value // what further properties come from, where it is known
	// super is what the part of the instance that unknown code made was made with.
	super *Term
	// unnamed are values of properties whose names are not known.
	unnamed []Value
}

// Host is what a library puts behind an object.
type Host interface {
	// Member is a property of the object that was not assigned; ok is false where
	// it has none of that name.
	Member(ev *Evaluator, self *Object, name string) (v Value, ok bool)
}

// KeyedHost is a Host whose properties can be listed.
type KeyedHost interface {
	Host
	Keys(ev *Evaluator) []string
}

// SetHost is a Host that wants to know of assignments.
type SetHost interface {
	Host
	// Assigned says whether the host has taken the value.
	Assigned(ev *Evaluator, self *Object, name string, v Value, at Place) bool
}

// Property is a property of an object.
type Property struct {
	Value    Value
	Get, Set Value // of an accessor; nil otherwise
	At       Place
}

// NewObject is an object without properties.
func NewObject() *Object { return &Object{} }

// Own is a property of the object itself.
func (o *Object) Own(name string) (*Property, bool) {
	p, ok := o.props[name]
	return p, ok
}

// Get is the value of a property of the object itself, accessors not called; nil
// where it has none of that name.
func (o *Object) Get(name string) Value {
	if p, ok := o.props[name]; ok {
		return p.Value
	}
	return nil
}

// Keys are the names of the object's own properties, in the order in which they came.
func (o *Object) Keys() []string { return o.keys }

// Put sets a property without regard to branches.
func (o *Object) Put(name string, v Value) *Object {
	o.property(name).Value = v
	return o
}

func (o *Object) property(name string) *Property {
	p, ok := o.props[name]
	if !ok {
		if o.props == nil {
			o.props = map[string]*Property{}
		}
		p = &Property{}
		o.props[name] = p
		o.keys = append(o.keys, name)
	}
	return p
}

func (o *Object) remove(name string) {
	if _, ok := o.props[name]; ok {
		delete(o.props, name)
		o.keys = slices.DeleteFunc(slices.Clone(o.keys), func(k string) bool { return k == name })
	}
}

// find looks a property up along the chain of prototypes.
func (o *Object) find(name string) (*Property, bool) {
	for at, n := o, 0; at != nil && n < 64; at, n = at.Proto, n+1 {
		if p, ok := at.props[name]; ok {
			return p, true
		}
	}
	return nil, false
}

// HostOf is the host of an object, or of the first of its prototypes that has one.
func HostOf(v Value) Host {
	o, _ := v.(*Object)
	for n := 0; o != nil && n < 64; o, n = o.Proto, n+1 {
		if o.Host != nil {
			return o.Host
		}
	}
	return nil
}

// Spread are the values whose properties the object has too, beside its own.
func (o *Object) Spread() []Value { return o.spread }

// Super is how unknown code made its part of an instance; nil where there is none.
func (o *Object) Super() *Term { return o.super }

// Unnamed are values of properties whose names are not known.
func (o *Object) Unnamed() []Value { return o.unnamed }
