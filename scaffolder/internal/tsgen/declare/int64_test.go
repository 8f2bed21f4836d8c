package declare

import (
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/sample"

	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

func TestDefaultsOfExactIntegers(t *testing.T) {
	for _, c := range []struct {
		value, least api.Value
		want         bool
	}{
		{"9007199254740993", "", true},
		{"9007199254740993", "9007199254740993", true},
		{"9007199254740992", "9007199254740993", false},
		{"9223372036854775807", "", true},
		{"9223372036854775808", "", false},
		{"1.5", "", false},
		{`"1"`, "", false},
	} {
		s := &api.Schema{Types: []api.Type{api.Integer}, Format: "int64", Default: c.value, Minimum: api.Number(c.least)}
		if got := int64BigInt.DefaultOf(s) != ""; got != c.want {
			t.Errorf("%s from %s: %v", c.value, c.least, got)
		}
	}
}

func TestValuesOfHandlersHaveTheirForm(t *testing.T) {
	id := &api.Schema{Types: []api.Type{api.Integer}, Format: "int64"}
	s := &api.Schema{AllOf: []*api.Schema{{Properties: []*api.Property{
		{Name: "id", Schema: id}, {Name: "n", Schema: &api.Schema{Types: []api.Type{api.Integer}}},
		{Name: "ids", Schema: &api.Schema{Items: &api.Schema{Ref: id}}},
	}}}}
	v, err := sample.Parse(`{"id":1e3,"n":5,"ids":[9007199254740993]}`)
	if err != nil {
		t.Fatal(err)
	}
	for form, want := range map[Int64Form]string{
		Int64Number: "{\n  id: 1e3,\n  n: 5,\n  ids: [9007199254740992],\n}",
		int64BigInt: "{\n  id: 1000n,\n  n: 5,\n  ids: [9007199254740993n],\n}",
		Int64String: "{\n  id: '1000',\n  n: 5,\n  ids: ['9007199254740993'],\n}",
	} {
		if got := ts.Render(ParsedDoc(form.Handled(v, s)), 0); got != want {
			t.Errorf("%s: %s", form, got)
		}
	}
}
