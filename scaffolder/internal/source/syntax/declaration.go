package syntax

// An InterfaceDeclaration is interface Name extends A, B { members }.
type InterfaceDeclaration struct {
	Span
	Modifiers      Modifiers // export, default, declare
	Name           *Identifier
	TypeParameters []*TypeParameter
	Extends        []Type
	Members        []Member
}

// A TypeAlias is type Name<T> = Type.
type TypeAlias struct {
	Span
	Modifiers      Modifiers // export, declare
	Name           *Identifier
	TypeParameters []*TypeParameter
	Type           Type
}

// An EnumDeclaration is enum Name { members }.
type EnumDeclaration struct {
	Span
	Modifiers Modifiers // export, declare, const
	Name      *Identifier
	Members   []*EnumMember
}

// An EnumMember is name = value.
type EnumMember struct {
	Span
	Key   Expression // as in Property; see KeyName
	Value Expression // may be nil
}

// A ModuleDeclaration is namespace A.B { … }, declare module "name" { … } or
// declare global { … }.
type ModuleDeclaration struct {
	Span
	Modifiers Modifiers      // export, declare
	Global    bool           // declare global
	Path      []*Identifier  // A.B
	Source    *StringLiteral // of declare module "name"; nil where Path is set
	Body      *Block         // nil for declare module "name";
}

// A TypeParameter is T extends Constraint = Default.
type TypeParameter struct {
	Span
	Modifiers  Modifiers // const, in, out
	Name       *Identifier
	Constraint Type // may be nil
	Default    Type // may be nil
}

func (*InterfaceDeclaration) statement() {}
func (*TypeAlias) statement()            {}
func (*EnumDeclaration) statement()      {}
func (*ModuleDeclaration) statement()    {}
