package input

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// styledRows are the properties of a multipart body that are written in a style.
func styledRows(m *api.Media) []ts.Doc {
	var rows []ts.Doc
	for _, property := range FactsOf(m.Schema, 0).properties {
		if e := EncodingOf(m, property.Name); e.Style != "" {
			rows = append(rows, fieldRow(property, StyleName(&api.Parameter{Style: e.Style}), e.Explode))
		}
	}
	return rows
}

// partRows are the other properties: each is a part, or a part for each of its items.
// One in the style deepObject may be a part, too: its own name can mean nothing else.
func partRows(m *api.Media) []ts.Doc {
	var rows []ts.Doc
	for _, property := range FactsOf(m.Schema, 0).properties {
		e := EncodingOf(m, property.Name)
		if e.Style != "" && e.Style != api.StyleDeepObject {
			continue
		}
		members := []ts.Doc{ts.Text("name: " + ts.Quote(property.Name)), ts.Cat(ts.Text("shape: "), shapeOf(property.Schema))}
		isJSON := len(e.ContentTypes) > 0 && !slices.ContainsFunc(e.ContentTypes, func(t string) bool { return !api.IsJSON(t) })
		if !isJSON && mayBeFile(property.Schema, 0) || isFileByType(property.Schema, e) {
			members = append(members, ts.Text("file: true"))
		}
		if len(e.ContentTypes) > 0 && e.Style == "" {
			var types []ts.Doc
			for _, t := range e.ContentTypes {
				types = append(types, ts.Text(ts.Quote(t)))
			}
			members = append(members, ts.Cat(ts.Text("types: "), ts.List(types...)))
		}
		rows = append(rows, ts.Object(members...))
	}
	return rows
}

// mayBeFile says that a file fits a schema, or one of its items: it has bytes somewhere,
// or takes anything.
func mayBeFile(s *api.Schema, depth int) bool {
	if depth > 16 {
		return false
	}
	if s == nil || s.IsAny() || s.IsBytes() {
		return true
	}
	if s.Ref != nil && mayBeFile(s.Ref, depth+1) || s.Items != nil && mayBeFile(s.Items, depth+1) {
		return true
	}
	return slices.ContainsFunc(slices.Concat(s.AllOf, s.OneOf, s.AnyOf), func(each *api.Schema) bool { return mayBeFile(each, depth+1) })
}

// isFileByType says that the encoding alone makes a property a file: it asks for an
// image or the like, and the schema says nothing but that it is a string.
func isFileByType(s *api.Schema, e api.Encoding) bool {
	isBytes := func(t string) bool { return (&api.Media{Type: t}).Kind() == api.Binary }
	if len(e.ContentTypes) == 0 || e.Style != "" || slices.ContainsFunc(e.ContentTypes, func(t string) bool { return !isBytes(t) }) {
		return false
	}
	return s != nil && s.Is(api.String) && s.Ref == nil && s.Format == "" && !s.HasEnum && s.Const == "" && s.Pattern == "" && s.ContentEncoding == ""
}

// PartsSchema is the schema of a multipart body in which the properties that its encoding
// makes files are files.
func PartsSchema(m *api.Media) *api.Schema {
	s := m.Schema
	if s.IsRef() {
		s = s.Ref
	}
	if s == nil {
		return nil
	}
	var changed []*api.Property
	for i, p := range s.Properties {
		if isFileByType(p.Schema, EncodingOf(m, p.Name)) {
			if changed == nil {
				changed = slices.Clone(s.Properties)
			}
			file := *p.Schema
			file.Format = "binary"
			changed[i] = &api.Property{Name: p.Name, Schema: &file}
		}
	}
	if changed == nil {
		return m.Schema
	}
	out := *s
	out.Name, out.Properties = "", changed
	return &out
}
