package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func (c *checks) ofArray(schema *api.Schema, v string, p place, s scope) []stmt {
	var out []stmt
	add := func(condition, message string) {
		out = append(out, ifStmt{[]string{condition}, []stmt{c.fail(s, p, message)}, nil})
	}
	if schema.MinItems != "" && schema.MinItems != "0" {
		add(v+".length < "+number(schema.MinItems), "must have at least "+counted(schema.MinItems, "item"))
	}
	if schema.MaxItems != "" {
		add(v+".length > "+number(schema.MaxItems), "must have at most "+counted(schema.MaxItems, "item"))
	}
	if schema.UniqueItems {
		add(c.helper("hasDuplicates")+"("+v+")", "must not have the same item twice")
	}
	for i, item := range schema.PrefixItems {
		inner := s
		inner.hint = s.hint + "Item" + itoa(i+1)
		name := s.local.unique("item")
		body := c.value(item, name, p.property(itoa(i)), inner)
		if len(body) > 0 {
			out = append(out, exprStmt{docText("const " + name + " = " + v + "[" + itoa(i) + "]")})
			out = append(out, when(v+".length > "+itoa(i), body)...)
		}
	}
	out = append(out, c.eachItem(schema.Items, len(schema.PrefixItems), v, p, s, "Item")...)
	if schema.Contains != nil {
		out = append(out, c.contains(schema, v, p, s)...)
	}
	return append(out, c.unevaluatedItems(schema, v, p, s)...)
}

// eachItem judges the items from an index on.
func (c *checks) eachItem(schema *api.Schema, from int, v string, p place, s scope, word string) []stmt {
	if isTrivial(schema, 0) {
		return nil
	}
	if schema.Never {
		return []stmt{ifStmt{[]string{v + ".length > " + itoa(from)}, []stmt{c.fail(s, p, "must have at most "+counted(api.Number(itoa(from)), "item"))}, nil}}
	}
	i, item := s.local.unique("i"), s.local.unique("item")
	inner := s
	inner.hint = s.hint + word
	body := c.value(schema, item, p.index(i), inner)
	if len(body) == 0 {
		return nil
	}
	body = append([]stmt{exprStmt{docText("const " + item + " = " + v + "[" + i + "]")}}, body...)
	return []stmt{forStmt{"let " + i + " = " + itoa(from) + "; " + i + " < " + v + ".length; " + i + " += 1", body}}
}

func (c *checks) contains(schema *api.Schema, v string, p place, s scope) []stmt {
	least, most := 1, -1
	if schema.MinContains != "" {
		least = atoi(schema.MinContains)
	}
	if schema.MaxContains != "" {
		most = atoi(schema.MaxContains)
	}
	count := s.local.unique("count")
	test := c.test(schema.Contains, "item", p, s, "Contained")
	out := []stmt{exprStmt{group(docText("const "+count+" = "+v+".filter((item) =>"), indent(line, test), docIfBreak(","), softline, docText(").length"))}}
	if least > 0 {
		out = append(out, ifStmt{[]string{count + " < " + itoa(least)}, []stmt{c.fail(s, p, "must contain at least "+itoa(least)+" matching "+plural(least, "item"))}, nil})
	}
	if most >= 0 {
		out = append(out, ifStmt{[]string{count + " > " + itoa(most)}, []stmt{c.fail(s, p, "must contain at most "+itoa(most)+" matching "+plural(most, "item"))}, nil})
	}
	return out
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// test is an expression that is true where v passes the schema.
func (c *checks) test(schema *api.Schema, v string, p place, s scope, word string) doc {
	switch {
	case isTrivial(schema, 0):
		return docText("true")
	case schema.Never:
		return docText("false")
	}
	return call(c.helper("passes"), docText(renderFlat(c.alternative(schema, v, p, s, word))))
}

// alternative is a function from a list of issues: (found) => checkX(v, path, found)
func (c *checks) alternative(schema *api.Schema, v string, p place, s scope, word string) doc {
	if isTrivial(schema, 0) {
		return docText("() => true")
	}
	inner := s
	inner.sink, inner.hint = "found", s.hint+word
	return group(docText("(found) =>"), group(indent(line, c.callFor(schema, v, p, inner))))
}

func (c *checks) ofObject(schema *api.Schema, v string, p place, s scope) []stmt {
	var out []stmt
	for _, property := range schema.Properties {
		out = append(out, c.property(schema, property, v, p, s)...)
	}
	for _, name := range schema.Required {
		if schema.Property(name) == nil {
			out = append(out, ifStmt{[]string{c.access(v, name) + " === undefined"}, []stmt{c.fail(s, p.property(name), "is required")}, nil})
		}
	}
	if n := schema.MinProperties; n != "" && n != "0" {
		out = append(out, ifStmt{[]string{"Object.keys(" + v + ").length < " + number(n)}, []stmt{c.fail(s, p, "must have at least "+properties(n))}, nil})
	}
	if n := schema.MaxProperties; n != "" {
		out = append(out, ifStmt{[]string{"Object.keys(" + v + ").length > " + number(n)}, []stmt{c.fail(s, p, "must have at most "+properties(n))}, nil})
	}
	out = append(out, c.dependents(schema, v, p, s)...)
	out = append(out, c.eachProperty(schema, v, p, s)...)
	return append(out, c.unevaluated(schema, v, p, s)...)
}

func properties(n api.Number) string {
	if n == "1" {
		return "1 property"
	}
	return string(n) + " properties"
}

func (c *checks) property(schema *api.Schema, property *api.Property, v string, p place, s scope) []stmt {
	if hidden(schema, property, s.mode) && !s.exact {
		return nil
	}
	required := demands(schema, property, s.mode) || s.exact && schema.Requires(property.Name)
	name := s.local.unique(short(camel(property.Name)))
	inner := s
	inner.hint = s.hint + pascal(property.Name)
	at := p.property(property.Name)
	body := c.value(property.Schema, name, at, inner)
	read := exprStmt{docText("const " + name + " = " + c.access(v, property.Name))}
	switch {
	case !required && len(body) == 0:
		return nil
	case !required:
		return append([]stmt{read}, when(name+" !== undefined", body)...)
	}
	return []stmt{read, ifStmt{[]string{name + " === undefined"}, []stmt{c.fail(s, at, "is required")}, body}}
}

// access reads a property that the object itself has, not its prototype.
func (c *checks) access(v, name string) string {
	if isInherited(name) {
		return c.helper("own") + "(" + v + ", " + quote(name) + ")"
	}
	if isIdentifier(name) {
		return v + "." + name
	}
	return v + "[" + quote(name) + "]"
}

func (c *checks) dependents(schema *api.Schema, v string, p place, s scope) []stmt {
	var out []stmt
	for _, d := range schema.DependentRequired {
		for _, name := range d.Required {
			out = append(out, ifStmt{
				[]string{c.access(v, d.Name) + " !== undefined", c.access(v, name) + " === undefined"},
				[]stmt{c.fail(s, p.property(name), "is required beside "+d.Name)}, nil,
			})
		}
	}
	for _, d := range schema.DependentSchemas {
		inner := s
		inner.hint = s.hint + "With" + pascal(d.Name)
		out = append(out, when(c.access(v, d.Name)+" !== undefined", c.value(d.Schema, v, p, inner))...)
	}
	return out
}

// eachProperty: additionalProperties, patternProperties, propertyNames.
func (c *checks) eachProperty(schema *api.Schema, v string, p place, s scope) []stmt {
	key := s.local.unique("key")
	at := place{base: c.helper("at") + "(" + p.expr() + ", " + key + ")"}
	var body []stmt
	if schema.PropertyNames != nil {
		inner := s
		inner.hint = s.hint + "Key"
		body = append(body, c.value(schema.PropertyNames, key, at, inner)...)
	}
	additional := schema.AdditionalProperties
	needed := additional != nil && !isTrivial(additional, 0)
	var outside []string
	for _, pattern := range schema.PatternProperties {
		inner := s
		inner.hint = s.hint + "Matching"
		test := c.patternOf(pattern, s) + ".test(" + key + ")"
		outside = append(outside, "!"+test)
		body = append(body, when(test, c.value(pattern.Schema, c.item(v, key), at, inner))...)
	}
	if needed {
		if len(schema.Properties) > 0 {
			outside = append([]string{c.unknownKey(schema, key, s)}, outside...)
		}
		inner := s
		inner.hint = s.hint + "Value"
		rest := []stmt{c.fail(s, at, "is not allowed")}
		if !additional.Never {
			rest = c.value(additional, c.item(v, key), at, inner)
		}
		if len(outside) > 0 && len(rest) > 0 {
			rest = []stmt{ifStmt{outside, rest, nil}}
			if only, ok := rest[0].(ifStmt); ok && len(only.then) == 1 {
				if nested, ok := only.then[0].(ifStmt); ok && len(nested.els) == 0 {
					rest = []stmt{ifStmt{append(outside, nested.conditions...), nested.then, nil}}
				}
			}
		}
		body = append(body, rest...)
	}
	if len(body) == 0 {
		return nil
	}
	if usesItem(body, key+"Value") {
		body = append([]stmt{exprStmt{docText("const " + key + "Value = " + v + "[" + key + "]")}}, body...)
	}
	return []stmt{forStmt{"const " + key + " of Object.keys(" + v + ")", body}}
}

// item is the variable that holds the value of a key.
func (c *checks) item(_, key string) string { return key + "Value" }

func usesItem(body []stmt, name string) bool {
	var b strings.Builder
	writeAll(&b, 0, body)
	return strings.Contains(b.String(), name)
}

func (c *checks) patternOf(p *api.PatternProperty, s scope) string {
	name := c.constName(s, "KeyPattern")
	c.constant(cat(docText("const "+name+" = "), call(c.helper(patternHelper(p.Slow)), docText(quote(p.Pattern))), docText(";")))
	return name
}

func (c *checks) unknownKey(schema *api.Schema, key string, s scope) string {
	if len(schema.Properties) == 1 {
		return key + " !== " + quote(schema.Properties[0].Name)
	}
	var items []doc
	for _, p := range schema.Properties {
		items = append(items, docText(quote(p.Name)))
	}
	name := c.constName(s, "Keys")
	c.constant(cat(docText("const "+name+" = new Set("), list(items...), docText(");")))
	return "!" + name + ".has(" + key + ")"
}

func (c *checks) composition(schema *api.Schema, v string, p place, s scope) []stmt {
	var out []stmt
	for i, each := range schema.AllOf {
		inner := s
		inner.hint = s.hint + partName(schema.AllOf, i)
		inner.exact = s.exact || onlyRequires(each)
		if each.IsRef() {
			out = append(out, c.value(each, v, p, inner)...)
		} else {
			out = append(out, c.keywords(each, v, p, inner)...)
		}
	}
	out = append(out, c.oneOf(schema, schema.OneOf, true, v, p, s)...)
	out = append(out, c.oneOf(schema, schema.AnyOf, false, v, p, s)...)
	exact := s
	exact.exact = true
	if schema.Not != nil {
		test := renderFlat(c.test(schema.Not, v, p, exact, "Not"))
		out = append(out, ifStmt{[]string{test}, []stmt{c.fail(s, p, "must not match what is excluded")}, nil})
	}
	if schema.If != nil && (schema.Then != nil || schema.Else != nil) {
		test := renderFlat(c.test(schema.If, v, p, exact, "If"))
		branch := ifStmt{conditions: []string{test}}
		if schema.Then != nil {
			exact.hint = s.hint + "Then"
			branch.then = c.value(schema.Then, v, p, exact)
		}
		if schema.Else != nil {
			exact.hint = s.hint + "Else"
			branch.els = c.value(schema.Else, v, p, exact)
		}
		if len(branch.then) == 0 {
			branch = ifStmt{[]string{"!" + test}, branch.els, nil}
		}
		out = append(out, branch)
	}
	return out
}

func (c *checks) oneOf(schema *api.Schema, alternatives []*api.Schema, exact bool, v string, p place, s scope) []stmt {
	if len(alternatives) == 0 {
		return nil
	}
	var arrows []doc
	for i, each := range alternatives {
		inner := s
		inner.exact = s.exact || onlyRequires(each)
		arrows = append(arrows, c.alternative(each, v, p, inner, variantName(each, i)))
	}
	all := []stmt{exprStmt{cat(
		docText(c.helper("passesOne")+"("+s.sink+", "+p.expr()+", "+boolText(exact)+", "), list(arrows...), docText(")"),
	)}}
	d := schema.Discriminator
	if d == nil || d.Inherited || len(d.Mapping) == 0 {
		return all
	}
	kind := s.local.unique("kind")
	pick := switchStmt{on: kind, els: all}
	if d.Default != nil {
		pick.els = c.value(d.Default, v, p, s)
	}
	for _, m := range d.Mapping {
		if body := c.value(m.Schema, v, p, s); len(body) > 0 {
			pick.cases = append(pick.cases, switchCase{quote(m.Value), body})
		}
	}
	read := exprStmt{docText("const " + kind + " = " + c.helper("isObject") + "(" + v + ") ? " + c.access(v, d.Property) + " : undefined")}
	return []stmt{read, pick}
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
