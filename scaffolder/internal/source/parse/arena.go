package parse

import "github.com/seniorbackend/tools/scaffolder/internal/source/syntax"

// A slab hands out values of one type from blocks, so that a tree of many small nodes
// costs few allocations. Blocks grow with use.
type slab[T any] struct {
	free []T
	size int
}

func (s *slab[T]) new() *T {
	if len(s.free) == 0 {
		s.size = min(max(8, 2*s.size), 256)
		s.free = make([]T, s.size)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	return p
}

// A stack gathers the elements of lists that stand in each other, and cuts each list
// off when it is complete. Lists share blocks of memory.
type stack[T any] struct {
	items []T
	block []T
	size  int
}

func (s *stack[T]) mark() int   { return len(s.items) }
func (s *stack[T]) push(item T) { s.items = append(s.items, item) }

// cut takes the items above mark off as a list of their own, nil where there are none.
func (s *stack[T]) cut(mark int) []T {
	n := len(s.items) - mark
	if n == 0 {
		return nil
	}
	if len(s.block) < n {
		s.size = min(max(8, 2*s.size), 256)
		s.block = make([]T, max(n, s.size))
	}
	list := s.block[:n:n]
	s.block = s.block[n:]
	copy(list, s.items[mark:])
	clear(s.items[mark:])
	s.items = s.items[:mark]
	return list
}

// arena has the slabs of the nodes that files are full of, and the stacks of lists.
type arena struct {
	identifiers slab[syntax.Identifier]
	strings     slab[syntax.StringLiteral]
	numbers     slab[syntax.NumberLiteral]
	members     slab[syntax.MemberExpression]
	indexes     slab[syntax.IndexExpression]
	calls       slab[syntax.CallExpression]
	binaries    slab[syntax.BinaryExpression]
	unaries     slab[syntax.UnaryExpression]
	assignments slab[syntax.AssignmentExpression]
	conditions  slab[syntax.ConditionalExpression]
	parens      slab[syntax.ParenthesizedExpression]
	objects     slab[syntax.ObjectLiteral]
	properties  slab[syntax.Property]
	functions   slab[syntax.Function]
	arrows      slab[syntax.ArrowFunction]
	parameters  slab[syntax.Parameter]
	blocks      slab[syntax.Block]
	expressions slab[syntax.ExpressionStatement]
	variables   slab[syntax.VariableStatement]
	variable    slab[syntax.VariableDeclaration]
	ifs         slab[syntax.IfStatement]
	returns     slab[syntax.ReturnStatement]
	references  slab[syntax.TypeReference]
	keywords    slab[syntax.KeywordType]
	literals    slab[syntax.LiteralType]
	fields      slab[syntax.Field]
	methods     slab[syntax.Method]

	exprs      stack[syntax.Expression]
	statements stack[syntax.Statement]
	types      stack[syntax.Type]
	typeParams stack[*syntax.TypeParameter]
	params     stack[*syntax.Parameter]
	classBody  stack[syntax.Member]
	variableOf stack[*syntax.VariableDeclaration]
	cases      stack[*syntax.SwitchCase]
	parts      stack[syntax.TemplatePart]
	decorators stack[*syntax.Decorator]
	covers     []cover
}
