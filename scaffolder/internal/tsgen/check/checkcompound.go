package check

import (
	"slices"
	"strconv"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

func (c *Checks) ofArray(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	add := func(condition, message string) {
		out = append(out, ts.If{Conditions: []string{condition}, Then: []ts.Statement{c.fail(s, p, message)}})
	}
	if schema.MinItems != "" && schema.MinItems != "0" {
		add(v.read()+".length < "+ts.Number(string(schema.MinItems)), "must have at least "+counted(schema.MinItems, "item"))
	}
	if schema.MaxItems != "" {
		add(v.read()+".length > "+ts.Number(string(schema.MaxItems)), "must have at most "+counted(schema.MaxItems, "item"))
	}
	if schema.UniqueItems {
		add(c.helper("hasDuplicates")+"("+v.read()+")", "must not have the same item twice")
	}
	for i, item := range schema.PrefixItems {
		inner := s
		inner.hint = s.hint + "Item" + strconv.Itoa(i+1)
		own := &variable{code: s.local.Unique("item")}
		body := c.value(item, own, p.property(strconv.Itoa(i)), inner)
		if len(body) > 0 {
			out = append(out, own.declared(v.read()+"["+strconv.Itoa(i)+"]", ts.When(v.read()+".length > "+strconv.Itoa(i), body))...)
		}
	}
	out = append(out, c.eachItem(schema.Items, len(schema.PrefixItems), v, p, s, "Item")...)
	if schema.Contains != nil {
		out = append(out, c.contains(schema, v, p, s)...)
	}
	return append(out, c.unevaluatedItems(schema, v, p, s)...)
}

// eachItem judges the items from an index on.
func (c *Checks) eachItem(schema *api.Schema, from int, v *variable, p place, s scope, word string) []ts.Statement {
	if IsTrivial(schema, 0) {
		return nil
	}
	if schema.Never {
		return []ts.Statement{ts.If{Conditions: []string{v.read() + ".length > " + strconv.Itoa(from)}, Then: []ts.Statement{c.fail(s, p, "must have at most "+counted(api.Number(strconv.Itoa(from)), "item"))}}}
	}
	i, item := s.local.Unique("i"), &variable{code: s.local.Unique("item")}
	inner := s
	inner.hint = s.hint + word
	body := c.value(schema, item, p.index(i), inner)
	if len(body) == 0 {
		return nil
	}
	body = item.declared(v.read()+"["+i+"]", body)
	return []ts.Statement{ts.For{Head: "let " + i + " = " + strconv.Itoa(from) + "; " + i + " < " + v.read() + ".length; " + i + " += 1", Body: body}}
}

func (c *Checks) contains(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	least, most := 1, -1
	if schema.MinContains != "" {
		least = schema.MinContains.Count()
	}
	if schema.MaxContains != "" {
		most = schema.MaxContains.Count()
	}
	if least == 0 && most < 0 {
		return nil
	}
	count, item := s.local.Unique("count"), &variable{code: "item"}
	test := c.test(schema.Contains, item, p, s, "Contained")
	parameter := "(item)"
	if !item.isRead {
		parameter = "()"
	}
	out := []ts.Statement{ts.Expression{Doc: ts.Group(ts.Text("const "+count+" = "+v.read()+".filter("+parameter+" =>"), ts.Indent(ts.Line, test), ts.IfBreak(","), ts.Softline, ts.Text(").length"))}}
	if least > 0 {
		out = append(out, ts.If{Conditions: []string{count + " < " + strconv.Itoa(least)}, Then: []ts.Statement{c.fail(s, p, "must contain at least "+strconv.Itoa(least)+" matching "+plural(least, "item"))}})
	}
	if most >= 0 {
		out = append(out, ts.If{Conditions: []string{count + " > " + strconv.Itoa(most)}, Then: []ts.Statement{c.fail(s, p, "must contain at most "+strconv.Itoa(most)+" matching "+plural(most, "item"))}})
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
func (c *Checks) test(schema *api.Schema, v *variable, p place, s scope, word string) ts.Doc {
	switch {
	case IsTrivial(schema, 0):
		return ts.Text("true")
	case schema.Never:
		return ts.Text("false")
	}
	return ts.Call(c.helper("passes"), ts.Text(ts.Flat(c.alternative(schema, v, p, s, word))))
}

// alternative is a function from a list of issues: (found) => checkX(v, path, found)
func (c *Checks) alternative(schema *api.Schema, v *variable, p place, s scope, word string) ts.Doc {
	if IsTrivial(schema, 0) {
		return ts.Text("() => true")
	}
	inner := s
	inner.sink, inner.hint = "found", s.hint+word
	return ts.Group(ts.Text("(found) =>"), ts.Group(ts.Indent(ts.Line, c.callFor(schema, v, p, inner))))
}

func (c *Checks) ofObject(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	out := c.properties(schema, v, p, s)
	for _, name := range schema.Required {
		if schema.Property(name) == nil {
			out = append(out, ts.If{Conditions: []string{c.access(v, name) + " === undefined"}, Then: []ts.Statement{c.fail(s, p.property(name), "is required")}})
		}
	}
	if n := schema.MinProperties; n != "" && n != "0" {
		out = append(out, ts.If{Conditions: []string{"Object.keys(" + v.read() + ").length < " + ts.Number(string(n))}, Then: []ts.Statement{c.fail(s, p, "must have at least "+properties(n))}})
	}
	if n := schema.MaxProperties; n != "" {
		out = append(out, ts.If{Conditions: []string{"Object.keys(" + v.read() + ").length > " + ts.Number(string(n))}, Then: []ts.Statement{c.fail(s, p, "must have at most "+properties(n))}})
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

// mostTogether is how many properties one function judges: TypeScript gives up on one
// with some thousand branches (TS2563).
const mostTogether = 100

func (c *Checks) properties(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	for together := range slices.Chunk(schema.Properties, mostTogether) {
		var body []ts.Statement
		for _, property := range together {
			body = append(body, c.property(schema, property, v, p, s)...)
		}
		if len(schema.Properties) > mostTogether && len(body) > 0 {
			body = []ts.Statement{ts.Part{Name: s.local.Unique("part"), Body: body}}
		}
		out = append(out, body...)
	}
	return out
}

func (c *Checks) property(schema *api.Schema, property *api.Property, v *variable, p place, s scope) []ts.Statement {
	if declare.Hidden(schema, property, s.mode) && !s.exact {
		return c.refusal(property.Name, v, p, s)
	}
	required := declare.Demands(schema, property, s.mode) || s.exact && schema.Requires(property.Name)
	own := &variable{code: s.local.Unique(short(ts.Camel(property.Name)))}
	inner := s
	inner.hint = s.hint + ts.Pascal(property.Name)
	at := p.property(property.Name)
	body := c.value(property.Schema, own, at, inner)
	if !required && len(body) == 0 {
		return nil
	}
	read := ts.Expression{Doc: ts.Group(ts.Text("const "+own.code+" ="), ts.Indent(ts.Line, ts.Text(c.access(v, property.Name))))}
	if !required {
		return append([]ts.Statement{read}, ts.When(own.read()+" !== undefined", body)...)
	}
	return []ts.Statement{read, ts.If{Conditions: []string{own.read() + " === undefined"}, Then: []ts.Statement{c.fail(s, at, "is required")}, Else: body}}
}

// refusal is the check of a property that is for the other direction.
func (c *Checks) refusal(name string, v *variable, p place, s scope) []ts.Statement {
	rejects, message := c.RejectsReadOnly, "is read-only"
	if s.mode == declare.Response {
		rejects, message = c.RejectsWriteOnly, "is write-only"
	}
	if !rejects {
		return nil
	}
	return []ts.Statement{ts.If{
		Conditions: []string{c.access(v, name) + " !== undefined"},
		Then:       []ts.Statement{c.fail(s, p.property(name), message)},
	}}
}

// access reads a property that the object itself has, not its prototype. Brackets: what is
// judged has no property that TypeScript knows (noPropertyAccessFromIndexSignature).
func (c *Checks) access(v *variable, name string) string {
	if ts.IsInherited(name) {
		return c.helper("own") + "(" + v.read() + ", " + ts.Quote(name) + ")"
	}
	return v.read() + "[" + ts.Quote(name) + "]"
}

func (c *Checks) dependents(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	for _, d := range schema.DependentRequired {
		for _, name := range d.Required {
			out = append(out, ts.If{
				Conditions: []string{c.access(v, d.Name) + " !== undefined", c.access(v, name) + " === undefined"},
				Then:       []ts.Statement{c.fail(s, p.property(name), "is required beside "+d.Name)},
			})
		}
	}
	for _, d := range schema.DependentSchemas {
		inner := s
		inner.hint = s.hint + "With" + ts.Pascal(d.Name)
		if body := c.value(d.Schema, v, p, inner); len(body) > 0 {
			out = append(out, ts.When(c.access(v, d.Name)+" !== undefined", body)...)
		}
	}
	return out
}

// eachProperty: additionalProperties, patternProperties, propertyNames.
func (c *Checks) eachProperty(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	key := s.local.Unique("key")
	own := &variable{code: key + "Value"}
	at := p.under(key)
	var body []ts.Statement
	if schema.PropertyNames != nil {
		inner := s
		inner.hint = s.hint + "Key"
		body = append(body, c.value(schema.PropertyNames, &variable{code: key}, at, inner)...)
	}
	additional := schema.AdditionalProperties
	needed := additional != nil && !IsTrivial(additional, 0)
	var outside []string
	for _, pattern := range schema.PatternProperties {
		inner := s
		inner.hint = s.hint + "Matching"
		matching := c.value(pattern.Schema, own, at, inner)
		if len(matching) == 0 && !needed {
			continue
		}
		test := c.patternOf(pattern, s) + ".test(" + key + ")"
		outside = append(outside, "!"+test)
		body = append(body, ts.When(test, matching)...)
	}
	if needed {
		if len(schema.Properties) > 0 {
			outside = append([]string{c.unknownKey(schema, key, s)}, outside...)
		}
		inner := s
		inner.hint = s.hint + "Value"
		var rest []ts.Statement
		if additional.Never {
			rest = append(rest, c.fail(s, at, "is not allowed"))
		} else {
			rest = c.value(additional, own, at, inner)
		}
		if len(outside) > 0 && len(rest) > 0 {
			rest = []ts.Statement{ts.If{Conditions: outside, Then: rest}}
			if only, ok := rest[0].(ts.If); ok && len(only.Then) == 1 {
				if nested, ok := only.Then[0].(ts.If); ok && len(nested.Else) == 0 {
					rest = []ts.Statement{ts.If{Conditions: append(outside, nested.Conditions...), Then: nested.Then}}
				}
			}
		}
		body = append(body, rest...)
	}
	if len(body) == 0 {
		return nil
	}
	body = own.declared(v.read()+"["+key+"]", body)
	return []ts.Statement{ts.For{Head: "const " + key + " of Object.keys(" + v.read() + ")", Body: body}}
}

func (c *Checks) patternOf(p *api.PatternProperty, s scope) string {
	name := c.constName(s, "KeyPattern")
	c.constant(ts.Cat(ts.Text("const "+name+" = "), c.matcher(p.Pattern, p.Slow), ts.Text(";")))
	return name
}

func (c *Checks) unknownKey(schema *api.Schema, key string, s scope) string {
	if len(schema.Properties) == 1 {
		return key + " !== " + ts.Quote(schema.Properties[0].Name)
	}
	var items []ts.Doc
	for _, p := range schema.Properties {
		items = append(items, ts.Text(ts.Quote(p.Name)))
	}
	name := c.constName(s, "Keys")
	c.constant(ts.Cat(ts.Text("const "+name+" = new Set("), ts.List(items...), ts.Text(");")))
	return "!" + name + ".has(" + key + ")"
}

func (c *Checks) composition(schema *api.Schema, v *variable, p place, s scope) []ts.Statement {
	var out []ts.Statement
	for i, each := range schema.AllOf {
		inner := s
		inner.hint = s.hint + declare.PartName(schema.AllOf, i)
		inner.exact = s.exact || declare.OnlyRequires(each)
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
		refused := []ts.Statement{c.fail(s, p, "must not match what is excluded")}
		out = append(out, c.branch(schema.Not, refused, nil, v, p, exact, "Not")...)
	}
	if schema.If != nil {
		inner := exact
		inner.hint = s.hint + "Then"
		then := c.value(schema.Then, v, p, inner)
		inner.hint = s.hint + "Else"
		out = append(out, c.branch(schema.If, then, c.value(schema.Else, v, p, inner), v, p, exact, "If")...)
	}
	return out
}

// branch are statements for values that pass a schema, and for those that do not.
func (c *Checks) branch(schema *api.Schema, then, otherwise []ts.Statement, v *variable, p place, s scope, word string) []ts.Statement {
	switch {
	case IsTrivial(schema, 0):
		return then
	case schema.Never:
		return otherwise
	case len(then)+len(otherwise) == 0:
		return nil
	}
	test := ts.Flat(c.test(schema, v, p, s, word))
	if len(then) == 0 {
		return []ts.Statement{ts.If{Conditions: []string{"!" + test}, Then: otherwise}}
	}
	return []ts.Statement{ts.If{Conditions: []string{test}, Then: then, Else: otherwise}}
}

func (c *Checks) oneOf(schema *api.Schema, alternatives []*api.Schema, exact bool, v *variable, p place, s scope) []ts.Statement {
	if len(alternatives) == 0 {
		return nil
	}
	var arrows []ts.Doc
	for i, each := range alternatives {
		inner := s
		inner.exact = s.exact || declare.OnlyRequires(each)
		arrows = append(arrows, c.alternative(each, v, p, inner, declare.VariantName(each, i)))
	}
	all := []ts.Statement{ts.Expression{Doc: ts.Cat(
		ts.Text(c.helper("passesOne")+"("+s.sink+", "+c.at(p)+", "+strconv.FormatBool(exact)+", "), ts.List(arrows...), ts.Text(")"),
	)}}
	d := schema.Discriminator
	if d == nil || d.Inherited || len(d.Mapping) == 0 {
		return all
	}
	kind := s.local.Unique("kind")
	pick := ts.Switch{On: kind, Else: all}
	if d.Default != nil {
		pick.Else = c.value(d.Default, v, p, s)
	}
	for _, m := range d.Mapping {
		if body := c.value(m.Schema, v, p, s); len(body) > 0 {
			pick.Cases = append(pick.Cases, ts.Case{Value: ts.Quote(m.Value), Body: body})
		}
	}
	read := ts.Expression{Doc: ts.Text("const " + kind + " = " + c.helper("isObject") + "(" + v.read() + ") ? " + c.access(v, d.Property) + " : undefined")}
	return []ts.Statement{read, pick}
}
