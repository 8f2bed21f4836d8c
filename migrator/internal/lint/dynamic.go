package lint

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/pgsql"
)

// unknown stands in a text for what is known at run time only. It is a name to
// PostgreSQL's grammar.
const unknown = "…"

// variables are the texts that variables of a body hold, as far as they can be told.
type variables map[string]*variable

type variable struct {
	text string
	used bool // by an EXECUTE, since it was set
	many bool // it may hold another text: that depends on the way that the body takes
}

// set notes an assignment.
func (v variables) set(name, sql string) {
	node, err := pgsql.ParseOne(sql)
	if err != nil {
		delete(v, name)
		return
	}
	now := &variable{text: v.value(target(node))}
	if was := v[name]; was != nil && !was.used && !mentions(node, name) {
		now.many = true
	}
	v[name] = now
}

func mentions(n pgsql.Node, name string) bool {
	found := false
	pgsql.Walk(n, func(n pgsql.Node) bool {
		if c, ok := n.(*pgsql.ColumnRef); ok {
			column, _ := c.Name()
			found = found || column == name
		}
		return true
	})
	return found
}

// target is the expression of SELECT expression.
func target(n pgsql.Node) pgsql.Node {
	if s, ok := n.(*pgsql.SelectStmt); ok && len(s.TargetList) == 1 {
		if t, ok := s.TargetList[0].(*pgsql.ResTarget); ok {
			return t.Val
		}
	}
	return nil
}

// text is what EXECUTE executes.
func (v variables) text(n pgsql.Node) string {
	text := v.value(target(n))
	return partNumber.ReplaceAllString(text, "$1 1")
}

// partNumber is where the grammar wants a number, not a name.
var partNumber = regexp.MustCompile(`(?i)\b(modulus|remainder|limit)\s+` + unknown)

// value is the text that an expression makes, with unknown in it.
func (v variables) value(n pgsql.Node) string {
	switch x := n.(type) {
	case *pgsql.AConst:
		if x.Sval != nil {
			return x.Sval.Sval
		}
	case *pgsql.ColumnRef:
		name, star := x.Name()
		if known := v[name]; !star && len(x.Fields) == 1 && known != nil && !known.many {
			known.used = true
			return known.text
		}
	case *pgsql.TypeCast:
		return v.value(x.Arg)
	case *pgsql.AExpr:
		if last(x.Name) == "||" {
			return v.value(x.Lexpr) + v.value(x.Rexpr)
		}
	case *pgsql.FuncCall:
		return v.made(x)
	}
	return unknown
}

func (v variables) made(x *pgsql.FuncCall) string {
	switch last(x.Funcname) {
	case "quote_literal", "quote_nullable":
		return "'" + unknown + "'"
	case "concat":
		text := ""
		for _, a := range x.Args {
			text += v.value(a)
		}
		return text
	case "format":
		if len(x.Args) > 0 {
			return v.formatted(v.value(x.Args[0]), x.Args[1:])
		}
	}
	return unknown
}

// formatted is format(): constants go in, and unknown stands for the rest.
func (v variables) formatted(form string, args []pgsql.Node) string {
	var b strings.Builder
	next := 0
	for {
		before, rest, found := strings.Cut(form, "%")
		b.WriteString(before)
		if !found || rest == "" {
			return b.String()
		}
		if n, tail, ok := strings.Cut(rest, "$"); ok && strings.Trim(n, "0123456789") == "" && n != "" && tail != "" {
			fmt.Sscan(n, &next)
			next, rest = next-1, tail
		}
		value := unknown
		if rest[0] != '%' && next >= 0 && next < len(args) {
			value = v.value(args[next])
			next++
		}
		switch rest[0] {
		case 'I':
			if value != unknown { // a part of a longer name is not quoted
				value = pgsql.Quote(value)
			}
			b.WriteString(value)
		case 'L':
			b.WriteString("'" + strings.ReplaceAll(value, "'", "''") + "'")
		case 's':
			b.WriteString(value)
		default:
			b.WriteByte('%')
		}
		form = rest[1:]
	}
}
