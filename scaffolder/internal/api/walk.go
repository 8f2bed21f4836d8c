package api

// Walk visits a schema and all inline schemas in it; it does not follow Ref.
func (s *Schema) Walk(visit func(*Schema)) {
	if s == nil {
		return
	}
	visit(s)
	for _, child := range s.children() {
		child.Walk(visit)
	}
}

func (s *Schema) children() []*Schema {
	var out []*Schema
	add := func(more ...*Schema) {
		for _, m := range more {
			if m != nil {
				out = append(out, m)
			}
		}
	}
	for _, p := range s.Properties {
		add(p.Schema)
	}
	for _, p := range s.PatternProperties {
		add(p.Schema)
	}
	for _, p := range s.DependentSchemas {
		add(p.Schema)
	}
	add(s.AdditionalProperties, s.UnevaluatedProperties, s.PropertyNames, s.Items, s.Contains, s.UnevaluatedItems)
	add(s.PrefixItems...)
	add(s.AllOf...)
	add(s.AnyOf...)
	add(s.OneOf...)
	add(s.Not, s.If, s.Then, s.Else)
	return out
}

// Rest is what all properties are that have no name in the schema; nil where
// their names decide.
func (s *Schema) Rest() *Schema {
	if len(s.PatternProperties) == 1 && len(s.Properties) == 0 && s.AdditionalProperties != nil && s.AdditionalProperties.Never {
		return s.PatternProperties[0].Schema // every name fits the pattern
	}
	if len(s.PatternProperties) > 0 {
		return nil
	}
	return s.AdditionalProperties
}
