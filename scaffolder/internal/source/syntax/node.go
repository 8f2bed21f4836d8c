package syntax

// A Node is anything in the tree that has a place in the file.
type Node interface{ Range() Span }

// An Expression computes a value.
type Expression interface {
	Node
	expression()
}

// A Statement stands in a block or at the top of a file.
type Statement interface {
	Node
	statement()
}

// A Pattern is what a value is bound to: *Identifier, *ObjectPattern, *ArrayPattern,
// or *BadExpression.
type Pattern interface {
	Node
	pattern()
}

// A Type is a type of TypeScript.
type Type interface {
	Node
	typ()
}

// A Member belongs to a class, an interface or an object type.
type Member interface {
	Node
	member()
}

// Modifiers are the words before a declaration, a member or a parameter.
type Modifiers uint32

// One bit for each modifier. ModConst is for const enums and const type parameters.
const (
	ModExport Modifiers = 1 << iota
	ModDefault
	ModDeclare
	ModAbstract
	ModAsync
	ModStatic
	ModReadonly
	ModPublic
	ModPrivate
	ModProtected
	ModOverride
	ModAccessor
	ModConst
	ModIn
	ModOut
)

// Has says whether all of want are set.
func (m Modifiers) Has(want Modifiers) bool { return m&want == want }

// An Identifier is a name: of a variable, a property, a label, a type. In patterns it
// is the variable that is bound.
type Identifier struct {
	Span
	Name string // escapes are resolved
}

// A PrivateName is #name: a key of a class member, or what is asked for by obj.#name
// and #name in obj.
type PrivateName struct {
	Span
	Name string // without the #
}

// A ComputedKey is [expression] as the name of a property or member.
type ComputedKey struct {
	Span
	Expression Expression
}

// A Decorator is @expression.
type Decorator struct {
	Span
	Expression Expression
}

func (*Identifier) expression()  {}
func (*Identifier) pattern()     {}
func (*PrivateName) expression() {}
func (*ComputedKey) expression() {}

// KeyName is the name that a key stands for where it can be told without evaluating
// anything: identifiers, strings, numbers, and [computed] strings and numbers. A
// private name is none.
func KeyName(key Expression) (string, bool) {
	switch k := key.(type) {
	case *Identifier:
		return k.Name, true
	case *StringLiteral:
		return k.Value, true
	case *NumberLiteral:
		return k.Key(), true
	case *BigIntLiteral:
		return k.Digits, true
	case *ComputedKey:
		switch x := k.Expression.(type) {
		case *StringLiteral, *NumberLiteral:
			return KeyName(x)
		case *TemplateLiteral:
			if len(x.Expressions) == 0 {
				return x.Parts[0].Cooked, true
			}
		}
	}
	return "", false
}
