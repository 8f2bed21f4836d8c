package reconcile

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// TestKeepOwnWords has two operations that send one and the same schema, as those of a
// handler that stands before several routes do: each keeps the words that the document has
// for it.
func TestKeepOwnWords(t *testing.T) {
	shared := &api.Schema{Types: []api.Type{api.Object}, Properties: []*api.Property{{Name: "error", Schema: &api.Schema{Types: []api.Type{api.String}}}}}
	of := func(schema func(path string) *api.Schema) *api.API {
		a := &api.API{Title: "a", Version: "1"}
		for _, path := range []string{"/a", "/b", "/c"} {
			a.Operations = append(a.Operations, &api.Operation{Method: "GET", Path: path, Responses: []*api.Response{{
				Status: "400", Content: []*api.Media{{Type: "application/json", Schema: schema(path)}},
			}}})
		}
		return a
	}
	code := of(func(string) *api.Schema { return shared })
	words := map[string]string{"/a": "what a says", "/b": "what b says"}
	document := of(func(path string) *api.Schema {
		return &api.Schema{Types: []api.Type{api.Object}, Description: words[path], Properties: []*api.Property{{Name: "error", Schema: &api.Schema{Types: []api.Type{api.String}, Description: words[path]}}}}
	})
	for _, n := range Keep(code, document) {
		t.Errorf("unexpected: %s", n.Message)
	}
	for _, op := range code.Operations {
		s := op.Responses[0].Content[0].Schema
		if s.Description != words[op.Path] || s.Properties[0].Schema.Description != words[op.Path] {
			t.Errorf("%s: %q and %q, want %q", op.Path, s.Description, s.Properties[0].Schema.Description, words[op.Path])
		}
	}
}
