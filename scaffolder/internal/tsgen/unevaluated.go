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
	if len(seen.conditional) == 0 {
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
// branch of it passes.
type evaluated struct {
	names       map[string]bool
	order       []string
	patterns    []*api.PatternProperty
	all         bool
	conditional []*api.Schema
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
	e.conditional = append(e.conditional, s.OneOf...)
	e.conditional = append(e.conditional, s.AnyOf...)
	for _, d := range s.DependentSchemas {
		e.conditional = append(e.conditional, d.Schema)
	}
	for _, each := range []*api.Schema{s.If, s.Then, s.Else} {
		if each != nil {
			e.conditional = append(e.conditional, each)
		}
	}
}

func (c *checks) conditionallyEvaluated(e *evaluated, known, v string, p place, s scope) []stmt {
	var out []stmt
	for i, branch := range e.conditional {
		inner := &evaluated{names: map[string]bool{}}
		inner.collect(branch, false, 0)
		exact := s
		exact.exact = true
		test := renderFlat(c.test(branch, v, p, exact, "Branch"+itoa(i+1)))
		var body []stmt
		if inner.all {
			name := s.local.unique("name")
			body = append(body, forStmt{"const " + name + " of Object.keys(" + v + ")", []stmt{exprStmt{docText(known + ".add(" + name + ")")}}})
		}
		for _, name := range inner.order {
			body = append(body, exprStmt{docText(known + ".add(" + quote(name) + ")")})
		}
		if len(inner.conditional) > 0 {
			body = append(body, c.conditionallyEvaluated(inner, known, v, p, s)...)
		}
		if len(body) > 0 {
			out = append(out, ifStmt{[]string{test}, body, nil})
		}
	}
	return out
}
