package syntax

// Walk calls visit for n and, where visit says true, for what stands in n, in the
// order of the source. Walking a *File begins with its statements. A nil n is nothing.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	w := walker(visit)
	switch x := n.(type) {
	case *File:
		each(w, x.Statements)
	case Expression:
		w.expression(x)
	case Statement:
		w.statement(x)
	case Type:
		w.typ(x)
	case Member:
		w.member(x)
	case Pattern:
		w.pattern(x)
	default:
		w.part(x)
	}
}

// walker goes through the children of nodes. Its methods take the node whose
// children are wanted; functions and classes are done as expressions.
type walker func(Node) bool

// each walks the nodes of a list; holes are passed over.
func each[N Node](w walker, list []N) {
	for _, n := range list {
		w.node(n)
	}
}

// node walks an interface that may be nil.
func (w walker) node(n Node) {
	if n != nil {
		Walk(n, w)
	}
}

// one walks a pointer that may be nil.
func one[T any, N interface {
	*T
	Node
}](w walker, n N) {
	if n != nil {
		Walk(n, w)
	}
}

// sparse walks a list of pointers with holes.
func sparse[T any, N interface {
	*T
	Node
}](w walker, list []N) {
	for _, n := range list {
		one(w, n)
	}
}

func (w walker) expression(e Expression) {
	switch x := e.(type) {
	case *ComputedKey:
		w.node(x.Expression)
	case *TemplateLiteral:
		each(w, x.Expressions)
	case *ArrayLiteral:
		each(w, x.Elements)
	case *SpreadElement:
		w.node(x.Expression)
	case *ObjectLiteral:
		each(w, x.Properties)
	case *Property:
		w.node(x.Key)
		if x.Kind != PropertyShorthand {
			w.node(x.Value)
		}
		w.node(x.Default)
	case *MetaProperty:
		one(w, x.Property)
	case *ParenthesizedExpression:
		w.node(x.Expression)
	case *SequenceExpression:
		each(w, x.Expressions)
	case *UnaryExpression:
		w.node(x.Operand)
	case *UpdateExpression:
		w.node(x.Operand)
	case *BinaryExpression:
		w.node(x.Left)
		w.node(x.Right)
	case *AssignmentExpression:
		w.node(x.Target)
		w.node(x.Value)
	case *ConditionalExpression:
		w.node(x.Test)
		w.node(x.Then)
		w.node(x.Else)
	case *MemberExpression:
		w.node(x.Object)
		w.node(x.Property)
	case *IndexExpression:
		w.node(x.Object)
		w.node(x.Index)
	case *CallExpression:
		w.node(x.Callee)
		each(w, x.TypeArguments)
		each(w, x.Arguments)
	case *NewExpression:
		w.node(x.Callee)
		each(w, x.TypeArguments)
		each(w, x.Arguments)
	case *InstantiationExpression:
		w.node(x.Expression)
		each(w, x.TypeArguments)
	case *TaggedTemplate:
		w.node(x.Tag)
		each(w, x.TypeArguments)
		one(w, x.Template)
	case *AwaitExpression:
		w.node(x.Operand)
	case *YieldExpression:
		w.node(x.Operand)
	case *AsExpression:
		w.node(x.Expression)
		w.node(x.Type)
	case *SatisfiesExpression:
		w.node(x.Expression)
		w.node(x.Type)
	case *TypeAssertion:
		w.node(x.Type)
		w.node(x.Expression)
	case *NonNullExpression:
		w.node(x.Expression)
	case *Function, *ArrowFunction, *Class:
		w.closure(x)
	default:
		w.jsx(x)
	}
}

// closure is for what has a scope of its own.
func (w walker) closure(n Node) {
	switch x := n.(type) {
	case *Function:
		one(w, x.Name)
		each(w, x.TypeParameters)
		each(w, x.Parameters)
		w.node(x.ReturnType)
		one(w, x.Body)
	case *ArrowFunction:
		each(w, x.TypeParameters)
		each(w, x.Parameters)
		w.node(x.ReturnType)
		one(w, x.Body)
		w.node(x.Result)
	case *Class:
		each(w, x.Decorators)
		one(w, x.Name)
		each(w, x.TypeParameters)
		w.node(x.Extends)
		each(w, x.ExtendsTypes)
		each(w, x.Implements)
		each(w, x.Members)
	}
}

func (w walker) jsx(n Node) {
	switch x := n.(type) {
	case *JSXElement:
		w.node(x.Tag)
		each(w, x.TypeArguments)
		each(w, x.Attributes)
		each(w, x.Children)
	case *JSXFragment:
		each(w, x.Children)
	case *JSXNamespacedName:
		one(w, x.Namespace)
		one(w, x.Name)
	case *JSXExpression:
		w.node(x.Expression)
	}
}

func (w walker) pattern(p Pattern) {
	switch x := p.(type) {
	case *ObjectPattern:
		each(w, x.Properties)
	case *ArrayPattern:
		sparse(w, x.Elements)
	}
}

func (w walker) member(m Member) {
	switch x := m.(type) {
	case *Method:
		each(w, x.Decorators)
		w.node(x.Key)
		one(w, x.Function)
	case *Field:
		each(w, x.Decorators)
		w.node(x.Key)
		w.node(x.Type)
		w.node(x.Value)
	case *StaticBlock:
		one(w, x.Body)
	case *IndexSignature:
		one(w, x.Parameter)
		w.node(x.Type)
	case *CallSignature:
		each(w, x.TypeParameters)
		each(w, x.Parameters)
		w.node(x.ReturnType)
	case *TypeSpread:
		w.node(x.Type)
	}
}

// part is for what belongs to none of the families.
func (w walker) part(n Node) {
	switch x := n.(type) {
	case *Decorator:
		w.node(x.Expression)
	case *Parameter:
		each(w, x.Decorators)
		w.node(x.Target)
		w.node(x.Type)
		w.node(x.Default)
	case *PatternProperty:
		if x.Key != Expression(nil) && x.Key.Range() != x.Target.Range() {
			w.node(x.Key)
		}
		w.node(x.Target)
		w.node(x.Default)
	case *PatternElement:
		w.node(x.Target)
		w.node(x.Default)
	case *TypeParameter:
		one(w, x.Name)
		w.node(x.Constraint)
		w.node(x.Default)
	case *VariableDeclaration:
		w.node(x.Target)
		w.node(x.Type)
		w.node(x.Value)
	case *SwitchCase:
		w.node(x.Test)
		each(w, x.Statements)
	case *EnumMember:
		w.node(x.Key)
		w.node(x.Value)
	case *ImportSpecifier:
		w.node(x.Imported)
		if x.Imported != Expression(x.Local) {
			one(w, x.Local)
		}
	case *ExportSpecifier:
		w.node(x.Local)
		if x.Exported != x.Local {
			w.node(x.Exported)
		}
	case *ImportAttribute:
		w.node(x.Key)
		w.node(x.Value)
	case *TupleElement:
		one(w, x.Name)
		w.node(x.Type)
	case *JSXAttribute:
		w.node(x.Name)
		w.node(x.Value)
	case *JSXSpread:
		w.node(x.Expression)
	}
}
