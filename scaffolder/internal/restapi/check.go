package restapi

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/pattern"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// narrow adds to the schema of a column what a condition asks of it, as far as JSON
// Schema says the same or less: a value that the server takes is never refused.
// Conditions that also look at other columns, that are joined by OR, or that
// depend on a collation or on rounding, are left to the server.
func narrow(s *api.Schema, t *relation.Type, column string, e *expression) {
	switch {
	case e == nil || s.Ref != nil:
	case e.op == "and":
		for _, part := range e.args {
			narrow(s, t, column, part)
		}
	case e.op == "or": // null passes every condition: what else is asked is asked of values
		rest := slices.DeleteFunc(slices.Clone(e.args), func(a *expression) bool {
			return a.op == "null" && isColumn(a.args[0], column, false)
		})
		if len(rest) == 1 {
			narrow(s, t, column, rest[0])
		}
	case t.Base == "int2" || t.Base == "int4" || t.Base == "int8":
		narrowNumber(s, e, column, false)
	case t.Base == "float8":
		narrowNumber(s.AnyOf[0], e, column, true)
	case t.Base == "text" || t.Base == "varchar":
		narrowText(s, e, column)
		narrowFolded(s, e, column, "")
	case t.Base == "bpchar": // blanks at its end say nothing
		narrowFolded(s, e, column, " *")
	}
}

// isColumn says that e is the column itself; exact forbids a cast.
func isColumn(e *expression, column string, exact bool) bool {
	if e.op != "column" || e.value != column {
		return false
	}
	switch e.cast {
	case "":
		return true
	case "text", "character varying", "numeric", "bigint", "integer", "double precision":
		return !exact
	}
	return false
}

var flipped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}

// narrowNumber reads n >= 1, 5 > n and n = ANY (ARRAY[1, 2]).
func narrowNumber(s *api.Schema, e *expression, column string, exact bool) {
	if e.op == "any" && e.value == "=" && isColumn(e.args[0], column, exact) {
		if values, ok := literals(e.args[1], true); ok && !s.HasEnum && !exact {
			s.HasEnum, s.Enum = true, values
		}
		return
	}
	if len(e.args) != 2 || flipped[e.op] == "" {
		return
	}
	op, left, right := e.op, e.args[0], e.args[1]
	if isColumn(right, column, exact) {
		op, left, right = flipped[op], right, left
	}
	n, ok := number(right)
	if !ok || !isColumn(left, column, exact) {
		return
	}
	switch op {
	case ">=":
		tighten(&s.Minimum, n, 1)
	case ">":
		tighten(&s.ExclusiveMinimum, n, 1)
	case "<=":
		tighten(&s.Maximum, n, -1)
	case "<":
		tighten(&s.ExclusiveMaximum, n, -1)
	case "=":
		tighten(&s.Minimum, n, 1)
		tighten(&s.Maximum, n, -1)
	}
}

// number is a constant: 5, (0)::numeric, '-1'::integer.
func number(e *expression) (api.Number, bool) {
	if e.op == "text" && e.cast == "" || e.op != "text" && e.op != "number" {
		return "", false
	}
	r, ok := new(big.Rat).SetString(e.value)
	if !ok || strings.ContainsAny(e.value, "/eExXpP_") {
		return "", false
	}
	if r.IsInt() {
		return api.Number(r.Num().String()), true
	}
	return api.Number(e.value), true
}

// tighten keeps the bound that lets less through: the greater one where sign is 1.
func tighten(bound *api.Number, n api.Number, sign int) {
	if *bound != "" {
		have, _ := new(big.Rat).SetString(string(*bound)) // both are numbers of this file
		other, _ := new(big.Rat).SetString(string(n))
		if have.Cmp(other)*sign >= 0 {
			return
		}
	}
	*bound = n
}

// narrowText reads lengths, patterns and lists of values.
func narrowText(s *api.Schema, e *expression, column string) {
	if e.op == "any" && e.value == "=" && isColumn(e.args[0], column, false) {
		if values, ok := literals(e.args[1], false); ok && !s.HasEnum {
			s.HasEnum, s.Enum = true, values
		}
		return
	}
	if len(e.args) != 2 {
		return
	}
	left, right := e.args[0], e.args[1]
	switch {
	case left.op == "call" && lengthCalls[left.value] && len(left.args) == 1 && isColumn(left.args[0], column, false):
		narrowLength(s, e.op, right)
	case !isColumn(left, column, false) || right.op != "text":
	case e.op == "<>" && right.value == "":
		tighten(&s.MinLength, "1", 1)
	case e.op == "=" && !s.HasEnum:
		s.HasEnum, s.Enum = true, []api.Value{quoted(right.value)}
	case e.op == "~" && s.Pattern == "":
		narrowPattern(s, fromRegexp(right.value))
	case e.op == "~~" && s.Pattern == "":
		narrowPattern(s, fromLike(right.value))
	}
}

// narrowPattern leaves out a pattern for which a server bounds the time: a text that
// takes longer would be refused.
func narrowPattern(s *api.Schema, source string) {
	if v := pattern.Judge(source); !v.Slow || v.Linear != nil {
		s.Pattern, s.SlowPattern = source, v.Slow
	}
}

var lengthCalls = map[string]bool{"length": true, "char_length": true, "character_length": true}

func narrowLength(s *api.Schema, op string, e *expression) {
	n, ok := number(e)
	count, err := strconv.Atoi(string(n))
	if !ok || err != nil {
		return
	}
	least := func(n int) { tighten(&s.MinLength, api.Number(strconv.Itoa(max(n, 0))), 1) }
	most := func(n int) {
		if n >= 0 {
			tighten(&s.MaxLength, api.Number(strconv.Itoa(n)), -1)
		}
	}
	switch op {
	case ">=":
		least(count)
	case ">":
		least(count + 1)
	case "<=":
		most(count)
	case "<":
		most(count - 1)
	case "=":
		least(count)
		most(count)
	}
}

// literals are the constants of an array. One that holds null refuses nothing.
func literals(e *expression, numbers bool) ([]api.Value, bool) {
	if e.op != "array" || len(e.args) == 0 {
		return nil, false
	}
	var out []api.Value
	for _, a := range e.args {
		switch n, isNumber := number(a); {
		case numbers && isNumber:
			out = append(out, api.Value(n))
		case !numbers && a.op == "text":
			out = append(out, quoted(a.value))
		default:
			return nil, false
		}
	}
	return out, true
}
