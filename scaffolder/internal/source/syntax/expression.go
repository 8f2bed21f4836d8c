package syntax

import "github.com/seniorbackend/tools/scaffolder/internal/source/token"

// A ThisExpression is this.
type ThisExpression struct{ Span }

// A SuperExpression is super, the object of a member or the callee of a call.
type SuperExpression struct{ Span }

// An ImportKeyword is import, the callee of import(x), import.defer(x) and
// import.source(x).
type ImportKeyword struct {
	Span
	Phase string // "", "defer" or "source"
}

// A MetaProperty is import.meta or new.target.
type MetaProperty struct {
	Span
	Keyword  token.Kind // Import or New
	Property *Identifier
}

// A ParenthesizedExpression is (x).
type ParenthesizedExpression struct {
	Span
	Expression Expression
}

// A SequenceExpression is a, b, c.
type SequenceExpression struct {
	Span
	Expressions []Expression
}

// A UnaryExpression is an operator before its operand: + - ! ~ typeof void delete.
type UnaryExpression struct {
	Span
	Operator token.Kind
	Operand  Expression
}

// An UpdateExpression is ++ or -- before or after its operand.
type UpdateExpression struct {
	Span
	Operator token.Kind
	Prefix   bool
	Operand  Expression
}

// A BinaryExpression is left operator right, the logical operators included.
type BinaryExpression struct {
	Span
	Operator    token.Kind
	Left, Right Expression
}

// An AssignmentExpression is target = value, or one of the compound forms. The target
// of a destructuring assignment is an *ObjectLiteral or *ArrayLiteral.
type AssignmentExpression struct {
	Span
	Operator token.Kind
	Target   Expression
	Value    Expression
}

// A ConditionalExpression is test ? then : else.
type ConditionalExpression struct {
	Span
	Test, Then, Else Expression
}

// A MemberExpression is object.property or object?.property.
type MemberExpression struct {
	Span
	Object   Expression
	Property Expression // *Identifier or *PrivateName
	Optional bool
}

// An IndexExpression is object[index] or object?.[index].
type IndexExpression struct {
	Span
	Object, Index Expression
	Optional      bool
}

// A CallExpression is callee(arguments), callee?.(arguments), callee<T>(arguments),
// and import(x).
type CallExpression struct {
	Span
	Callee        Expression
	TypeArguments []Type
	Arguments     []Expression // *SpreadElement among them
	Optional      bool
}

// A NewExpression is new Callee(arguments).
type NewExpression struct {
	Span
	Callee        Expression
	TypeArguments []Type
	Arguments     []Expression // nil where there are no parentheses
}

// An InstantiationExpression is callee<T> without a call.
type InstantiationExpression struct {
	Span
	Expression    Expression
	TypeArguments []Type
}

// A TaggedTemplate is tag`text`.
type TaggedTemplate struct {
	Span
	Tag           Expression
	TypeArguments []Type
	Template      *TemplateLiteral
}

// An AwaitExpression is await x.
type AwaitExpression struct {
	Span
	Operand Expression
}

// A YieldExpression is yield, yield x or yield* x.
type YieldExpression struct {
	Span
	Delegate bool
	Operand  Expression // may be nil
}

// An AsExpression is x as T; x as const has the *TypeReference const.
type AsExpression struct {
	Span
	Expression Expression
	Type       Type
}

// A SatisfiesExpression is x satisfies T.
type SatisfiesExpression struct {
	Span
	Expression Expression
	Type       Type
}

// A TypeAssertion is <T>x, or Flow's (x: T).
type TypeAssertion struct {
	Span
	Type       Type
	Expression Expression
}

// A NonNullExpression is x!.
type NonNullExpression struct {
	Span
	Expression Expression
}

// A BadExpression is where an expression was wanted and none was found.
type BadExpression struct{ Span }

func (*ThisExpression) expression()          {}
func (*SuperExpression) expression()         {}
func (*ImportKeyword) expression()           {}
func (*MetaProperty) expression()            {}
func (*ParenthesizedExpression) expression() {}
func (*SequenceExpression) expression()      {}
func (*UnaryExpression) expression()         {}
func (*UpdateExpression) expression()        {}
func (*BinaryExpression) expression()        {}
func (*AssignmentExpression) expression()    {}
func (*ConditionalExpression) expression()   {}
func (*MemberExpression) expression()        {}
func (*IndexExpression) expression()         {}
func (*CallExpression) expression()          {}
func (*NewExpression) expression()           {}
func (*InstantiationExpression) expression() {}
func (*TaggedTemplate) expression()          {}
func (*AwaitExpression) expression()         {}
func (*YieldExpression) expression()         {}
func (*AsExpression) expression()            {}
func (*SatisfiesExpression) expression()     {}
func (*TypeAssertion) expression()           {}
func (*NonNullExpression) expression()       {}
func (*BadExpression) expression()           {}
func (*BadExpression) pattern()              {}

// Unwrap takes off what does not change a value: parentheses, as, satisfies, <T>x,
// x! and type arguments.
func Unwrap(e Expression) Expression {
	for {
		switch x := e.(type) {
		case *ParenthesizedExpression:
			e = x.Expression
		case *AsExpression:
			e = x.Expression
		case *SatisfiesExpression:
			e = x.Expression
		case *TypeAssertion:
			e = x.Expression
		case *NonNullExpression:
			e = x.Expression
		case *InstantiationExpression:
			e = x.Expression
		default:
			return e
		}
	}
}
