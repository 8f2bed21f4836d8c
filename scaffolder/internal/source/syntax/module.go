package syntax

// An ImportDeclaration is import default, * as namespace, {names} from "source", or
// import "source".
type ImportDeclaration struct {
	Span
	TypeOnly   bool
	Phase      string             // "", "defer" or "source"
	Default    *Identifier        // may be nil
	Namespace  *Identifier        // may be nil
	Named      []*ImportSpecifier // {a, b as c}
	Braces     bool               // there are braces, also where Named is empty
	Source     *StringLiteral     // nil where the file is broken
	Attributes []*ImportAttribute
}

// An ImportSpecifier is imported as local, in braces.
type ImportSpecifier struct {
	Span
	TypeOnly bool
	Imported Expression // *Identifier or *StringLiteral; see KeyName
	Local    *Identifier
}

// An ImportAttribute is type: "json" after with or assert.
type ImportAttribute struct {
	Span
	Key   Expression // *Identifier or *StringLiteral
	Value Expression // *StringLiteral where the file is right
}

// An ImportEquals is import name = require("source"), or import name = A.B.
type ImportEquals struct {
	Span
	Modifiers Modifiers // export, declare
	TypeOnly  bool
	Name      *Identifier
	Source    *StringLiteral // of require; nil where Entity is set
	Entity    Expression     // *Identifier or *MemberExpression; nil where Source is set
}

// An ExportNamed is export {a, b as c}, or export {a} from "source".
type ExportNamed struct {
	Span
	TypeOnly   bool
	Specifiers []*ExportSpecifier
	Source     *StringLiteral // may be nil
	Attributes []*ImportAttribute
}

// An ExportSpecifier is local as exported, in braces.
type ExportSpecifier struct {
	Span
	TypeOnly bool
	Local    Expression // *Identifier or *StringLiteral; see KeyName
	Exported Expression // the same node as Local where there is no as
}

// An ExportAll is export * from "source", or export * as name from "source".
type ExportAll struct {
	Span
	TypeOnly   bool
	Exported   Expression // *Identifier or *StringLiteral; may be nil
	Source     *StringLiteral
	Attributes []*ImportAttribute
}

// An ExportDefault is export default expression. Functions, classes and interfaces
// that are exported by default are declarations with ModExport and ModDefault.
type ExportDefault struct {
	Span
	Expression Expression
}

// An ExportAssignment is export = expression.
type ExportAssignment struct {
	Span
	Expression Expression
}

// An ExportAsNamespace is export as namespace Name.
type ExportAsNamespace struct {
	Span
	Name *Identifier
}

func (*ImportDeclaration) statement() {}
func (*ImportEquals) statement()      {}
func (*ExportNamed) statement()       {}
func (*ExportAll) statement()         {}
func (*ExportDefault) statement()     {}
func (*ExportAssignment) statement()  {}
func (*ExportAsNamespace) statement() {}
