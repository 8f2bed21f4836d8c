package pgsql

import (
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Text is an expression as SQL, in the way PostgreSQL prints expressions of
// indexes, with columns named by their last name only: lower(email). ok is false
// for what has no place in an index (queries, aggregates, parameters) and for
// expressions of kinds that are not known here.
func Text(n Node) (sql string, ok bool) {
	r := renderer{ok: true}
	sql = r.text(n)
	return sql, r.ok
}

type renderer struct{ ok bool }

func (r *renderer) fail() string { r.ok = false; return "" }

func (r *renderer) text(n Node) string {
	switch x := n.(type) {
	case *ColumnRef:
		if name, star := x.Name(); !star {
			return catalog.Quote(name)
		}
	case *AConst:
		return r.constant(x)
	case *TypeCast:
		if t, ok := x.TypeName.text(); ok {
			return r.operand(x.Arg) + "::" + t
		}
	case *FuncCall:
		if x.Over == nil && x.AggFilter == nil && !x.AggStar && !x.AggDistinct && len(x.AggOrder) == 0 && !x.FuncVariadic {
			return qualified(x.Funcname) + "(" + r.list(x.Args) + ")"
		}
	case *CoalesceExpr:
		return "COALESCE(" + r.list(x.Args) + ")"
	case *AArrayExpr:
		return "ARRAY[" + r.list(x.Elements) + "]"
	case *CollateClause:
		return r.operand(x.Arg) + " COLLATE " + qualified(x.Collname)
	case *NullTest:
		if x.Nulltesttype == "IS_NULL" {
			return r.operand(x.Arg) + " IS NULL"
		}
		return r.operand(x.Arg) + " IS NOT NULL"
	case *BooleanTest:
		return r.operand(x.Arg) + " " + strings.ReplaceAll(x.Booltesttype, "_", " ")
	case *BoolExpr:
		return r.boolean(x)
	case *AExpr:
		return r.operator(x)
	}
	return r.fail()
}

func (r *renderer) list(args []Node) string {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = r.text(a)
	}
	return strings.Join(texts, ", ")
}

// operand is an expression inside of another, in parentheses where it has an
// operator of its own.
func (r *renderer) operand(n Node) string {
	text := r.text(n)
	switch n.(type) {
	case *AExpr, *BoolExpr, *NullTest, *BooleanTest, *CollateClause:
		return "(" + text + ")"
	}
	return text
}

func (r *renderer) boolean(x *BoolExpr) string {
	if x.Boolop == "NOT_EXPR" {
		return "NOT " + r.operand(x.Args[0])
	}
	texts := make([]string, len(x.Args))
	for i, a := range x.Args {
		texts[i] = r.operand(a)
	}
	return strings.Join(texts, " "+strings.TrimSuffix(x.Boolop, "_EXPR")+" ")
}

func (r *renderer) operator(x *AExpr) string {
	op := operatorName(x)
	switch x.Kind {
	case "AEXPR_OP", "AEXPR_LIKE", "AEXPR_ILIKE":
		if x.Lexpr == nil {
			return op + " " + r.operand(x.Rexpr)
		}
		return r.operand(x.Lexpr) + " " + op + " " + r.operand(x.Rexpr)
	case "AEXPR_IN":
		if list, ok := x.Rexpr.(*List); ok {
			word := " IN ("
			if op == "<>" {
				word = " NOT IN ("
			}
			return r.operand(x.Lexpr) + word + r.list(list.Items) + ")"
		}
	case "AEXPR_OP_ANY":
		return r.operand(x.Lexpr) + " " + op + " ANY (" + r.text(x.Rexpr) + ")"
	case "AEXPR_DISTINCT":
		return r.operand(x.Lexpr) + " IS DISTINCT FROM " + r.operand(x.Rexpr)
	case "AEXPR_NOT_DISTINCT":
		return r.operand(x.Lexpr) + " IS NOT DISTINCT FROM " + r.operand(x.Rexpr)
	case "AEXPR_BETWEEN":
		if list, ok := x.Rexpr.(*List); ok && len(list.Items) == 2 {
			left := r.operand(x.Lexpr)
			return left + " >= " + r.operand(list.Items[0]) + " AND " + left + " <= " + r.operand(list.Items[1])
		}
	}
	return r.fail()
}

func (r *renderer) constant(x *AConst) string {
	if text, ok := x.Text(); ok {
		if x.Sval != nil {
			return catalog.Literal(text)
		}
		return text
	}
	return r.fail()
}

// Text is the constant's value: digits, a text without quotes, true or false;
// ok is false for NULL and bit strings.
func (x *AConst) Text() (value string, ok bool) {
	switch {
	case x.Ival != nil:
		return fmt.Sprint(x.Ival.Ival), true
	case x.Fval != nil:
		return x.Fval.Fval, true
	case x.Boolval != nil:
		return fmt.Sprint(x.Boolval.Boolval), true
	case x.Sval != nil:
		return x.Sval.Sval, true
	}
	return "", false
}

// Name is the column's own name, the last of its parts.
func (c *ColumnRef) Name() (name string, star bool) {
	if len(c.Fields) == 0 {
		return "", false
	}
	if s, ok := c.Fields[len(c.Fields)-1].(*String); ok {
		return s.Sval, false
	}
	return "", true
}

// text is the type as it is written: varchar(20)[].
func (t *TypeName) text() (string, bool) {
	if t == nil || t.Setof || t.PctType || len(t.Names) == 0 {
		return "", false
	}
	names := t.Names
	if first, ok := names[0].(*String); ok && len(names) == 2 && first.Sval == "pg_catalog" {
		names = names[1:]
	}
	text := qualified(names)
	if len(t.Typmods) > 0 {
		var r renderer
		if r.ok = true; text == "interval" {
			return "", false // its modifiers are bits, not what was written
		}
		text += "(" + r.list(t.Typmods) + ")"
		if !r.ok {
			return "", false
		}
	}
	return text + strings.Repeat("[]", len(t.ArrayBounds)), true
}

// operatorName is the operator's sign; LIKE and ILIKE by their words.
func operatorName(x *AExpr) string {
	sign := ""
	if len(x.Name) > 0 {
		if s, ok := x.Name[len(x.Name)-1].(*String); ok {
			sign = s.Sval
		}
	}
	switch sign {
	case "~~":
		return "LIKE"
	case "!~~":
		return "NOT LIKE"
	case "~~*":
		return "ILIKE"
	case "!~~*":
		return "NOT ILIKE"
	}
	return sign
}

// qualified joins the parts of a name, each quoted where it must be.
func qualified(parts []Node) string {
	texts := make([]string, 0, len(parts))
	for _, p := range parts {
		if s, ok := p.(*String); ok {
			texts = append(texts, catalog.Quote(s.Sval))
		}
	}
	return strings.Join(texts, ".")
}

// Quote is a name as SQL.
func Quote(name string) string { return catalog.Quote(name) }
