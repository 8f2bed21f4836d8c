package restapi

import (
	"math/big"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

// exampleFor is a value that the conditions of a column take, where no keyword of
// JSON Schema leads to one: "" where none is found, or none is needed. It only
// proposes: the server judges.
func exampleFor(c *relation.Column, conditions []condition) string {
	usual, ok := usuals[c.Type.Category] // what a sample is without a condition
	if !ok || len(conditions) == 0 {
		return ""
	}
	held := holdAll(conditions, usual)
	if held == yes && c.HasDefault { // which a condition may refuse: let rows have it
		return usual
	}
	if held == yes {
		return ""
	}
	for _, each := range conditions {
		for _, value := range constants(each.e, c.Type) {
			switch found := holdAll(conditions, value); {
			case found == yes, found == unknown && held != no && c.Type.Category == relation.Date:
				return value // a bound is more likely than a day in between
			case found == unknown && held == no:
				return value
			}
		}
	}
	return ""
}

var usuals = map[relation.Category]string{relation.Numeric: "1.50", relation.Date: "2024-01-01", relation.Text: ""}

// holdAll says whether all conditions hold for a value.
func holdAll(conditions []condition, value string) answer {
	all := yes
	for _, c := range conditions {
		switch c.holdsFor(c.e, value) {
		case no:
			return no
		case unknown:
			all = unknown
		}
	}
	return all
}

// condition is one on a column, which has a name of its own in a domain.
type condition struct {
	e      *expression
	column string
}

// constants are the values that a condition speaks of, and those beside a number.
func constants(e *expression, t *relation.Type) []string {
	if e == nil {
		return nil
	}
	var out []string
	if t.Category != relation.Numeric {
		if e.op == "text" && e.value != "" {
			out = append(out, e.value)
		}
	} else if n, ok := number(e); ok {
		r, _ := new(big.Rat).SetString(string(n)) // number has read it
		for _, halves := range []int64{0, 2, -2, 1} {
			sum := new(big.Rat).Add(r, big.NewRat(halves, 2))
			digits, _ := sum.FloatPrec()
			out = append(out, sum.FloatString(digits))
		}
	}
	for _, a := range e.args {
		out = append(out, constants(a, t)...)
	}
	return out
}

// answer is what SQL answers: unknown is also what is not known here.
type answer int

const (
	unknown answer = iota
	yes
	no
)

func truth(b bool) answer {
	if b {
		return yes
	}
	return no
}

// holdsFor says whether a condition holds where the column has a value and nothing is
// known of the other columns.
func (c condition) holdsFor(e *expression, value string) answer {
	switch {
	case e == nil:
		return unknown
	case e.op == "and" || e.op == "or":
		decides, all := no, yes
		if e.op == "or" {
			decides, all = yes, no
		}
		for _, a := range e.args {
			switch c.holdsFor(a, value) {
			case decides:
				return decides
			case unknown:
				all = unknown
			}
		}
		return all
	case e.op == "not":
		return [...]answer{unknown: unknown, yes: no, no: yes}[c.holdsFor(e.args[0], value)]
	case e.op == "null" && e.args[0].op == "column" && e.args[0].value == c.column:
		return no
	case e.op == "any" && e.value == "=" && e.args[1].op == "array":
		found := no
		for _, a := range e.args[1].args {
			switch c.compare("=", e.args[0], a, value) {
			case yes:
				return yes
			case unknown:
				found = unknown
			}
		}
		return found
	case len(e.args) == 2:
		return c.compare(e.op, e.args[0], e.args[1], value)
	}
	return unknown
}

// compare compares two terms as numbers where both are, as texts where one is a
// literal: dates of four digits compare as their texts do.
func (c condition) compare(op string, left, right *expression, value string) answer {
	a, known := c.term(left, value)
	b, also := c.term(right, value)
	if !known || !also {
		return unknown
	}
	order := strings.Compare(a, b)
	x, isNumber := new(big.Rat).SetString(a)
	if y, ok := new(big.Rat).SetString(b); ok && isNumber {
		order = x.Cmp(y)
	}
	switch op {
	case "=":
		return truth(order == 0)
	case "<>":
		return truth(order != 0)
	case "<":
		return truth(order < 0)
	case "<=":
		return truth(order <= 0)
	case ">":
		return truth(order > 0)
	case ">=":
		return truth(order >= 0)
	}
	return unknown
}

// term is the value of a constant, of the column, or of its case folded.
func (c condition) term(e *expression, value string) (string, bool) {
	switch {
	case e.op == "text" || e.op == "number":
		return e.value, true
	case e.op == "column" && e.value == c.column:
		return value, true
	case e.op == "call" && len(e.args) == 1 && (e.value == "upper" || e.value == "lower"):
		text, ok := c.term(e.args[0], value)
		if e.value == "upper" {
			return strings.ToUpper(text), ok
		}
		return strings.ToLower(text), ok
	}
	return "", false
}

// setExample gives a schema the example that its sample is made of.
func setExample(s *api.Schema, c *relation.Column, conditions []condition) {
	if s.HasEnum || s.Pattern != "" {
		return
	}
	if value := exampleFor(c, conditions); value != "" {
		s.Examples = []api.Value{quoted(value)}
	}
}
