package syntax

// A JSXElement is <Tag attributes>children</Tag>, or <Tag /> without children.
type JSXElement struct {
	Span
	Tag           Expression // *Identifier, *ThisExpression, *MemberExpression, or *JSXNamespacedName
	TypeArguments []Type
	Attributes    []Node // *JSXAttribute and *JSXSpread
	Children      []Expression
}

// A JSXFragment is <>children</>.
type JSXFragment struct {
	Span
	Children []Expression
}

// A JSXNamespacedName is a:b.
type JSXNamespacedName struct {
	Span
	Namespace, Name *Identifier
}

// A JSXAttribute is name, name="text", name={expression} or name=<element/>.
type JSXAttribute struct {
	Span
	Name  Expression // *Identifier, with hyphens, or *JSXNamespacedName
	Value Expression // may be nil; *StringLiteral with the text as it stands
}

// A JSXSpread is {...x} among attributes.
type JSXSpread struct {
	Span
	Expression Expression
}

// JSXText is text between tags, as it stands.
type JSXText struct {
	Span
	Value string
}

// A JSXExpression is {expression} as a child or a value; Expression is nil where
// there is only a comment.
type JSXExpression struct {
	Span
	Spread     bool
	Expression Expression // may be nil
}

func (*JSXElement) expression()        {}
func (*JSXFragment) expression()       {}
func (*JSXNamespacedName) expression() {}
func (*JSXText) expression()           {}
func (*JSXExpression) expression()     {}
