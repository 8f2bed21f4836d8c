package syntax

// A Block is { statements }.
type Block struct {
	Span
	Statements []Statement
}

// An EmptyStatement is a semicolon alone.
type EmptyStatement struct{ Span }

// An ExpressionStatement is an expression as a statement. Directives such as
// "use strict" are *StringLiterals at the beginning of a body.
type ExpressionStatement struct {
	Span
	Expression Expression
}

// VariableKind is the word that a VariableStatement begins with.
type VariableKind uint8

// The five words.
const (
	VariableVar VariableKind = iota
	VariableLet
	VariableConst
	VariableUsing
	VariableAwaitUsing
)

// A VariableStatement is const a = 1, b = 2. It also stands in the head of for.
type VariableStatement struct {
	Span
	Modifiers    Modifiers // export, declare
	Kind         VariableKind
	Declarations []*VariableDeclaration
}

// A VariableDeclaration is one name, or pattern, of a VariableStatement.
type VariableDeclaration struct {
	Span
	Target   Pattern
	Definite bool       // name!: T
	Type     Type       // may be nil
	Value    Expression // may be nil
}

// An IfStatement is if (test) then else else.
type IfStatement struct {
	Span
	Test Expression
	Then Statement
	Else Statement // may be nil
}

// A ForStatement is for (init; test; update) body.
type ForStatement struct {
	Span
	Init   Node       // *VariableStatement or Expression; may be nil
	Test   Expression // may be nil
	Update Expression // may be nil
	Body   Statement
}

// A ForInStatement is for (left in right) body.
type ForInStatement struct {
	Span
	Left  Node // *VariableStatement or Expression
	Right Expression
	Body  Statement
}

// A ForOfStatement is for (left of right) body, or for await.
type ForOfStatement struct {
	Span
	Await bool
	Left  Node // *VariableStatement or Expression
	Right Expression
	Body  Statement
}

// A WhileStatement is while (test) body.
type WhileStatement struct {
	Span
	Test Expression
	Body Statement
}

// A DoStatement is do body while (test).
type DoStatement struct {
	Span
	Body Statement
	Test Expression
}

// A ReturnStatement is return value.
type ReturnStatement struct {
	Span
	Value Expression // may be nil
}

// A ThrowStatement is throw value.
type ThrowStatement struct {
	Span
	Value Expression
}

// A BreakStatement is break label.
type BreakStatement struct {
	Span
	Label *Identifier // may be nil
}

// A ContinueStatement is continue label.
type ContinueStatement struct {
	Span
	Label *Identifier // may be nil
}

// A LabeledStatement is label: body.
type LabeledStatement struct {
	Span
	Label *Identifier
	Body  Statement
}

// A SwitchStatement is switch (value) { cases }.
type SwitchStatement struct {
	Span
	Value Expression
	Cases []*SwitchCase
}

// A SwitchCase is case test: or default: with the statements under it.
type SwitchCase struct {
	Span
	Test       Expression // nil for default
	Statements []Statement
}

// A TryStatement is try block catch (parameter) handler finally finalizer.
type TryStatement struct {
	Span
	Block         *Block
	Parameter     Pattern // may be nil, also where there is a Handler
	ParameterType Type    // may be nil
	Handler       *Block  // may be nil
	Finalizer     *Block  // may be nil
}

// A WithStatement is with (object) body.
type WithStatement struct {
	Span
	Object Expression
	Body   Statement
}

// A DebuggerStatement is debugger.
type DebuggerStatement struct{ Span }

// A BadStatement is source that no statement could be made of.
type BadStatement struct{ Span }

func (*Block) statement()               {}
func (*EmptyStatement) statement()      {}
func (*ExpressionStatement) statement() {}
func (*VariableStatement) statement()   {}
func (*IfStatement) statement()         {}
func (*ForStatement) statement()        {}
func (*ForInStatement) statement()      {}
func (*ForOfStatement) statement()      {}
func (*WhileStatement) statement()      {}
func (*DoStatement) statement()         {}
func (*ReturnStatement) statement()     {}
func (*ThrowStatement) statement()      {}
func (*BreakStatement) statement()      {}
func (*ContinueStatement) statement()   {}
func (*LabeledStatement) statement()    {}
func (*SwitchStatement) statement()     {}
func (*TryStatement) statement()        {}
func (*WithStatement) statement()       {}
func (*DebuggerStatement) statement()   {}
func (*BadStatement) statement()        {}
