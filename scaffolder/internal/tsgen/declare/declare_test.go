package declare

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func TestFilesOfForms(t *testing.T) {
	for _, c := range []struct {
		schema api.Schema
		want   bool
	}{
		{api.Schema{Format: "binary"}, true},
		{api.Schema{ContentEncoding: "binary"}, true}, // says nothing of the bytes of a part
		{api.Schema{ContentMediaType: "application/octet-stream"}, true},
		{api.Schema{ContentMediaType: "image/png"}, true},
		{api.Schema{ContentMediaType: "application/json"}, false},
		{api.Schema{ContentMediaType: "text/html"}, false},
		{api.Schema{ContentMediaType: "application/octet-stream", ContentEncoding: "base64"}, false},
		{api.Schema{Types: []api.Type{api.String}}, false},
	} {
		if got := c.schema.IsBytes(); got != c.want {
			t.Errorf("%+v: %v", c.schema, got)
		}
	}
}

// What is put into a document before a schema renames nothing.
func TestTypeNamesStay(t *testing.T) {
	schema := func(names ...string) *api.API {
		a := &api.API{}
		for _, name := range names {
			a.Schemas = append(a.Schemas, &api.Schema{Name: name, Types: []api.Type{api.String}})
		}
		return a
	}
	names := func(types *Types) map[string]string {
		out := map[string]string{}
		for _, c := range types.decls.order {
			out[c.Schema.Name] = c.Name
		}
		return out
	}
	first := New(schema("a_b", "AB", "a-b"), Int64Number, nil)
	if got := names(first); got["AB"] != "AB" || got["a_b"] != "AB2" || got["a-b"] != "AB3" {
		t.Errorf("a name that is a type name has the first claim: %v", got)
	}
	known := first.Remember(nil)
	second := New(schema("a+b", "a-b", "AB"), Int64Number, known)
	if got := names(second); got["AB"] != "AB" || got["a-b"] != "AB3" || got["a+b"] != "AB4" {
		t.Errorf("after a change: %v, knowing %v", got, known)
	}
	if again := second.Remember(known); again["a_b"] != "AB2" {
		t.Errorf("the name of a schema that is gone is forgotten: %v", again)
	}
}
