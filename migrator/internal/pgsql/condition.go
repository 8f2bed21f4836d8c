package pgsql

// place is where a condition stands.
type place struct {
	or, branch int
	outer      bool
}

// operand is one side of a comparison.
type operand struct {
	node     Node
	column   *Column // it is a column, perhaps in parentheses of a cast that was not written
	use      *Use    // the only table that its columns are of; nil: none, or several
	expr     Node    // it, when it has columns of one table only
	constant bool    // it has no columns
}

// condition takes a boolean expression apart.
func (s *scope) condition(n Node, at place) {
	switch x := n.(type) {
	case nil:
	case *BoolExpr:
		s.logic(x, at)
	case *AExpr:
		s.comparison(x, at)
	case *NullTest:
		class := IsNull
		if x.Nulltesttype == "IS_NOT_NULL" {
			class = NotNull
		}
		s.read(x.Arg)
		s.single(class, "", x.Arg, at)
	case *BooleanTest:
		s.read(x.Arg)
		if x.Booltesttype == "IS_TRUE" || x.Booltesttype == "IS_FALSE" {
			s.truth(x.Arg, x.Booltesttype == "IS_TRUE", at)
		}
	case *ColumnRef:
		s.read(x)
		s.truth(x, true, at)
	case *SubLink:
		s.subquery(x, at)
	default:
		s.read(n)
	}
}

func (s *scope) logic(x *BoolExpr, at place) {
	switch x.Boolop {
	case "AND_EXPR":
		for _, a := range x.Args {
			s.condition(a, at)
		}
	case "OR_EXPR":
		if at.or > 0 {
			at.outer = true // a disjunction within one is not followed
		} else {
			s.r.ors++
			at.or = s.r.ors
		}
		for i, a := range x.Args {
			inner := at
			inner.branch = i
			s.condition(a, inner)
		}
	default:
		if ref, ok := x.Args[0].(*ColumnRef); ok {
			s.read(ref)
			s.truth(ref, false, at)
			return
		}
		at.outer = true
		s.condition(x.Args[0], at)
	}
}

// truth is a boolean column as a condition.
func (s *scope) truth(n Node, value bool, at place) {
	if o := s.operand(n); o.use != nil {
		s.add(o, Predicate{Class: Equal, Op: "=", Value: &AConst{Boolval: &Boolean{Boolval: value}}, Constant: true}, at)
	}
}

// single is a condition of one side.
func (s *scope) single(class Class, op string, n Node, at place) {
	if o := s.operand(n); o.use != nil {
		s.add(o, Predicate{Class: class, Op: op, Constant: true}, at)
	}
}

// turned are the comparisons seen from their other side.
var turned = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<=", "@>": "<@", "<@": "@>"}

func (s *scope) comparison(x *AExpr, at place) {
	s.read(x.Lexpr)
	s.read(x.Rexpr)
	op := operatorName(x)
	left, leftRow := x.Lexpr.(*RowExpr)
	right, rightRow := x.Rexpr.(*RowExpr)
	if leftRow && rightRow && x.Kind == "AEXPR_OP" {
		s.rows(op, left, right, at)
		return
	}
	class := classOf(x, op)
	s.compare(class, op, s.operand(x.Lexpr), s.operand(x.Rexpr), at)
}

// rows compares (a, b) with (c, d): equality column by column; of an order the
// first columns decide, and the others only where those are equal.
func (s *scope) rows(op string, left, right *RowExpr, at place) {
	class, ok := signs[op]
	if !ok {
		return
	}
	for i := range min(len(left.Args), len(right.Args)) {
		s.compare(class, op, s.operand(left.Args[i]), s.operand(right.Args[i]), at)
		if class != Equal {
			return
		}
	}
}

var signs = map[string]Class{"=": Equal, "<": Range, ">": Range, "<=": Range, ">=": Range, "<>": Unequal, "!=": Unequal, "~": Match, "~*": Match, "!~": Match, "!~*": Match}

func classOf(x *AExpr, op string) Class {
	switch x.Kind {
	case "AEXPR_IN":
		if op == "=" {
			return In
		}
		return Unequal
	case "AEXPR_OP_ANY":
		if op == "=" {
			return In
		}
	case "AEXPR_LIKE", "AEXPR_ILIKE", "AEXPR_SIMILAR":
		return Match
	case "AEXPR_BETWEEN", "AEXPR_BETWEEN_SYM":
		return Range
	case "AEXPR_NOT_DISTINCT":
		return Sign
	case "AEXPR_OP":
		if c, ok := signs[op]; ok {
			return c
		}
		if op == "LIKE" || op == "ILIKE" || op == "NOT LIKE" || op == "NOT ILIKE" {
			return Match
		}
		return Sign
	}
	return Unequal // NOT BETWEEN, IS DISTINCT FROM, op ALL, NULLIF
}

// compare adds what a comparison says of the tables on its two sides.
func (s *scope) compare(class Class, op string, left, right operand, at place) {
	add := func(a, b operand, op string) {
		if a.use == nil && a.column == nil {
			return
		}
		p := Predicate{Class: class, Op: op, Value: b.node, Constant: b.constant}
		if b.column != nil && (a.column == nil || a.column.Use != b.column.Use) {
			p.Join = b.column
		}
		if !p.Constant && p.Join == nil && b.use == a.use && b.use != nil {
			return // two columns of one row
		}
		s.add(a, p, at)
	}
	add(left, right, op)
	if class == In && right.column != nil {
		class = Sign // $1 = ANY (tags): the array's side wants another kind of index
	}
	if other, ok := turned[op]; ok {
		op = other
	}
	if class != Match {
		add(right, left, op)
	}
}

func (s *scope) add(o operand, p Predicate, at place) {
	p.Or, p.Branch, p.Outer, p.Expr = at.or, at.branch, at.outer, o.expr
	use := o.use
	if o.column != nil {
		use, p.Column = o.column.Use, o.column.Name
		use.reads(p.Column)
	}
	use.Predicates = append(use.Predicates, p)
}

// operand looks at one side of a comparison.
func (s *scope) operand(n Node) operand {
	o := operand{node: n, constant: true}
	if n == nil {
		return o
	}
	if ref, ok := n.(*ColumnRef); ok {
		if c := s.lookUp(ref); c != nil {
			o.column, o.use, o.expr, o.constant = c, c.Use, plain(c.Name), false
			return o
		}
	}
	single, several := (*Use)(nil), false
	Walk(n, func(n Node) bool {
		switch x := n.(type) {
		case *ColumnRef:
			o.constant = false
			c := s.lookUp(x)
			if c == nil || single != nil && single != c.Use {
				several = true
				return true
			}
			single = c.Use
		case *SubLink, *SelectStmt:
			o.constant, several = false, true
			return false
		}
		return true
	})
	if single != nil && !several {
		o.use, o.expr = single, n
	}
	return o
}

// subquery is EXISTS, IN (SELECT …), or a query as a value.
func (s *scope) subquery(x *SubLink, at place) {
	s.read(x.Testexpr)
	inner := s.r.statement(x.Subselect, s)
	if x.SubLinkType != "ANY_SUBLINK" || inner == nil || len(inner.outputs) == 0 || inner.outputs[0].from == nil {
		return
	}
	left := s.operand(x.Testexpr)
	c := inner.outputs[0].from
	op := "="
	if len(x.OperName) > 0 {
		if name, ok := x.OperName[0].(*String); ok {
			op = name.Sval
		}
	}
	if class, ok := signs[op]; ok {
		s.compare(class, op, left, operand{node: plain(c.Name), column: c, use: c.Use, expr: plain(c.Name)}, at)
	}
}
