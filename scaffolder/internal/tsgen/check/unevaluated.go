package check

import (
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// unevaluated judges the properties that no keyword of the schema, nor of what it
// takes in, has looked at.
func (c *Checks) unevaluated(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	rest := schema.UnevaluatedProperties
	if rest == nil || IsTrivial(rest, 0) {
		return nil
	}
	seen := &evaluated{names: map[string]bool{}}
	seen.collect(schema, true, 0)
	if seen.all {
		return nil
	}
	var conditions []string
	var items []ts.Doc
	for _, name := range seen.order {
		items = append(items, ts.Text(ts.Quote(name)))
	}
	key := s.local.Unique("key")
	var out []ts.Statement
	known := c.constName(s, "Evaluated")
	if len(seen.branches) == 0 {
		c.constant(ts.Cat(ts.Text("const "+known+" = new Set<string>("), ts.List(items...), ts.Text(");")))
	} else {
		known = s.local.Unique("evaluated")
		out = append(out, ts.Expression{Doc: ts.Cat(ts.Text("const "+known+" = new Set<string>("), ts.List(items...), ts.Text(")"))})
		out = append(out, c.conditionallyEvaluated(seen, known, v, p, s)...)
	}
	conditions = append(conditions, "!"+known+".has("+key+")")
	for _, pattern := range seen.patterns {
		conditions = append(conditions, "!"+c.patternOf(pattern, s)+".test("+key+")")
	}
	at := p.under(key)
	var body []ts.Statement
	if rest.Never {
		body = append(body, c.fail(s, at, "is not allowed"))
	} else {
		inner := s
		inner.hint = s.hint + "Rest"
		body = c.value(rest, &variable{code: v.read() + "[" + key + "]"}, at, inner)
	}
	return append(out, ts.For{Head: "const " + key + " of Object.keys(" + v.read() + ")", Body: []ts.Statement{ts.If{Conditions: conditions, Then: body}}})
}

// evaluated are the properties that a schema looks at: always, or only where a
// branch of it applies.
type evaluated struct {
	names    map[string]bool
	order    []string
	patterns []*api.PatternProperty
	all      bool
	branches []branch
}

// branch is a schema that looks at properties under a condition: that the value
// passes it (oneOf, anyOf, if), that the value passes another schema (then), or
// does not (else), or that it has a property (dependentSchemas).
type branch struct {
	schema   *api.Schema
	when     *api.Schema
	isIf     bool // when is a condition, which takes nothing for granted
	unless   bool
	property string
}

func (e *evaluated) collect(s *api.Schema, top bool, depth int) {
	if s == nil || depth > 16 {
		return
	}
	for _, p := range s.Properties {
		if !e.names[p.Name] {
			e.names[p.Name] = true
			e.order = append(e.order, p.Name)
		}
	}
	e.patterns = append(e.patterns, s.PatternProperties...)
	if s.AdditionalProperties != nil || !top && s.UnevaluatedProperties != nil {
		e.all = true
	}
	e.collect(s.Ref, false, depth+1)
	for _, each := range s.AllOf {
		e.collect(each, false, depth+1)
	}
	e.branches = append(e.branches, branchesOf(s)...)
}

// branchesOf lists what a schema looks with under a condition only.
func branchesOf(s *api.Schema) []branch {
	var out []branch
	for _, alternatives := range [][]*api.Schema{s.OneOf, s.AnyOf} {
		for _, each := range alternatives {
			out = append(out, branch{schema: each, when: each})
		}
	}
	for _, d := range s.DependentSchemas {
		out = append(out, branch{schema: d.Schema, property: d.Name})
	}
	if s.If != nil {
		out = append(out, branch{schema: s.If, when: s.If, isIf: true}, branch{schema: s.Then, when: s.If, isIf: true},
			branch{schema: s.Else, when: s.If, isIf: true, unless: true})
	}
	return out
}

// conditionallyEvaluated adds to the set known what branches look at.
func (c *Checks) conditionallyEvaluated(e *evaluated, known string, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	for i, b := range e.branches {
		inner := &evaluated{names: map[string]bool{}}
		inner.collect(b.schema, false, 0)
		body := c.marks(inner, known, v, s)
		if len(inner.branches) > 0 {
			body = append(body, c.conditionallyEvaluated(inner, known, v, p, s)...)
		}
		if len(body) > 0 {
			out = append(out, c.where(b, body, v, p, s, i)...)
		}
	}
	return out
}

// where are statements for values that a branch applies to.
func (c *Checks) where(b branch, body []ts.Statement, v *variable, p place, s scope, i int) []ts.Statement {
	if b.property != "" {
		return []ts.Statement{ts.If{Conditions: []string{c.access(v, b.property) + " !== undefined"}, Then: body}}
	}
	inner := s
	inner.exact = s.exact || b.isIf || declare.OnlyRequires(b.when) // as where it is judged itself
	word := "Branch" + strconv.Itoa(i+1)
	if b.unless {
		return c.branch(b.when, nil, body, v, p, inner, word)
	}
	return c.branch(b.when, body, nil, v, p, inner, word)
}

// marks adds to the set known what a branch always looks at.
func (c *Checks) marks(e *evaluated, known string, v *variable, s scope) []ts.Statement {
	var out []ts.Statement
	each := func(condition string) {
		name := s.local.Unique("name")
		body := []ts.Statement{ts.Expression{Doc: ts.Text(known + ".add(" + name + ")")}}
		if condition != "" {
			body = ts.When(condition+".test("+name+")", body)
		}
		out = append(out, ts.For{Head: "const " + name + " of Object.keys(" + v.read() + ")", Body: body})
	}
	if e.all {
		each("")
		return out
	}
	for _, pattern := range e.patterns {
		each(c.patternOf(pattern, s))
	}
	for _, name := range e.order {
		out = append(out, ts.Expression{Doc: ts.Text(known + ".add(" + ts.Quote(name) + ")")})
	}
	return out
}
