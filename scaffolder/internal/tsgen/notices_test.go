package tsgen

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func TestOperationsThatCannotBeRouted(t *testing.T) {
	a := &api.API{Operations: []*api.Operation{
		{ID: "a", Method: "GET", Path: "/x/{a}"},
		{ID: "b", Method: "GET", Path: "/x/{b}"},
		{ID: "c", Method: "BREW", Path: "/x"},
		{ID: "f", Method: "QUERY", Path: "/x"},
		{ID: "g", Method: "PURGE", Path: "/x"},
		{ID: "d", Method: "POST", Path: "/?Action=A"},
		{ID: "e", Method: "POST", Path: "/?Action=B"},
	}}
	var got []string
	for _, n := range Notices(a, Options{}) {
		got = append(got, n.Rule+": "+n.Message)
	}
	want := []string{
		"path-collision: GET /x/{b} is left out: a request for it cannot be told from one for GET /x/{a}",
		"method: BREW /x is left out: Node's server does not take BREW",
	}
	if diff := cmp.Diff(want, got); diff != "" {
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

func TestExactIntegersCannotBeHadWithZod(t *testing.T) {
	if _, err := Generate(&api.API{}, Options{Framework: "koa", Int64: "string", Validator: "zod"}); err == nil {
		t.Error("they can")
	}
}

func TestSecretsThatOneHeaderCannotHold(t *testing.T) {
	key := &api.SecurityScheme{Name: "key", Type: api.SchemeAPIKey, In: api.InHeader, KeyName: "Authorization"}
	bearer := &api.SecurityScheme{Name: "bearer", Type: api.SchemeHTTP, Scheme: "bearer"}
	login := &api.SecurityScheme{Name: "login", Type: api.SchemeOAuth2}
	other := &api.SecurityScheme{Name: "other", Type: api.SchemeAPIKey, In: api.InHeader, KeyName: "X-Key"}
	for _, c := range []struct {
		uses api.Requirement
		told int
	}{
		{api.Requirement{{Scheme: key}, {Scheme: bearer}}, 1},
		{api.Requirement{{Scheme: other}, {Scheme: bearer}, {Scheme: key}}, 1},
		{api.Requirement{{Scheme: login}, {Scheme: bearer}}, 0}, // one token may do for both
		{api.Requirement{{Scheme: other}, {Scheme: bearer}}, 0},
	} {
		op := &api.Operation{ID: "a", Method: "GET", Path: "/", Security: []api.Requirement{c.uses}}
		if found := Notices(&api.API{Operations: []*api.Operation{op, {ID: "b", Method: "PUT", Path: "/", Security: op.Security}}}, Options{}); len(found) != c.told {
			t.Errorf("%+v", found)
		}
	}
}
