package tsgen

import (
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
)

// addBody makes a body in the media type that is easiest to read.
func (c *contractCall) addBody(b *api.Body) bool {
	for _, kind := range []string{"json", "form", "multipart", "text", "binary"} {
		for _, m := range b.Content {
			if mediaKind(m.Type) == kind && c.addMedia(m, kind) {
				return true
			}
		}
	}
	return false
}

func (c *contractCall) addMedia(m *api.Media, kind string) bool {
	typeName := concrete(m.Type, kind)
	named := ""
	if typeName != "application/json" {
		named = "contentType: " + quote(typeName)
	}
	switch kind {
	case "text", "binary":
		c.body = lines(named, stringMember("text", textOf(m)))
		return true
	}
	make := sample.From
	if kind != "json" {
		make = sample.ForForm
	}
	v, ok := make(m.Schema, examplesOf(m), sample.Request)
	if !ok {
		return false
	}
	if kind == "json" {
		c.json, c.jsonOf = v, m.Schema
		c.body = lines(named, cat(docText("json: "), parsedDoc(v)))
		return true
	}
	object, ok := v.(*sample.Object)
	if !ok {
		return false
	}
	if kind == "form" {
		c.body = lines(named, stringMember("text", formText(object, m)))
		return true
	}
	c.body = cat(docText("parts: "), parts(object, m))
	return true
}

// concrete is a media type that a request can have: no range, no parameters.
func concrete(mediaType, kind string) string {
	t, _, _ := strings.Cut(mediaType, ";")
	t = strings.TrimSpace(t)
	if !strings.Contains(t, "*") {
		return t
	}
	if kind == "json" {
		return "application/json"
	}
	return strings.ReplaceAll(t, "*", "x-test")
}

func lines(first string, rest doc) doc {
	if first == "" {
		return rest
	}
	return cat(docText(first+","), hardline, rest)
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
		if kindOf(e.Value) == api.String {
			return stringOf(e.Value)
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
func parts(object *sample.Object, m *api.Media) doc {
	var rows []doc
	for _, key := range object.Keys {
		schema := propertyOf(m.Schema, key, 0)
		values, isList := object.Values[key].([]any)
		if !isList {
			values = []any{object.Values[key]}
		} else if target := schema.Target(); target != nil {
			schema = target.Items
		}
		for _, v := range values {
			value := docText(quote(scalarText(v)))
			if target := schema.Target(); target != nil && isBinary(target) {
				value = "new Blob(['bytes'])"
			}
			rows = append(rows, list(docText(quote(key)), value))
		}
	}
	return rowList(rows)
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
