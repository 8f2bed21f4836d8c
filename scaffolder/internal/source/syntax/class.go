package syntax

// A Class is a class declaration or a class expression.
type Class struct {
	Span
	Decorators     []*Decorator
	Modifiers      Modifiers   // export, default, declare, abstract
	Name           *Identifier // may be nil
	TypeParameters []*TypeParameter
	Extends        Expression // may be nil
	ExtendsTypes   []Type     // type arguments of Extends
	Implements     []Type
	Members        []Member
}

// MethodKind says what a Method is.
type MethodKind uint8

// A plain method, the constructor, and the two accessors.
const (
	MethodPlain MethodKind = iota
	MethodConstructor
	MethodGet
	MethodSet
)

// A Method is a method, accessor or constructor of a class, or a method or accessor of
// an interface or object type (then its Function has no body).
type Method struct {
	Span
	Decorators []*Decorator
	Modifiers  Modifiers
	Kind       MethodKind
	Key        Expression // as in Property, or *PrivateName; see KeyName
	Optional   bool       // name?()
	Function   *Function
}

// A Field is a property of a class, an interface or an object type.
type Field struct {
	Span
	Decorators []*Decorator
	Modifiers  Modifiers
	Key        Expression // as in Property, or *PrivateName; see KeyName
	Optional   bool       // name?
	Definite   bool       // name!
	Type       Type       // may be nil
	Value      Expression // may be nil
}

// A StaticBlock is static { … } in a class.
type StaticBlock struct {
	Span
	Body *Block
}

// An IndexSignature is [key: K]: T.
type IndexSignature struct {
	Span
	Modifiers Modifiers
	Parameter *Parameter
	Type      Type // may be nil
}

// A CallSignature is (parameters): T in an interface or object type, or with
// Construct, new (parameters): T.
type CallSignature struct {
	Span
	Construct      bool
	TypeParameters []*TypeParameter
	Parameters     []*Parameter
	ReturnType     Type // may be nil
}

func (*Class) expression()      {}
func (*Class) statement()       {}
func (*Method) member()         {}
func (*Field) member()          {}
func (*StaticBlock) member()    {}
func (*IndexSignature) member() {}
func (*CallSignature) member()  {}
