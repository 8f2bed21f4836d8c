package spec

import "github.com/seniorbackend/tools/scaffolder/internal/api"

// walk calls visit for s and every schema inside of it, without following Ref.
func walk(s *api.Schema, visit func(*api.Schema)) {
	if s == nil {
		return
	}
	visit(s)
	for _, p := range s.Properties {
		walk(p.Schema, visit)
	}
	for _, p := range s.PatternProperties {
		walk(p.Schema, visit)
	}
	for _, one := range []*api.Schema{s.Items, s.Contains, s.AdditionalProperties, s.PropertyNames,
		s.UnevaluatedItems, s.UnevaluatedProperties, s.ContentSchema} {
		walk(one, visit)
	}
	for _, p := range s.PrefixItems {
		walk(p, visit)
	}
	for _, part := range inPlace(s) {
		walk(part, visit)
	}
}

// inPlace lists the schemas inside of s that look at the same value as s, all
// but Ref.
func inPlace(s *api.Schema) []*api.Schema {
	out := make([]*api.Schema, 0, len(s.AllOf)+len(s.OneOf)+len(s.AnyOf)+4)
	out = append(append(append(out, s.AllOf...), s.OneOf...), s.AnyOf...)
	for _, one := range []*api.Schema{s.Not, s.If, s.Then, s.Else} {
		if one != nil {
			out = append(out, one)
		}
	}
	for _, d := range s.DependentSchemas {
		if d.Schema != nil {
			out = append(out, d.Schema)
		}
	}
	return out
}

// walkOperation calls visit for every schema of an operation.
func walkOperation(op *api.Operation, visit func(*api.Schema)) {
	for _, p := range op.Parameters {
		walk(p.Schema, visit)
		if p.Content != nil {
			walk(p.Content.Schema, visit)
		}
	}
	if op.Body != nil {
		walkContent(op.Body.Content, visit)
	}
	for _, response := range op.Responses {
		walkContent(response.Content, visit)
		for _, h := range response.Headers {
			walk(h.Schema, visit)
		}
	}
	for _, c := range op.Callbacks {
		walkOperation(c, visit)
	}
}

func walkContent(content []*api.Media, visit func(*api.Schema)) {
	for _, m := range content {
		walk(m.Schema, visit)
		walk(m.ItemSchema, visit)
	}
}
