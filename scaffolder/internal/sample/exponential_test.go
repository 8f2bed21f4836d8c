package sample

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

// A schema that asks about each level twice is judged once a level: this would not
// end otherwise.
func TestAlternativesOfAlternatives(t *testing.T) {
	leaf := &api.Schema{Types: []api.Type{api.String}}
	s := &api.Schema{}
	for range 30 {
		branch := &api.Schema{Types: []api.Type{api.Object}, Required: []string{"k"}, Properties: []*api.Property{{Name: "k", Schema: s}}}
		s.AnyOf = append(s.AnyOf, branch)
	}
	s.AnyOf = append(s.AnyOf, leaf)
	value := func(end any) any {
		v := end
		for range 60 {
			v = &Object{Keys: []string{"k"}, Values: map[string]any{"k": v}}
		}
		return v
	}
	if !Valid(s, value("a"), Request) {
		t.Error("a text at the end passes")
	}
	if Valid(s, value(true), Request) {
		t.Error("true at the end does not")
	}
}
