package syntax

// A Function is a function declaration, a function expression, or the function of a
// method, accessor or constructor (then Name is nil and the key stands in the member).
type Function struct {
	Span
	Modifiers      Modifiers   // export, default, declare, async
	Name           *Identifier // may be nil
	Generator      bool
	TypeParameters []*TypeParameter
	Parameters     []*Parameter
	ReturnType     Type   // may be nil; *TypePredicate for x is T and asserts x
	Body           *Block // nil for overloads, abstract methods and declare function
}

// Async says whether the function is an async one.
func (f *Function) Async() bool { return f.Modifiers.Has(ModAsync) }

// An ArrowFunction is (parameters) => body. Exactly one of Body and Result is set.
type ArrowFunction struct {
	Span
	Async          bool
	TypeParameters []*TypeParameter
	Parameters     []*Parameter
	ReturnType     Type       // may be nil
	Body           *Block     // => { … }
	Result         Expression // => expression
}

// A Parameter is one parameter. `this: T` is a parameter whose Target is the
// *Identifier this. Modifiers (public, private, protected, readonly, override) make
// it a property of the class as well.
type Parameter struct {
	Span
	Decorators []*Decorator
	Modifiers  Modifiers
	Rest       bool
	Target     Pattern
	Optional   bool       // name?
	Type       Type       // may be nil
	Default    Expression // may be nil
}

// An ObjectPattern is {a, b: c, ...d} in a declaration or parameter.
type ObjectPattern struct {
	Span
	Properties []*PatternProperty
}

// A PatternProperty is one part of an ObjectPattern.
type PatternProperty struct {
	Span
	Rest    bool
	Key     Expression // as in Property; nil for a rest; for a shorthand the same *Identifier as Target
	Target  Pattern
	Default Expression // may be nil
}

// An ArrayPattern is [a, , ...b] in a declaration or parameter. A nil element is a hole.
type ArrayPattern struct {
	Span
	Elements []*PatternElement
}

// A PatternElement is one part of an ArrayPattern.
type PatternElement struct {
	Span
	Rest    bool
	Target  Pattern
	Default Expression // may be nil
}

func (*Function) expression()      {}
func (*Function) statement()       {}
func (*ArrowFunction) expression() {}
func (*ObjectPattern) pattern()    {}
func (*ArrayPattern) pattern()     {}
