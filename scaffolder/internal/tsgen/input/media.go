package input

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

// mediaDoc is the entry of a media type in a BodySpec.
func (in *Inputs) mediaDoc(m *api.Media) ts.Doc {
	kind := m.Kind()
	members := []ts.Doc{ts.Text("type: " + ts.Quote(m.Type)), ts.Text("kind: " + ts.Quote(string(kind)))}
	switch kind {
	case api.Form:
		members = append(members, ts.Cat(ts.Text("fields: "), ts.RowList(formRows(m))), restDoc(m.Schema))
	case api.Multipart:
		if styled := styledRows(m); len(styled) > 0 {
			members = append(members, ts.Cat(ts.Text("fields: "), ts.RowList(styled)))
		}
		members = append(members, ts.Cat(ts.Text("parts: "), ts.RowList(partRows(m))), restDoc(m.Schema))
	case api.PlainText:
		if IsShapedText(m) {
			members = append(members, ts.Cat(ts.Text("shape: "), scalarShape(FactsOf(m.Schema, 0))))
		}
	}
	if paths := open(m.Schema); in.KeepsDigits && kind == api.JSON && paths != nil {
		members = append(members, ts.Cat(ts.Text("open: "), paths))
	}
	return ts.Object(members...)
}

// restDoc says what properties that nobody named become: texts, which are then
// refused, where there may be none.
func restDoc(s *api.Schema) ts.Doc {
	if rest := FactsOf(s, 0).rest; rest == nil || !rest.Never {
		return ts.Cat(ts.Text("rest: "), shapeOf(rest))
	}
	return ts.Text("rest: 'string'")
}

// IsScalarText says that a text is judged by its schema: it asks for strings, numbers or
// booleans. Numbers in languages of their own, such as XML, are not looked for.
func IsScalarText(m *api.Media) bool {
	f := FactsOf(m.Schema, 0)
	if len(f.Kinds) == 0 || f.Kinds[api.Array] || f.Kinds[api.Object] || m.ItemSchema != nil {
		return false
	}
	isText := strings.HasPrefix(m.Type, "text/") && !strings.HasPrefix(m.Type, "text/xml")
	return isText || len(f.Kinds) == 1 && f.Kinds[api.String]
}

// IsShapedText says that a text is judged as something else than a string.
func IsShapedText(m *api.Media) bool {
	return m.Kind() == api.PlainText && IsScalarText(m) && ts.Flat(scalarShape(FactsOf(m.Schema, 0))) != "'string'"
}

// formRows are the properties of a urlencoded form.
func formRows(m *api.Media) []ts.Doc {
	var rows []ts.Doc
	for _, property := range FactsOf(m.Schema, 0).properties {
		e := EncodingOf(m, property.Name)
		style, explode := "form", true
		switch {
		case e.Style != "":
			style, explode = StyleName(&api.Parameter{Style: e.Style}), e.Explode
		case FactsOf(property.Schema, 0).Kinds[api.Object] || slices.ContainsFunc(e.ContentTypes, api.IsJSON):
			style, explode = "json", false
		}
		rows = append(rows, fieldRow(property, style, explode))
	}
	return rows
}

// EncodingOf is how a property is written; the zero value where the document does not say.
func EncodingOf(m *api.Media, property string) api.Encoding {
	for _, e := range m.Encoding {
		if e.Property == property {
			return *e
		}
	}
	return api.Encoding{}
}

func fieldRow(property *api.Property, style string, explode bool) ts.Doc {
	members := []ts.Doc{ts.Text("name: " + ts.Quote(property.Name)), ts.Text("style: " + ts.Quote(style))}
	if explode {
		members = append(members, ts.Text("explode: true"))
	}
	members = append(members, ts.Cat(ts.Text("shape: "), shapeOf(property.Schema)))
	return ts.Object(members...)
}
