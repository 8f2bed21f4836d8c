package check

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// unevaluatedItems judges the items that no keyword of the schema, nor of what it
// takes in, has looked at.
func (c *Checks) unevaluatedItems(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	rest := schema.UnevaluatedItems
	if IsTrivial(rest, 0) {
		return nil
	}
	seen := &evaluatedItems{}
	seen.collect(schema, true, 0)
	switch {
	case seen.all:
		return nil
	case len(seen.contains)+len(seen.branches) == 0:
		return c.eachItem(rest, seen.prefix, v, p, s, "Rest")
	}
	known := s.local.Unique("evaluated")
	out := []ts.Statement{ts.Expression{Doc: ts.Text("const " + known + " = new Set<number>()")}}
	out = append(out, c.marksItems(seen, known, v, p, s)...)
	i, item := s.local.Unique("i"), &variable{code: s.local.Unique("item")}
	inner := s
	inner.hint = s.hint + "Rest"
	body := c.value(rest, item, p.index(i), inner)
	if rest.Never {
		body = []ts.Statement{c.fail(s, p.index(i), "is not allowed")}
	} else {
		body = item.declared(v.read()+"["+i+"]", body)
	}
	return append(out, ts.For{Head: eachIndex(i, v.read()+".length"), Body: []ts.Statement{ts.If{Conditions: []string{"!" + known + ".has(" + i + ")"}, Then: body}}})
}

func eachIndex(i, to string) string {
	return "let " + i + " = 0; " + i + " < " + to + "; " + i + " += 1"
}

// evaluatedItems are the items that a schema looks at: the first ones, all, those
// that match what it contains; and more where a branch of it applies.
type evaluatedItems struct {
	prefix   int
	all      bool
	contains []*api.Schema
	branches []branch
}

func (e *evaluatedItems) collect(s *api.Schema, top bool, depth int) {
	if s == nil || depth > 16 {
		return
	}
	e.prefix = max(e.prefix, len(s.PrefixItems))
	if s.Items != nil || !top && s.UnevaluatedItems != nil {
		e.all = true
	}
	if s.Contains != nil {
		e.contains = append(e.contains, s.Contains)
	}
	e.collect(s.Ref, false, depth+1)
	for _, each := range s.AllOf {
		e.collect(each, false, depth+1)
	}
	for _, b := range branchesOf(s) {
		if b.property == "" && b.schema != nil { // a list has no properties
			e.branches = append(e.branches, b)
		}
	}
}

// marksItems adds to the set known the indexes of what is looked at.
func (c *Checks) marksItems(e *evaluatedItems, known string, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	mark := func(to string, matching *api.Schema) {
		i := s.local.Unique("i")
		body := []ts.Statement{ts.Expression{Doc: ts.Text(known + ".add(" + i + ")")}}
		if matching != nil {
			exact := s
			exact.exact = true
			body = ts.When(ts.Flat(c.test(matching, &variable{code: v.read() + "[" + i + "]"}, p, exact, "Contained")), body)
		}
		out = append(out, ts.For{Head: eachIndex(i, to), Body: body})
	}
	if e.all {
		mark(v.read()+".length", nil)
		return out
	}
	if e.prefix > 0 {
		mark(strconv.Itoa(e.prefix), nil)
	}
	for _, contained := range e.contains {
		mark(v.read()+".length", contained)
	}
	for i, b := range e.branches {
		inner := &evaluatedItems{}
		inner.collect(b.schema, false, 0)
		if body := c.marksItems(inner, known, v, p, s); len(body) > 0 {
			out = append(out, c.where(b, body, v, p, s, i)...)
		}
	}
	return out
}
