package input

import (
	"math"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/operation"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// inputGroup is one part of a request: its parameters in one place.
type inputGroup struct {
	name   string // params, query, headers, cookies
	in     api.In
	read   string   // the function of parameters.ts
	source []string // its first arguments
	list   []*api.Parameter
	schema *api.Schema
	decl   *declare.Declaration
	table  string // the constant by which it is read
}

// inputGroups makes an object schema of the parameters in each place, so that
// types and validators are made of them as of any other schema.
func (in *Inputs) inputGroups(op *operation.Operation) []*inputGroup {
	groups := []*inputGroup{
		{name: "params", in: api.InPath, read: "fromPath", source: []string{"source.params"}},
		{name: "query", in: api.InQuery, read: "fromQuery", source: []string{"source.query"}},
		{name: "headers", in: api.InHeader, read: "fromHeaders", source: []string{"source.headers"}},
		{name: "cookies", in: api.InCookie, read: "fromCookies", source: []string{"source.headers.cookie"}},
	}
	var out []*inputGroup
	for _, g := range groups {
		for _, parameter := range op.API.Parameters {
			place := parameter.In
			if place == api.InQueryString { // never beside others in the query
				place = api.InQuery
			}
			if place == g.in && !IsReservedHeader(parameter) {
				g.list = append(g.list, parameter)
			}
		}
		if len(g.list) > 0 {
			g.schema = groupSchema(g, in.Types.Int64)
			g.decl = in.Types.Add(g.schema, declare.Request, op.Type+ts.Pascal(g.name))
			g.table = in.Constants.Unique(op.Symbol + ts.Pascal(g.name))
			if g.in == api.InPath && slices.ContainsFunc(g.list, isCompound) {
				g.read = "fromRawPath"
				g.source = []string{"source.url", "/" + op.Path.Groups() + "/"}
			}
			out = append(out, g)
		}
	}
	return out
}

// isCompound: the text of a parameter is split at delimiters, which must be told from
// those that are part of a value and therefore encoded.
func isCompound(p *api.Parameter) bool {
	kinds := FactsOf(p.ValueSchema(), 0).Kinds
	return p.Content == nil && (kinds[api.Array] || kinds[api.Object])
}

// IsReservedHeader: OpenAPI says that these are not parameters.
func IsReservedHeader(p *api.Parameter) bool {
	if p.In != api.InHeader {
		return false
	}
	switch strings.ToLower(p.Name) {
	case "accept", "content-type", "authorization":
		return true
	}
	return false
}

func groupSchema(g *inputGroup, form declare.Int64Form) *api.Schema {
	out := &api.Schema{Types: []api.Type{api.Object}}
	for _, parameter := range g.list {
		schema := parameter.ValueSchema()
		if parameter.Description != "" && schema.Ref == nil && schema.Description == "" {
			copied := *schema
			copied.Description, schema = parameter.Description, &copied
		}
		name := KeyOf(parameter)
		out.Properties = append(out.Properties, &api.Property{Name: name, Schema: schema})
		if parameter.Required || parameter.In == api.InPath || form.DefaultOf(schema) != "" {
			out.Required = append(out.Required, name)
		}
	}
	return out
}

// KeyOf is the name of a parameter in code: headers come in lower case.
func KeyOf(p *api.Parameter) string {
	if p.In == api.InHeader {
		return strings.ToLower(p.Name)
	}
	return p.Name
}

// tableConst is the list of parameters by which a group is read.
func (in *Inputs) tableConst(op *operation.Operation, g *inputGroup) string {
	var rows []ts.Doc
	for _, parameter := range g.list {
		rows = append(rows, in.row(op, parameter))
	}
	return "\n" + ts.Render(ts.Cat(ts.Text("const "+g.table+": readonly "+in.File.UseType(ParametersModule, "Parameter")+"[] = "), ts.RowList(rows), ts.Text(";")), 0) + "\n"
}

func (in *Inputs) row(op *operation.Operation, parameter *api.Parameter) ts.Doc {
	key := KeyOf(parameter)
	members := []ts.Doc{ts.Text("name: " + ts.Quote(key))}
	if parameter.In == api.InPath {
		if routeKey := op.Path.Key(parameter.Name); routeKey != key {
			members = append(members, ts.Text("key: "+ts.Quote(routeKey)))
		}
	}
	members = append(members, ts.Text("style: "+ts.Quote(StyleName(parameter))))
	if parameter.Explode && parameter.Content == nil {
		members = append(members, ts.Text("explode: true"))
	}
	if ignoresEncoding(parameter) {
		members = append(members, ts.Text("anyComma: true"))
	}
	schema := parameter.ValueSchema()
	members = append(members, ts.Cat(ts.Text("shape: "), shapeOf(schema)))
	if v := in.Types.Int64.DefaultOf(schema); v != "" && !parameter.Required {
		members = append(members, ts.Cat(ts.Text("fallback: "), in.Types.Int64.ValueDoc(v)))
	}
	if parameter.AllowEmpty {
		members = append(members, ts.Text("allowEmpty: true"))
	}
	return ts.Object(members...)
}

func StyleName(p *api.Parameter) string {
	if p.In == api.InQueryString {
		if p.Content != nil && p.Content.Kind() == api.JSON {
			return "whole-json"
		}
		return "whole"
	}
	if p.Content != nil {
		if p.Content.Kind() == api.JSON {
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
func shapeOf(s *api.Schema) ts.Doc {
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

func (p *shaper) of(s *api.Schema, depth int) ts.Doc {
	p.made++
	f := FactsOf(s, 0)
	isInner := depth < p.deepest && p.made <= p.most
	switch {
	case f.Kinds[api.Object] && isInner:
		var members []ts.Doc
		for _, each := range f.properties {
			members = append(members, ts.Cat(ts.Text(ts.PropertyKey(each.Name)+": "), p.of(each.Schema, depth+1)))
		}
		parts := []ts.Doc{ts.Cat(ts.Text("properties: "), ts.Object(members...))}
		if f.rest != nil && !f.rest.Never {
			parts = append(parts, ts.Cat(ts.Text("rest: "), p.of(f.rest, depth+1)))
		}
		return ts.Object(parts...)
	case f.Kinds[api.Array] && isInner:
		parts := []ts.Doc{ts.Cat(ts.Text("items: "), p.of(f.items, depth+1))}
		if f.Kinds[api.String] || f.Kinds[api.Numeric] || f.Kinds[api.Boolean] {
			parts = append(parts, ts.Text("single: true"))
		}
		return ts.Object(parts...)
	}
	return scalarShape(f)
}

func scalarShape(f facts) ts.Doc {
	var scalars []ts.Doc
	for _, k := range []api.Type{api.Null, api.Boolean, api.Numeric, api.String} {
		if f.Kinds[k] {
			scalars = append(scalars, ts.Text(ts.Quote(string(k))))
		}
	}
	switch len(scalars) {
	case 0:
		return ts.Text("'string'")
	case 1:
		return scalars[0]
	}
	return ts.List(scalars...)
}

// facts are what can be known of the values of a schema without looking at one.
type facts struct {
	Kinds      map[api.Type]bool
	properties []*api.Property
	seen       map[string]bool
	items      *api.Schema
	rest       *api.Schema
}

func FactsOf(s *api.Schema, depth int) facts {
	f := facts{Kinds: map[api.Type]bool{}, seen: map[string]bool{}}
	f.learn(s, depth)
	return f
}

func (f *facts) learn(s *api.Schema, depth int) {
	if s == nil || depth > 16 {
		return
	}
	if s.Nullable {
		f.Kinds[api.Null] = true
	}
	types := s.Types
	if len(types) == 0 {
		types = s.ImpliedTypes()
	}
	for _, t := range types {
		if t == api.Integer {
			t = api.Numeric
		}
		f.Kinds[t] = true
	}
	if len(s.Types) == 0 {
		for _, v := range append(append([]api.Value{}, s.Enum...), s.Const) {
			if v != "" {
				f.Kinds[v.Type()] = true
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
