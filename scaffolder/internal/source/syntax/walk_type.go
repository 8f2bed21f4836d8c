package syntax

func (w walker) typ(t Type) {
	switch x := t.(type) {
	case *TypeReference:
		w.node(x.Name)
		each(w, x.Arguments)
	case *LiteralType:
		w.node(x.Literal)
	case *TemplateType:
		each(w, x.Types)
	case *ArrayType:
		w.node(x.Element)
	case *TupleType:
		each(w, x.Elements)
	case *UnionType:
		each(w, x.Types)
	case *IntersectionType:
		each(w, x.Types)
	case *FunctionType:
		each(w, x.TypeParameters)
		each(w, x.Parameters)
		w.node(x.ReturnType)
	case *ObjectType:
		each(w, x.Members)
	case *MappedType:
		one(w, x.Key)
		w.node(x.Constraint)
		w.node(x.Name)
		w.node(x.Type)
	case *ConditionalType:
		w.node(x.Check)
		w.node(x.Extends)
		w.node(x.Then)
		w.node(x.Else)
	case *InferType:
		one(w, x.Name)
		w.node(x.Constraint)
	case *IndexedAccessType:
		w.node(x.Object)
		w.node(x.Index)
	case *TypeOperator:
		w.node(x.Operand)
	case *TypeQuery:
		w.node(x.Name)
		one(w, x.Import)
		each(w, x.Arguments)
	case *ImportType:
		w.node(x.Source)
		each(w, x.Attributes)
		w.node(x.Qualifier)
		each(w, x.Arguments)
	case *ParenthesizedType:
		w.node(x.Type)
	case *TypePredicate:
		one(w, x.Name)
		w.node(x.Type)
	case *NullableType:
		w.node(x.Type)
	}
}
