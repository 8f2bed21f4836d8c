package syntax

import "github.com/seniorbackend/tools/scaffolder/internal/source/token"

// A KeywordType is any, unknown, never, void, undefined, null, string, number,
// boolean, bigint, symbol, object, intrinsic, or * of JSDoc and Flow.
type KeywordType struct {
	Span
	Keyword token.Kind
}

// A TypeReference is Name<Arguments>, where Name is *Identifier or *MemberExpression
// of identifiers.
type TypeReference struct {
	Span
	Name      Expression
	Arguments []Type
}

// A LiteralType is a string, number, bigint, boolean or template without
// substitutions as a type. Negative numbers are *UnaryExpressions.
type LiteralType struct {
	Span
	Literal Expression
}

// A TemplateType is `text${Type}text`. There is one part more than there are types.
type TemplateType struct {
	Span
	Parts []TemplatePart
	Types []Type
}

// A ThisType is this.
type ThisType struct{ Span }

// An ArrayType is Element[].
type ArrayType struct {
	Span
	Element Type
}

// A TupleType is [A, name?: B, ...C[]].
type TupleType struct {
	Span
	Elements []*TupleElement
}

// A TupleElement is one part of a TupleType.
type TupleElement struct {
	Span
	Rest     bool
	Optional bool
	Name     *Identifier // may be nil
	Type     Type
}

// A UnionType is A | B.
type UnionType struct {
	Span
	Types []Type
}

// An IntersectionType is A & B.
type IntersectionType struct {
	Span
	Types []Type
}

// A FunctionType is (parameters) => Result, or with Construct, new (parameters) =>
// Result.
type FunctionType struct {
	Span
	Abstract       bool
	Construct      bool
	TypeParameters []*TypeParameter
	Parameters     []*Parameter
	ReturnType     Type
}

// An ObjectType is { members }, or Flow's {| members |}.
type ObjectType struct {
	Span
	Members []Member
}

// A TypeSpread is Flow's ...T in an object type.
type TypeSpread struct {
	Span
	Type Type
}

// A MappedType is { readonly [Key in Constraint as Name]?: Type }.
type MappedType struct {
	Span
	Key        *Identifier
	Constraint Type
	Name       Type // may be nil
	Type       Type // may be nil
	Readonly   MappedChange
	Optional   MappedChange
}

// MappedChange says what a mapped type does to readonly or to ?.
type MappedChange uint8

// Nothing, adding (with or without the plus sign), taking away.
const (
	MappedKeep MappedChange = iota
	MappedAdd
	MappedRemove
)

// A ConditionalType is Check extends Extends ? Then : Else.
type ConditionalType struct {
	Span
	Check, Extends, Then, Else Type
}

// An InferType is infer Name extends Constraint.
type InferType struct {
	Span
	Name       *Identifier
	Constraint Type // may be nil
}

// An IndexedAccessType is Object[Index].
type IndexedAccessType struct {
	Span
	Object, Index Type
}

// A TypeOperator is keyof T, unique T or readonly T.
type TypeOperator struct {
	Span
	Operator token.Kind
	Operand  Type
}

// A TypeQuery is typeof a.b<Arguments>. Name is *Identifier, *ThisExpression or
// *MemberExpression of them; nil where Import is set.
type TypeQuery struct {
	Span
	Name      Expression
	Import    *ImportType // typeof import("source")
	Arguments []Type
}

// An ImportType is import("source").Qualifier<Arguments>.
type ImportType struct {
	Span
	Source     Type // *LiteralType where the file is right
	Attributes []*ImportAttribute
	Qualifier  Expression // *Identifier or *MemberExpression; may be nil
	Arguments  []Type
}

// A ParenthesizedType is (T).
type ParenthesizedType struct {
	Span
	Type Type
}

// A TypePredicate is x is T, asserts x, or asserts x is T.
type TypePredicate struct {
	Span
	Asserts bool
	Name    *Identifier // this is named this
	Type    Type        // may be nil with Asserts
}

// A NullableType is ?T or T? of JSDoc and Flow, or !T of JSDoc where Not is set.
type NullableType struct {
	Span
	Not  bool
	Type Type
}

// A BadType is where a type was wanted and none was found.
type BadType struct{ Span }

func (*KeywordType) typ()       {}
func (*TypeReference) typ()     {}
func (*LiteralType) typ()       {}
func (*TemplateType) typ()      {}
func (*ThisType) typ()          {}
func (*ArrayType) typ()         {}
func (*TupleType) typ()         {}
func (*UnionType) typ()         {}
func (*IntersectionType) typ()  {}
func (*FunctionType) typ()      {}
func (*ObjectType) typ()        {}
func (*TypeSpread) member()     {}
func (*MappedType) typ()        {}
func (*ConditionalType) typ()   {}
func (*InferType) typ()         {}
func (*IndexedAccessType) typ() {}
func (*TypeOperator) typ()      {}
func (*TypeQuery) typ()         {}
func (*ImportType) typ()        {}
func (*ParenthesizedType) typ() {}
func (*TypePredicate) typ()     {}
func (*NullableType) typ()      {}
func (*BadType) typ()           {}
