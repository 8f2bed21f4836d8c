package openapi

import (
	"slices"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

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
