package syntax

func (w walker) statement(s Statement) {
	switch x := s.(type) {
	case *Block:
		each(w, x.Statements)
	case *ExpressionStatement:
		w.node(x.Expression)
	case *VariableStatement:
		each(w, x.Declarations)
	case *IfStatement:
		w.node(x.Test)
		w.node(x.Then)
		w.node(x.Else)
	case *ForStatement:
		w.node(x.Init)
		w.node(x.Test)
		w.node(x.Update)
		w.node(x.Body)
	case *ForInStatement:
		w.node(x.Left)
		w.node(x.Right)
		w.node(x.Body)
	case *ForOfStatement:
		w.node(x.Left)
		w.node(x.Right)
		w.node(x.Body)
	case *WhileStatement:
		w.node(x.Test)
		w.node(x.Body)
	case *DoStatement:
		w.node(x.Body)
		w.node(x.Test)
	case *ReturnStatement:
		w.node(x.Value)
	case *ThrowStatement:
		w.node(x.Value)
	case *BreakStatement:
		one(w, x.Label)
	case *ContinueStatement:
		one(w, x.Label)
	case *LabeledStatement:
		one(w, x.Label)
		w.node(x.Body)
	case *SwitchStatement:
		w.node(x.Value)
		each(w, x.Cases)
	case *TryStatement:
		one(w, x.Block)
		w.node(x.Parameter)
		w.node(x.ParameterType)
		one(w, x.Handler)
		one(w, x.Finalizer)
	case *WithStatement:
		w.node(x.Object)
		w.node(x.Body)
	default:
		w.declaration(x)
	}
}

// declaration is for the statements of modules and types.
func (w walker) declaration(s Statement) {
	switch x := s.(type) {
	case *ImportDeclaration:
		one(w, x.Default)
		one(w, x.Namespace)
		each(w, x.Named)
		one(w, x.Source)
		each(w, x.Attributes)
	case *ImportEquals:
		one(w, x.Name)
		one(w, x.Source)
		w.node(x.Entity)
	case *ExportNamed:
		each(w, x.Specifiers)
		one(w, x.Source)
		each(w, x.Attributes)
	case *ExportAll:
		w.node(x.Exported)
		one(w, x.Source)
		each(w, x.Attributes)
	case *ExportDefault:
		w.node(x.Expression)
	case *ExportAssignment:
		w.node(x.Expression)
	case *ExportAsNamespace:
		one(w, x.Name)
	case *InterfaceDeclaration:
		one(w, x.Name)
		each(w, x.TypeParameters)
		each(w, x.Extends)
		each(w, x.Members)
	case *TypeAlias:
		one(w, x.Name)
		each(w, x.TypeParameters)
		w.node(x.Type)
	case *EnumDeclaration:
		one(w, x.Name)
		each(w, x.Members)
	case *ModuleDeclaration:
		each(w, x.Path)
		one(w, x.Source)
		one(w, x.Body)
	}
}
