package complete

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen/declare"
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
	p := New([]*api.Schema{tree, plain}, declare.Request, declare.Int64Number)
	if got := p.Of(&api.Schema{Ref: plain}, "Body"); got != "" {
		t.Errorf("a schema without defaults has the plan %s", got)
	}
	if got := p.Of(&api.Schema{Ref: tree}, "Body"); got != "treePlan" {
		t.Errorf("the plan is %q", got)
	}
	want := `import type { Plan } from './complete.js';

export const treePlan: Plan = {
  omit: ['shown'],
  fields: [
    { name: 'count', fallback: 1 },
    { name: 'kids', plan: { items: () => treePlan } },
    { name: 'either', plan: { omit: ['shown'] } },
  ],
};
`
	if diff := cmp.Diff(want, p.File()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
