package openapi

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// Normalize makes of a model what reading its document gives, as far as null is
// concerned: who goes on with the model need not read the document. It changes the
// schemas themselves, which several operations may share.
func Normalize(a *api.API) {
	one := func(s *api.Schema) {
		s.Walk(func(s *api.Schema) { *s = *normal(s) })
	}
	for _, s := range a.Schemas {
		one(s)
	}
	seen := map[any]bool{} // what is shared
	first := func(part any) bool {
		was := seen[part]
		seen[part] = true
		return !was
	}
	for _, op := range slices.Concat(a.Operations, a.Webhooks) {
		normalizeOperation(op, one, first)
	}
}

func normalizeOperation(op *api.Operation, one func(*api.Schema), first func(any) bool) {
	content := func(list []*api.Media) {
		for _, m := range list {
			one(m.Schema)
			one(m.ItemSchema)
			for _, e := range m.Encoding {
				normalizeHeaders(e.Headers, one)
			}
		}
	}
	for _, p := range op.Parameters {
		if first(p) {
			one(p.Schema)
			if p.Content != nil {
				content([]*api.Media{p.Content})
			}
		}
	}
	if op.Body != nil {
		content(op.Body.Content)
	}
	for _, r := range op.Responses {
		if first(r) {
			normalizeHeaders(r.Headers, one)
			content(r.Content)
		}
	}
	for _, callback := range op.Callbacks {
		normalizeOperation(callback, one, first)
	}
}

func normalizeHeaders(headers []*api.Header, one func(*api.Schema)) {
	for _, h := range headers {
		one(h.Schema)
		if h.Content != nil {
			one(h.Content.Schema)
		}
	}
}

// normal is s as JSON Schema says it, which has no word for Nullable: null is a
// type like others. Where null is kept out by more than the type, the schema
// becomes one of two alternatives.
func normal(s *api.Schema) *api.Schema {
	if !s.Nullable {
		return s
	}
	out := *s
	out.Nullable = false
	switch {
	case s.Never:
	case !keepsNullOut(s) && len(s.Types) > 0:
		out.Types = withNull(s.Types)
		return &out
	case s.HasEnum && !keepsNullOut(&api.Schema{Ref: s.Ref, Const: s.Const, AllOf: s.AllOf, AnyOf: s.AnyOf, OneOf: s.OneOf, Not: s.Not, If: s.If, Discriminator: s.Discriminator}):
		if len(s.Types) > 0 {
			out.Types = withNull(s.Types)
		}
		if !slices.Contains(s.Enum, "null") {
			out.Enum = append(slices.Clone(s.Enum), "null")
		}
		return &out
	}
	either := &api.Schema{
		Name: s.Name, Title: s.Title, Description: s.Description, Deprecated: s.Deprecated,
		ReadOnly: s.ReadOnly, WriteOnly: s.WriteOnly, Default: s.Default, Examples: s.Examples, At: s.At,
	}
	out.Name, out.Title, out.Description, out.Deprecated = "", "", "", false
	out.ReadOnly, out.WriteOnly, out.Default, out.Examples = false, false, "", nil
	either.AnyOf = []*api.Schema{&out, {Types: []api.Type{api.Null}, At: s.At}}
	return either
}

func withNull(types []api.Type) []api.Type {
	if slices.Contains(types, api.Null) {
		return types
	}
	return append(slices.Clone(types), api.Null)
}

// keepsNullOut says that something other than the types may refuse null. (The
// keywords of numbers, strings, arrays and objects look at nothing else.)
func keepsNullOut(s *api.Schema) bool {
	return s.Ref != nil || s.HasEnum || s.Const != "" || len(s.AllOf) > 0 || len(s.AnyOf) > 0 || len(s.OneOf) > 0 ||
		s.Not != nil || s.If != nil || s.Discriminator != nil
}
