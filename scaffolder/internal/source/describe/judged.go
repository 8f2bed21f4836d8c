package describe

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/handler"
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
)

// judged puts the schemas that judge parts of the request in the place of what use told.
// It says which parts they judge.
func (d *describer) judged(op *api.Operation, c *chain) map[handler.Part]bool {
	judged := map[handler.Part]bool{}
	if d.Schemas == nil {
		return judged
	}
	for _, l := range c.links {
		for _, check := range d.checksOf(l) {
			judged[check.In] = true
			if n := c.merged(check.In); n != nil && len(check.Path) == 0 && len(n.Given) > 0 {
				check.Schema = without(check.Schema, n.Given)
			}
			d.judge(op, check)
		}
	}
	return judged
}

// without is a schema without some properties, which the program sets itself before it is
// judged; the schema itself where it has none of them.
func without(s *api.Schema, names []string) *api.Schema {
	has := false
	fields(s, 0, func(name string, _ *api.Schema, _ bool) { has = has || slices.Contains(names, name) })
	if !has {
		return s
	}
	out := *s
	for out.Ref != nil {
		out = *out.Ref
	}
	out.Properties = slices.DeleteFunc(slices.Clone(out.Properties), func(p *api.Property) bool { return slices.Contains(names, p.Name) })
	out.Required = slices.DeleteFunc(slices.Clone(out.Required), func(name string) bool { return slices.Contains(names, name) })
	out.AllOf = slices.Clone(out.AllOf)
	for i, part := range out.AllOf {
		out.AllOf[i] = without(part, names)
	}
	return &out
}

// checksOf are the checks of one handler: itself, where a package made it of schemas,
// and those in it.
func (d *describer) checksOf(l link) (checks []schema.Check) {
	for _, one := range eval.Alternatives(l.step.Handler) {
		if t, ok := one.(*eval.Term); ok {
			checks = append(checks, d.Schemas.Checks(t)...)
		}
	}
	return append(checks, d.digest(l.facts).checks...)
}

// judge takes one check.
func (d *describer) judge(op *api.Operation, c schema.Check) {
	if len(c.Among) > 0 && c.In != gives(op, c) {
		return
	}
	switch c.In {
	case handler.Body:
		d.judgeBody(op, c)
	case handler.Query:
		d.judgeParameters(op, c, api.InQuery)
	case handler.Params:
		d.judgeParameters(op, c, api.InPath)
	case handler.Headers:
		d.judgeParameters(op, c, api.InHeader)
	case handler.Cookies:
		d.judgeParameters(op, c, api.InCookie)
	}
}

// gives is the part that a value comes from which several may give: the path where it has
// the name, else the body where callers send one, else the query.
func gives(op *api.Operation, c schema.Check) handler.Part {
	has := func(p handler.Part) bool { return slices.Contains(c.Among, p) }
	switch {
	case has(handler.Params) && inPath(op, c.Path[len(c.Path)-1]):
		return handler.Params
	case has(handler.Body) && (takesBody(op.Method) || !has(handler.Query)):
		return handler.Body
	case has(handler.Query):
		return handler.Query
	}
	return c.In
}

// judgeBody puts a schema in the place of the body, or of a field of it.
func (d *describer) judgeBody(op *api.Operation, c schema.Check) {
	if op.Method == "GET" || op.Method == "HEAD" || op.Method == "DELETE" && op.Body == nil && len(c.Path) > 0 {
		return
	}
	if op.Body == nil {
		at := position(c.At)
		op.Body = &api.Body{Content: []*api.Media{{Type: "application/json", Schema: &api.Schema{}, At: at}}, At: at}
	}
	media := op.Body.Content[0]
	d.fact(op, strings.TrimSuffix("body field "+strings.Join(c.Path, "."), " field "), c.Library, c.At)
	if len(c.Path) > 0 {
		media.Schema = replaced(media.Schema, c.Path, c.Schema, c.Required)
		op.Body.Required = op.Body.Required || c.Required
		return
	}
	before := media.Schema
	media.Schema = c.Schema
	if c.Library == "type" {
		media.Schema = withUsed(c.Schema, before)
	}
	op.Body.Required = op.Body.Required || c.Required
	if media.Type == "multipart/form-data" {
		media.Schema = withFiles(c.Schema, before)
	}
}

// withUsed is what a type says, with what the handler reads beside that: parts of the type
// may not be known.
func withUsed(typ, used *api.Schema) *api.Schema {
	said := map[string]bool{}
	fields(typ, 0, func(name string, _ *api.Schema, _ bool) { said[name] = true })
	if len(said) == 0 || typ.AdditionalProperties != nil {
		return typ
	}
	rest := &api.Schema{Types: []api.Type{api.Object}}
	for _, p := range used.Properties {
		if !said[p.Name] {
			set(rest, p.Name, p.Schema, used.Requires(p.Name))
		}
	}
	if len(rest.Properties) == 0 {
		return typ
	}
	return &api.Schema{AllOf: []*api.Schema{typ, rest}}
}

func position(at eval.Place) api.Position {
	p := at.Position()
	return api.Position{File: p.File, Line: p.Line, Column: p.Column}
}

// withFiles adds the files of a multipart body to what judges its other fields.
func withFiles(judged, before *api.Schema) *api.Schema {
	out := &api.Schema{Types: []api.Type{api.Object}}
	fields(judged, 0, func(name string, s *api.Schema, required bool) { set(out, name, s, required) })
	for _, p := range before.Properties {
		of := p.Schema
		if of.Items != nil {
			of = of.Items
		}
		if of.ContentMediaType != "" {
			set(out, p.Name, p.Schema, before.Requires(p.Name))
		}
	}
	return out
}

// replaced is an object schema with another one for what a path in it leads to.
func replaced(s *api.Schema, path []string, with *api.Schema, required bool) *api.Schema {
	if len(path) == 0 {
		if len(s.Properties) > 0 && len(with.Properties) == 0 && with.Is(api.Object) {
			return s // a check that it is an object adds nothing
		}
		return with
	}
	out := *s
	out.Properties = append([]*api.Property(nil), s.Properties...)
	out.Required = append([]string(nil), s.Required...)
	if path[0] == "[]" {
		out.Types = []api.Type{api.Array}
		if out.Items == nil {
			out.Items = &api.Schema{}
		}
		out.Items = replaced(out.Items, path[1:], with, required)
		return &out
	}
	if !out.Is(api.Object) {
		out.Types = []api.Type{api.Object}
	}
	inner := out.Property(path[0])
	if inner == nil {
		inner = &api.Schema{}
	}
	set(&out, path[0], replaced(inner, path[1:], with, required), out.Requires(path[0]) || required && len(path) == 1)
	return &out
}

// set sets a property of an object.
func set(s *api.Schema, name string, value *api.Schema, required bool) {
	found := false
	for i, p := range s.Properties {
		if p.Name == name {
			s.Properties[i] = &api.Property{Name: name, Schema: value}
			found = true
		}
	}
	if !found {
		s.Properties = append(s.Properties, &api.Property{Name: name, Schema: value})
	}
	if required && !s.Requires(name) {
		s.Required = append(s.Required, name)
	}
}

// fields calls f for the properties of an object, also those that it has by reference,
// and in all or any of several.
func fields(s *api.Schema, depth int, f func(name string, s *api.Schema, required bool)) {
	if s == nil || depth > 20 {
		return
	}
	fields(s.Ref, depth+1, f)
	for _, part := range s.AllOf {
		fields(part, depth+1, f)
	}
	for _, some := range [][]*api.Schema{s.AnyOf, s.OneOf} {
		for _, part := range some {
			fields(part, depth+1, func(name string, s *api.Schema, _ bool) { f(name, s, false) })
		}
	}
	for _, p := range s.Properties {
		f(p.Name, p.Schema, s.Requires(p.Name))
	}
}

// judgeParameters makes parameters of the properties of a schema, or of the one that the
// check names.
func (d *describer) judgeParameters(op *api.Operation, c schema.Check, in api.In) {
	if len(c.Path) == 1 {
		d.judgeParameter(op, c, in, c.Path[0], c.Schema, c.Required)
		return
	}
	if len(c.Path) > 1 {
		return // a part of a parameter, which use has told
	}
	fields(c.Schema, 0, func(name string, s *api.Schema, required bool) {
		d.judgeParameter(op, c, in, name, s, required)
	})
}

func (d *describer) judgeParameter(op *api.Operation, c schema.Check, in api.In, name string, s *api.Schema, required bool) {
	if in == api.InHeader {
		if name = strings.ToLower(name); isPlumbing(name) {
			return
		}
	}
	var p *api.Parameter
	for _, have := range op.Parameters {
		if have.In == in && have.Name == name {
			p = have
		}
	}
	if p == nil {
		if in == api.InPath {
			return // a check of what the path has not
		}
		p = &api.Parameter{Name: name, In: in, Style: api.StyleForm, Explode: true}
		if in == api.InHeader {
			p.Style, p.Explode = api.StyleSimple, false
		}
		op.Parameters = append(op.Parameters, p)
	}
	p.Schema = s
	p.Required = required || in == api.InPath
	if t := s.Target(); t != nil && t.Is(api.Object) && in == api.InQuery {
		p.Style = api.StyleDeepObject
	}
	if p.Description == "" {
		p.Description = s.Description
	}
	d.fact(op, string(in)+" parameter "+name, c.Library, c.At)
}
