package tsgen

import (
	"math"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
)

// inputGroup is one part of a request: its parameters in one place.
type inputGroup struct {
	name   string // params, query, headers, cookies
	in     api.In
	read   string // the function of parameters.ts
	source string // its first argument
	list   []*api.Parameter
	schema *api.Schema
	decl   *decl
	table  string // the constant by which it is read
}

// inputGroups makes an object schema of the parameters in each place, so that
// types and validators are made of them as of any other schema.
func (p *project) inputGroups(op *operation) []*inputGroup {
	groups := []*inputGroup{
		{name: "params", in: api.InPath, read: "fromPath", source: "source.params"},
		{name: "query", in: api.InQuery, read: "fromQuery", source: "source.query"},
		{name: "headers", in: api.InHeader, read: "fromHeaders", source: "source.headers"},
		{name: "cookies", in: api.InCookie, read: "fromCookies", source: "source.headers.cookie"},
	}
	var out []*inputGroup
	for _, g := range groups {
		for _, parameter := range op.api.Parameters {
			in := parameter.In
			if in == api.InQueryString { // never beside others in the query
				in = api.InQuery
			}
			if in == g.in && !isReservedHeader(parameter) {
				g.list = append(g.list, parameter)
			}
		}
		if len(g.list) > 0 {
			g.schema = groupSchema(g, p.types.int64)
			g.decl = p.decls.add(g.schema, request, op.Type+pascal(g.name))
			g.table = p.constants.unique(op.Symbol + pascal(g.name))
			out = append(out, g)
		}
	}
	return out
}

// isReservedHeader: OpenAPI says that these are not parameters.
func isReservedHeader(p *api.Parameter) bool {
	if p.In != api.InHeader {
		return false
	}
	switch strings.ToLower(p.Name) {
	case "accept", "content-type", "authorization":
		return true
	}
	return false
}

func groupSchema(g *inputGroup, form int64Form) *api.Schema {
	out := &api.Schema{Types: []api.Type{api.Object}}
	for _, parameter := range g.list {
		schema := parameterSchema(parameter)
		if parameter.Description != "" && schema.Ref == nil && schema.Description == "" {
			copied := *schema
			copied.Description, schema = parameter.Description, &copied
		}
		name := keyOf(parameter)
		out.Properties = append(out.Properties, &api.Property{Name: name, Schema: schema})
		if parameter.Required || parameter.In == api.InPath || form.defaultOf(schema) != "" {
			out.Required = append(out.Required, name)
		}
	}
	return out
}

// keyOf is the name of a parameter in code: headers come in lower case.
func keyOf(p *api.Parameter) string {
	if p.In == api.InHeader {
		return strings.ToLower(p.Name)
	}
	return p.Name
}

func parameterSchema(p *api.Parameter) *api.Schema {
	switch {
	case p.Schema != nil:
		return p.Schema
	case p.Content != nil && p.Content.Schema != nil:
		return p.Content.Schema
	}
	return &api.Schema{}
}

// defaultOf is the default of a parameter, which only counts where it is valid.
func defaultOf(s *api.Schema) api.Value {
	value := s.Default
	if target := s.Target(); value == "" && target != nil {
		value = target.Default
	}
	if value == "" {
		return ""
	}
	if v, err := sample.Parse(value); err != nil || !sample.Valid(s, v, sample.Request) {
		return ""
	}
	return value
}

// tableConst is the list of parameters by which a group is read.
func (p *project) tableConst(op *operation, g *inputGroup) string {
	var rows []doc
	for _, parameter := range g.list {
		rows = append(rows, p.row(op, parameter))
	}
	return "\n" + render(cat(docText("const "+g.table+": readonly Parameter[] = "), rowList(rows), docText(";")), 0) + "\n"
}

// rowList breaks as prettier does: a list of several objects is never flat.
func rowList(rows []doc) doc {
	if len(rows) < 2 {
		return list(rows...)
	}
	return cat(docText("["), indent(hardline, join(cat(docText(","), hardline), rows), docText(",")), hardline, docText("]"))
}

func (p *project) row(op *operation, parameter *api.Parameter) doc {
	key := keyOf(parameter)
	members := []doc{docText("name: " + quote(key))}
	if parameter.In == api.InPath {
		if routeKey := op.path.key(parameter.Name); routeKey != key {
			members = append(members, docText("key: "+quote(routeKey)))
		}
	}
	members = append(members, docText("style: "+quote(styleName(parameter))))
	if parameter.Explode && parameter.Content == nil {
		members = append(members, docText("explode: true"))
	}
	schema := parameterSchema(parameter)
	members = append(members, cat(docText("shape: "), shapeOf(schema)))
	if v := p.types.int64.defaultOf(schema); v != "" && !parameter.Required {
		members = append(members, cat(docText("fallback: "), p.types.int64.valueDoc(v)))
	}
	if parameter.AllowEmpty {
		members = append(members, docText("allowEmpty: true"))
	}
	return object(members...)
}

// hasQueryString: some operation takes its query string as one value.
func (p *project) hasQueryString() bool {
	for _, op := range p.operations {
		for _, parameter := range op.api.Parameters {
			if parameter.In == api.InQueryString {
				return true
			}
		}
	}
	return false
}

func styleName(p *api.Parameter) string {
	if p.In == api.InQueryString {
		if p.Content != nil && mediaKind(p.Content.Type) == "json" {
			return "whole-json"
		}
		return "whole"
	}
	if p.Content != nil {
		if mediaKind(p.Content.Type) == "json" {
			return "json"
		}
		return "simple"
	}
	switch p.Style {
	case api.StyleSpaceDelimited:
		return "space"
	case api.StylePipeDelimited:
		return "pipe"
	case api.StyleDeepObject:
		return "deep"
	case api.StyleSimple, api.StyleLabel, api.StyleMatrix:
		return string(p.Style)
	}
	return "form"
}

// shapeOf is what a text becomes on its way to a schema: as deep as it has less than
// a thousand parts, at most ten levels, and at least four.
func shapeOf(s *api.Schema) doc {
	for _, deepest := range []int{10, 6} {
		shape := shaper{deepest: deepest, most: 1000}
		if out := shape.of(s, 0); shape.made <= shape.most {
			return out
		}
	}
	return (&shaper{deepest: 4, most: math.MaxInt}).of(s, 0)
}

// shaper counts the parts of a shape, and gives up where there are too many.
type shaper struct{ deepest, most, made int }

func (p *shaper) of(s *api.Schema, depth int) doc {
	p.made++
	f := factsOf(s, 0)
	isInner := depth < p.deepest && p.made <= p.most
	switch {
	case f.kinds[api.Object] && isInner:
		var members []doc
		for _, each := range f.properties {
			members = append(members, cat(docText(propertyKey(each.Name)+": "), p.of(each.Schema, depth+1)))
		}
		parts := []doc{cat(docText("properties: "), object(members...))}
		if f.rest != nil && !f.rest.Never {
			parts = append(parts, cat(docText("rest: "), p.of(f.rest, depth+1)))
		}
		return object(parts...)
	case f.kinds[api.Array] && isInner:
		parts := []doc{cat(docText("items: "), p.of(f.items, depth+1))}
		if f.kinds[api.String] || f.kinds[api.Numeric] || f.kinds[api.Boolean] {
			parts = append(parts, docText("single: true"))
		}
		return object(parts...)
	}
	return scalarShape(f)
}

func scalarShape(f facts) doc {
	var scalars []doc
	for _, k := range []api.Type{api.Null, api.Boolean, api.Numeric, api.String} {
		if f.kinds[k] {
			scalars = append(scalars, docText(quote(string(k))))
		}
	}
	switch len(scalars) {
	case 0:
		return docText("'string'")
	case 1:
		return scalars[0]
	}
	return list(scalars...)
}

// facts are what can be known of the values of a schema without looking at one.
type facts struct {
	kinds      map[api.Type]bool
	properties []*api.Property
	seen       map[string]bool
	items      *api.Schema
	rest       *api.Schema
}

func factsOf(s *api.Schema, depth int) facts {
	f := facts{kinds: map[api.Type]bool{}, seen: map[string]bool{}}
	f.learn(s, depth)
	return f
}

func (f *facts) learn(s *api.Schema, depth int) {
	if s == nil || depth > 16 {
		return
	}
	if s.Nullable {
		f.kinds[api.Null] = true
	}
	types := s.Types
	if len(types) == 0 {
		types = s.ImpliedTypes()
	}
	for _, t := range types {
		if t == api.Integer {
			t = api.Numeric
		}
		f.kinds[t] = true
	}
	if len(s.Types) == 0 {
		for _, v := range append(append([]api.Value{}, s.Enum...), s.Const) {
			if v != "" {
				f.kinds[kindOf(v)] = true
			}
		}
	}
	for _, p := range s.Properties {
		if !f.seen[p.Name] {
			f.seen[p.Name] = true
			f.properties = append(f.properties, p)
		}
	}
	if f.items == nil {
		f.items = s.Items
	}
	if f.rest == nil {
		f.rest = s.AdditionalProperties
	}
	f.learn(s.Ref, depth+1)
	for _, list := range [][]*api.Schema{s.AllOf, s.OneOf, s.AnyOf} {
		for _, each := range list {
			f.learn(each, depth+1)
		}
	}
}

func propertyKey(name string) string {
	switch {
	case name == "__proto__":
		return "['__proto__']"
	case isPlainKey(name):
		return name
	}
	return quote(name)
}
