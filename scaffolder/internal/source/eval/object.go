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
	props  []*Property    // of keys
	where  map[string]int // of keys, where there are many
	level  int            // of the branch that it was made in
	spread []Value        // what further properties come from, where it is known
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
	p := o.own(name)
	return p, p != nil
}

// Get is the value of a property of the object itself, accessors not called; nil
// where it has none of that name.
func (o *Object) Get(name string) Value {
	if p := o.own(name); p != nil {
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
	if p := o.own(name); p != nil {
		return p
	}
	p := &Property{}
	o.keys, o.props = append(o.keys, name), append(o.props, p)
	switch {
	case o.where != nil:
		o.where[name] = len(o.keys) - 1
	case len(o.keys) > manyNames:
		o.where = make(map[string]int, 2*len(o.keys))
		for i, k := range o.keys {
			o.where[k] = i
		}
	}
	return p
}

// manyNames is from how many names on a map is faster than looking at each.
const manyNames = 8

// own is a property of the object itself; nil where it has none of that name.
func (o *Object) own(name string) *Property {
	if o.where != nil {
		if i, ok := o.where[name]; ok {
			return o.props[i]
		}
		return nil
	}
	for i, k := range o.keys {
		if k == name {
			return o.props[i]
		}
	}
	return nil
}

func (o *Object) remove(name string) {
	i := slices.Index(o.keys, name)
	if i < 0 {
		return
	}
	o.keys = slices.Delete(slices.Clone(o.keys), i, i+1)
	o.props = slices.Delete(slices.Clone(o.props), i, i+1)
	if o.where != nil {
		clear(o.where)
		for i, k := range o.keys {
			o.where[k] = i
		}
	}
}

// find looks a property up along the chain of prototypes.
func (o *Object) find(name string) (*Property, bool) {
	for at, n := o, 0; at != nil && n < 64; at, n = at.Proto, n+1 {
		if p := at.own(name); p != nil {
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
