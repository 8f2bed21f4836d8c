package eval

import (
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Value is a value of the program: Undefined, Null, Bool, Number, String, *RegExp,
// *Text, *Object, *Array, *Function, *Native, *Class, *Term or *Union.
type Value interface{ value() }

// Undefined is undefined.
type Undefined struct{}

// Null is null.
type Null struct{}

// Bool is true or false.
type Bool bool

// Number is a number.
type Number float64

// String is a text that is known.
type String string

// RegExp is a regular expression.
type RegExp struct{ Pattern, Flags string }

// Text is a text of which some pieces are not known: Strings and other values, in turn.
type Text struct{ Parts []Value }

// Array is an array, or a tuple of arguments.
type Array struct {
	Elements []Value
	Open     bool // there may be further elements, or fewer
	At       Place
	level    int
	props    *Object // what is assigned beside the elements
	settled  int     // of the elements, as arrayBound counts them
}

// Function is a function of the project with the scope that it closes over.
type Function struct {
	Name       string
	Parameters []*syntax.Parameter
	Body       *syntax.Block
	Result     syntax.Expression // of an arrow function without a block
	Node       syntax.Node
	Module     *Module
	Async      bool
	Generator  bool

	scope *scope
	arrow bool
	bound *boundCall
	home  *Class // whose super the body means
	props *Object
}

// boundCall is what bind() fixed.
type boundCall struct {
	this Value
	args []Value
}

// Native is a function that a library, or the language, gives.
type Native struct {
	Name string
	Call func(c *Call) Value
	// Members are its properties; may be nil.
	Members *Object
	// Constructs makes instances of classes that extend it: it fills c.This.
	Constructs bool
}

// Call is one call of a Native.
type Call struct {
	*Evaluator
	This Value
	Args []Value
	At   Place
	New  bool
	// TypeArguments are those of the call in the source.
	TypeArguments []syntax.Type
	Module        *Module // that calls
}

// Arg is the argument with an index, or Undefined.
func (c *Call) Arg(i int) Value {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return Undefined{}
}

// Class is a class of the project.
type Class struct {
	Name   string
	Node   *syntax.Class
	Module *Module
	Super  Value // nil: none
	Proto  *Object
	Static *Object
	scope  *scope
	fields []*syntax.Field
	ctor   *Function

	decorations []Decoration
}

// Union is one of several values; none of them is a Union.
type Union struct{ Of []Value }

func (Undefined) value() {}
func (Null) value()      {}
func (Bool) value()      {}
func (Number) value()    {}
func (String) value()    {}
func (*RegExp) value()   {}
func (*Text) value()     {}
func (*Object) value()   {}
func (*Array) value()    {}
func (*Function) value() {}
func (*Native) value()   {}
func (*Class) value()    {}
func (*Term) value()     {}
func (*Union) value()    {}

// Place is where something stands in the sources.
type Place struct {
	File *syntax.File
	Span syntax.Span
}

// Position is the place as people read it; the zero Position where there is none.
func (p Place) Position() syntax.Position {
	if p.File == nil {
		return syntax.Position{}
	}
	return p.File.Position(p.Span.Start)
}

// Alternatives are the values that a value may be: those of a Union, or itself.
func Alternatives(v Value) []Value {
	if u, ok := v.(*Union); ok {
		return u.Of
	}
	return []Value{v}
}

// mostAlternatives bounds a Union; what is beyond is not kept, but for objects of libraries
// (routers), of which there may be mostHosted.
const (
	mostAlternatives = 12
	mostHosted       = 400
)

func isHosted(v Value) bool {
	o, ok := v.(*Object)
	if !ok {
		return false
	}
	_, ok = o.Host.(PassedHost)
	return ok
}

// Join is a value that is one of several. Equal alternatives are one.
func Join(values ...Value) Value {
	var of []Value
	for _, v := range values {
		if v == nil {
			continue
		}
		for _, one := range Alternatives(v) {
			if len(of) < mostAlternatives || len(of) < mostHosted && isHosted(one) {
				if !containsSame(of, one) {
					of = append(of, one)
				}
			}
		}
	}
	switch len(of) {
	case 0:
		return Undefined{}
	case 1:
		return of[0]
	}
	return &Union{Of: of}
}

func containsSame(list []Value, v Value) bool {
	for _, have := range list {
		if Same(have, v) {
			return true
		}
	}
	return false
}

// Same says whether two values are identical, as === does for what is known.
func Same(a, b Value) bool {
	switch x := a.(type) {
	case *Text:
		y, ok := b.(*Text)
		if !ok || len(x.Parts) != len(y.Parts) {
			return false
		}
		for i := range x.Parts {
			if !Same(x.Parts[i], y.Parts[i]) {
				return false
			}
		}
		return true
	default:
		return a == b
	}
}
