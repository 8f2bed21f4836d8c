package contract

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// addBody makes a body in the media type that is easiest to read.
func (c *contractCall) addBody(b *api.Body) bool {
	for _, kind := range []api.MediaKind{api.JSON, api.Form, api.Multipart, api.PlainText, api.Binary} {
		for _, m := range b.Content {
			if m.Kind() == kind && c.addMedia(m, kind) {
				return true
			}
		}
	}
	return false
}

func (c *contractCall) addMedia(m *api.Media, kind api.MediaKind) bool {
	typeName := concrete(m.Type, kind)
	named := ""
	if typeName != "application/json" {
		named = "contentType: " + ts.Quote(typeName)
	}
	switch kind {
	case api.PlainText, api.Binary:
		c.body = lines(named, stringMember("text", textOf(m)))
		return true
	}
	make := sample.From
	if kind != api.JSON {
		make = sample.ForForm
	}
	v, ok := make(m.Schema, examplesOf(m), sample.Request)
	if !ok {
		return false
	}
	if kind == api.JSON {
		c.json, c.jsonOf = v, m.Schema
		c.body = lines(named, ts.Cat(ts.Text("json: "), declare.ParsedDoc(v)))
		return true
	}
	object, ok := v.(*sample.Object)
	if !ok {
		return false
	}
	if kind == api.Form {
		c.body = lines(named, stringMember("text", formText(object, m)))
		return true
	}
	c.body = ts.Cat(ts.Text("parts: "), parts(object, m))
	return true
}

// concrete is a media type that a request can have: no range, no parameters.
func concrete(mediaType string, kind api.MediaKind) string {
	t, _, _ := strings.Cut(mediaType, ";")
	t = strings.TrimSpace(t)
	if !strings.Contains(t, "*") {
		return t
	}
	if kind == api.JSON {
		return "application/json"
	}
	return strings.ReplaceAll(t, "*", "x-test")
}

func lines(first string, rest ts.Doc) ts.Doc {
	if first == "" {
		return rest
	}
	return ts.Cat(ts.Text(first+","), ts.Hardline, rest)
}

func examplesOf(m *api.Media) []api.Value {
	var out []api.Value
	for _, e := range m.Examples {
		out = append(out, e.Value)
	}
	return out
}

func textOf(m *api.Media) string {
	for _, e := range m.Examples {
		if e.Value.Type() == api.String {
			return e.Value.Text()
		}
	}
	return "text"
}

// formText is a body of application/x-www-form-urlencoded.
func formText(object *sample.Object, m *api.Media) string {
	var pairs []string
	for _, key := range object.Keys {
		parameter := &api.Parameter{Name: key, Style: api.StyleForm, Explode: true, Schema: &api.Schema{}}
		_, nested := object.Values[key].(*sample.Object)
		for _, e := range m.Encoding {
			if e.Property == key && e.Style != "" {
				parameter.Style, parameter.Explode, nested = e.Style, e.Explode, false
			}
		}
		if nested {
			pairs = append(pairs, percent(key)+"="+percent(scalarText(object.Values[key])))
			continue
		}
		made, _ := queryPairs(parameter, object.Values[key])
		for _, pair := range made {
			pairs = append(pairs, pair[0]+"="+pair[1])
		}
	}
	return strings.Join(pairs, "&")
}

// parts are the fields and files of a multipart body.
func parts(object *sample.Object, m *api.Media) ts.Doc {
	var rows []ts.Doc
	for _, key := range object.Keys {
		schema := propertyOf(m.Schema, key, 0)
		values, isList := object.Values[key].([]any)
		if !isList {
			values = []any{object.Values[key]}
		} else if target := schema.Target(); target != nil {
			schema = target.Items
		}
		for _, v := range values {
			value := ts.Text(ts.Quote(scalarText(v)))
			if target := schema.Target(); target != nil && declare.IsBinary(target) {
				value = "new Blob(['bytes'])"
			}
			rows = append(rows, ts.List(ts.Text(ts.Quote(key)), value))
		}
	}
	return ts.RowList(rows)
}

// propertyOf finds the schema of a property, also where it is taken in.
func propertyOf(s *api.Schema, name string, depth int) *api.Schema {
	if s == nil || depth > 16 {
		return nil
	}
	if found := s.Property(name); found != nil {
		return found
	}
	if found := propertyOf(s.Ref, name, depth+1); found != nil {
		return found
	}
	for _, each := range [][]*api.Schema{s.AllOf, s.OneOf, s.AnyOf} {
		for _, inner := range each {
			if found := propertyOf(inner, name, depth+1); found != nil {
				return found
			}
		}
	}
	return nil
}
