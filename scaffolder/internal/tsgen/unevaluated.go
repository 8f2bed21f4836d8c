package tsgen

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// unevaluated judges the properties that no keyword of the schema, nor of what it
// takes in, has looked at.
func (c *checks) unevaluated(schema *api.Schema, v string, p place, s scope) []stmt {
	rest := schema.UnevaluatedProperties
	if rest == nil || isTrivial(rest, 0) {
		return nil
	}
	seen := &evaluated{names: map[string]bool{}}
	seen.collect(schema, true, 0)
	if seen.all {
		return nil
	}
	var conditions []string
	var items []doc
	for _, name := range seen.order {
		items = append(items, docText(quote(name)))
	}
	key := s.local.unique("key")
	var out []stmt
	known := c.constName(s, "Evaluated")
	if len(seen.branches) == 0 {
		c.constant(cat(docText("const "+known+" = new Set<string>("), list(items...), docText(");")))
	} else {
		known = s.local.unique("evaluated")
		out = append(out, exprStmt{cat(docText("const "+known+" = new Set<string>("), list(items...), docText(")"))})
		out = append(out, c.conditionallyEvaluated(seen, known, v, p, s)...)
	}
	conditions = append(conditions, "!"+known+".has("+key+")")
	for _, pattern := range seen.patterns {
		conditions = append(conditions, "!"+c.patternOf(pattern, s)+".test("+key+")")
	}
	at := place{base: c.helper("at") + "(" + p.expr() + ", " + key + ")"}
	body := []stmt{c.fail(s, at, "is not allowed")}
	if !rest.Never {
		inner := s
		inner.hint = s.hint + "Rest"
		body = c.value(rest, v+"["+key+"]", at, inner)
	}
	return append(out, forStmt{"const " + key + " of Object.keys(" + v + ")", []stmt{ifStmt{conditions, body, nil}}})
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
func (c *checks) conditionallyEvaluated(e *evaluated, known, v string, p place, s scope) []stmt {
	var out []stmt
	for i, b := range e.branches {
		inner := &evaluated{names: map[string]bool{}}
		inner.collect(b.schema, false, 0)
		body := c.marks(inner, known, v, s)
		if len(inner.branches) > 0 {
			body = append(body, c.conditionallyEvaluated(inner, known, v, p, s)...)
		}
		if len(body) > 0 {
			out = append(out, ifStmt{[]string{c.applies(b, v, p, s, i)}, body, nil})
		}
	}
	return out
}

// applies is the condition of a branch.
func (c *checks) applies(b branch, v string, p place, s scope, i int) string {
	if b.property != "" {
		return c.access(v, b.property) + " !== undefined"
	}
	inner := s
	inner.exact = s.exact || b.isIf || onlyRequires(b.when) // as where it is judged itself
	test := renderFlat(c.test(b.when, v, p, inner, "Branch"+itoa(i+1)))
	if b.unless {
		return "!" + test
	}
	return test
}

// marks adds to the set known what a branch always looks at.
func (c *checks) marks(e *evaluated, known, v string, s scope) []stmt {
	var out []stmt
	each := func(condition string) {
		name := s.local.unique("name")
		body := []stmt{exprStmt{docText(known + ".add(" + name + ")")}}
		if condition != "" {
			body = when(condition+".test("+name+")", body)
		}
		out = append(out, forStmt{"const " + name + " of Object.keys(" + v + ")", body})
	}
	if e.all {
		each("")
		return out
	}
	for _, pattern := range e.patterns {
		each(c.patternOf(pattern, s))
	}
	for _, name := range e.order {
		out = append(out, exprStmt{docText(known + ".add(" + quote(name) + ")")})
	}
	return out
}
