package tsgen

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func TestPlans(t *testing.T) {
	count := &api.Schema{Types: []api.Type{api.Integer}, Default: "1"}
	tree := &api.Schema{Name: "Tree", Types: []api.Type{api.Object}}
	plain := &api.Schema{Name: "Plain", Types: []api.Type{api.Object}, Properties: []*api.Property{{Name: "a", Schema: &api.Schema{}}}}
	tree.Properties = []*api.Property{
		{Name: "count", Schema: count},
		{Name: "must", Schema: count},
		{Name: "never", Schema: &api.Schema{Types: []api.Type{api.Integer}, Default: `"x"`}},
		{Name: "shown", Schema: &api.Schema{Types: []api.Type{api.Integer}, Default: "2", ReadOnly: true}},
		{Name: "plain", Schema: &api.Schema{Ref: plain}},
		{Name: "kids", Schema: &api.Schema{Types: []api.Type{api.Array}, Items: &api.Schema{Ref: tree}}},
		{Name: "either", Schema: &api.Schema{OneOf: []*api.Schema{{Ref: tree}, {Ref: plain}}}},
	}
	tree.Required = []string{"must"}
	p := newPlans([]*api.Schema{tree, plain}, request, int64Number)
	if got := p.of(&api.Schema{Ref: plain}, "Body"); got != "" {
		t.Errorf("a schema without defaults has the plan %s", got)
	}
	if got := p.of(&api.Schema{Ref: tree}, "Body"); got != "treePlan" {
		t.Errorf("the plan is %q", got)
	}
	want := `import type { Plan } from './complete.js';

export const treePlan: Plan = {
  fields: [
    { name: 'count', fallback: 1 },
    { name: 'kids', plan: { items: () => treePlan } },
  ],
};
`
	if diff := cmp.Diff(want, p.file()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDefaultsThatDoNotFitAreSaid(t *testing.T) {
	wrong := &api.Schema{Types: []api.Type{api.Integer}, Default: `"many"`, At: api.Position{Line: 7}}
	body := &api.Schema{Properties: []*api.Property{{Name: "n", Schema: wrong}, {Name: "same", Schema: wrong}}}
	op := &api.Operation{ID: "a", Method: "POST", Path: "/", Body: &api.Body{Content: []*api.Media{{Type: "application/json", Schema: body}}}}
	found := Notices(&api.API{Operations: []*api.Operation{op}}, Options{})
	if len(found) != 1 || found[0].Rule != "bad-default" || found[0].At.Line != 7 || !strings.Contains(found[0].Message, "many of n ") {
		t.Errorf("%+v", found)
	}
}
