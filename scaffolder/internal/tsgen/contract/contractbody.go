package contract

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/input"

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
		text, ok := textOf(m)
		c.body = lines(named, stringMember("text", text))
		if input.IsScalarText(m) {
			c.textOf = m.Schema
		}
		return ok
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

// textOf is a text that the document allows.
func textOf(m *api.Media) (string, bool) {
	if !input.IsScalarText(m) {
		for _, e := range m.Examples {
			if e.Value.Type() == api.String {
				return e.Value.Text(), true
			}
		}
		return "text", true
	}
	v, ok := sample.From(m.Schema, examplesOf(m), sample.Request)
	return scalarText(v), ok && v != ""
}

// formText is a body of application/x-www-form-urlencoded.
func formText(object *sample.Object, m *api.Media) string {
	var pairs []string
	for _, key := range object.Keys {
		parameter := &api.Parameter{Name: key, Style: api.StyleForm, Explode: true, Schema: &api.Schema{}}
		_, isJSON := object.Values[key].(*sample.Object)
		e := input.EncodingOf(m, key)
		isJSON = isJSON || slices.ContainsFunc(e.ContentTypes, api.IsJSON)
		if e.Style != "" {
			parameter.Style, parameter.Explode, isJSON = e.Style, e.Explode, false
		}
		if isJSON {
			pairs = append(pairs, percent(key)+"="+percent(sample.JSON(object.Values[key])))
			continue
		}
		made, _ := queryPairs(parameter, object.Values[key])
		for _, pair := range made {
			pairs = append(pairs, pair[0]+"="+pair[1])
		}
	}
	return strings.Join(pairs, "&")
}

// parts are the fields and files of a multipart body, each as its encoding says.
func parts(object *sample.Object, m *api.Media) ts.Doc {
	var rows []ts.Doc
	for _, key := range object.Keys {
		e := input.EncodingOf(m, key)
		if e.Style != "" {
			made, _ := queryPairs(&api.Parameter{Name: key, Style: e.Style, Explode: e.Explode, Schema: &api.Schema{}}, object.Values[key])
			for _, pair := range made {
				rows = append(rows, ts.List(ts.Text(ts.Quote(plainText(pair[0]))), ts.Text(ts.Quote(plainText(pair[1])))))
			}
			continue
		}
		schema := propertyOf(input.PartsSchema(m), key, 0)
		values, isList := object.Values[key].([]any)
		if !isList || slices.ContainsFunc(e.ContentTypes, api.IsJSON) {
			values = []any{object.Values[key]}
		} else if target := schema.Target(); target != nil {
			schema = target.Items
		}
		for _, v := range values {
			rows = append(rows, ts.List(ts.Text(ts.Quote(key)), part(v, schema.Target(), e.ContentTypes)))
		}
	}
	return ts.RowList(rows)
}

// part is a file, a text, or JSON; types are those that it may have.
func part(v any, schema *api.Schema, types []string) ts.Doc {
	typed := func(content, mediaType string) ts.Doc {
		if mediaType == "" {
			return ts.Text("new Blob([" + content + "])")
		}
		return ts.Text("new Blob([" + content + "], { type: " + ts.Quote(mediaType) + " })")
	}
	named := ""
	if len(types) > 0 {
		named = concrete(types[0], api.Binary)
	}
	_, isObject := v.(*sample.Object)
	switch {
	case schema.IsBytes():
		return typed("'bytes'", named)
	case api.IsJSON(named) || isObject && named == "":
		return typed(ts.Quote(sample.JSON(v)), cmp.Or(named, "application/json"))
	}
	return ts.Text(ts.Quote(scalarText(v)))
}

// plainText undoes percent-encoding, which parts do not have.
func plainText(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
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
