package failure

import (
	"maps"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// written is a form as code.
type written struct {
	doc    ts.Doc
	uses   []string // functions of middleware/errors.ts
	asksID bool     // it uses requestId
	says   bool     // the message of an error stands in it
	chosen []string // properties that say nothing of the error: the schema wants some value
}

// open names what only the user knows.
func (w written) open() string {
	if len(w.chosen) == 0 {
		return ""
	}
	return " What it says of " + strings.Join(w.chosen, ", ") + " is an example: choose it."
}

// problem is what RFC 9457 has, where the document says nothing more.
var problem = &api.Schema{Types: []api.Type{api.Object}, Properties: []*api.Property{
	{Name: "type", Schema: &api.Schema{Types: []api.Type{api.String}, Format: "uri-reference"}},
	{Name: "title", Schema: &api.Schema{Types: []api.Type{api.String}}},
	{Name: "status", Schema: &api.Schema{Types: []api.Type{api.Integer}}},
	{Name: "detail", Schema: &api.Schema{Types: []api.Type{api.String}}},
}}

// write writes a form in which both examples fit the schema. It keeps the members of the
// tool's own form where the schema lets them through: nothing of an error is lost then.
func write(s *api.Schema, isProblem bool, int64 declare.Int64Form) (written, bool) {
	if s.IsAny() || isProblem && len(propertiesOf(s)) == 0 && len(s.OneOf)+len(s.AnyOf) == 0 {
		s = problem
	}
	var silent written
	found := false
	for _, shape := range append([]*api.Schema{s}, slices.Concat(s.OneOf, s.AnyOf)...) {
		for _, byCauses := range []bool{false, true} {
			w := writer{int64: int64, isProblem: isProblem, byCauses: byCauses, uses: map[string]bool{}}
			v, ok := w.object(shape, whole, 0)
			if !ok {
				continue
			}
			out, ok := w.form(s, v)
			if ok && out.says {
				return out, true
			}
			if ok && !found {
				silent, found = out, true
			}
		}
	}
	return silent, found
}

func (w *writer) form(s *api.Schema, v objectValue) (written, bool) {
	out := written{says: w.says, asksID: w.asksID, chosen: w.chosen}
	members := v.members
	switch {
	case !v.has("error") && v.fits(s, true):
		members = append([]ts.Doc{ts.Text("...errorBody(error, requestId)")}, members...)
		w.uses["errorBody"] = true
		out.asksID, out.says = true, true
	case !v.fits(s, false):
		return written{}, false
	}
	out.doc = ts.Expanded(members...)
	out.uses = slices.Sorted(maps.Keys(w.uses))
	return out, true
}

// objectValue is an object of a form: its members as code, and what they are of an error.
type objectValue struct {
	members []ts.Doc
	names   []string
	of      []func(e example, d detail) any
}

func (o *objectValue) add(name string, v value) {
	o.members = append(o.members, memberDoc(name, v))
	o.names = append(o.names, name)
	o.of = append(o.of, v.of)
}

func (o *objectValue) has(name string) bool { return slices.Contains(o.names, name) }

func (o *objectValue) json(e example, d detail) *sample.Object {
	out := sample.NewObject()
	for i, name := range o.names {
		out.Set(name, o.of[i](e, d))
	}
	return out
}

// fits says that the examples fit the schema, with the members of the tool's own form or without.
func (o *objectValue) fits(s *api.Schema, withOwn bool) bool {
	for _, e := range examples {
		v := o.json(e, detail{})
		if withOwn {
			all := e.own()
			for _, key := range v.Keys {
				all.Set(key, v.Values[key])
			}
			v = all
		}
		if !sample.Valid(s, v, sample.Response) {
			return false
		}
	}
	return true
}

// memberDoc is a property of an object literal; a short one where a variable has its name.
func memberDoc(name string, v value) ts.Doc {
	if text := ts.Flat(v.doc); text == name {
		return ts.Text(name)
	}
	return ts.Cat(ts.Text(ts.PropertyKey(name)+": "), v.doc)
}

// propertiesOf are the properties of a schema and of what it takes in.
func propertiesOf(s *api.Schema) []*api.Property {
	var out []*api.Property
	seen := map[string]bool{}
	var walk func(s *api.Schema, depth int)
	walk = func(s *api.Schema, depth int) {
		if s == nil || depth > 16 {
			return
		}
		for _, p := range s.Properties {
			if !seen[p.Name] {
				seen[p.Name] = true
				out = append(out, p)
			}
		}
		walk(s.Ref, depth+1)
		for _, part := range s.AllOf {
			walk(part, depth+1)
		}
	}
	walk(s, 0)
	return out
}

// requires says that a schema, or what it takes in, requires a property.
func requires(s *api.Schema, name string, depth int) bool {
	if s == nil || depth > 16 {
		return false
	}
	return s.Requires(name) || requires(s.Ref, name, depth+1) ||
		slices.ContainsFunc(s.AllOf, func(part *api.Schema) bool { return requires(part, name, depth+1) })
}

// kindOf is the one type beside null that a value may have; "" where there are several.
func kindOf(s *api.Schema) api.Type {
	target := s.Target()
	for range 8 { // an allOf of one
		if target == nil || len(target.Types) > 0 || len(target.AllOf) != 1 || len(target.Properties) > 0 {
			break
		}
		target = target.AllOf[0].Target()
	}
	if target == nil {
		return ""
	}
	var found api.Type
	for _, t := range target.ImpliedTypes() {
		switch {
		case t == api.Null:
		case found != "":
			return ""
		default:
			found = t
		}
	}
	if found == "" && len(target.AllOf) > 0 {
		return api.Object
	}
	return found
}
