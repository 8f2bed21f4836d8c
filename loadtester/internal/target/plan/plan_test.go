package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/loadtester/internal/target"
)

func TestTargets(t *testing.T) {
	p, err := Read([]byte(`
base: http://h:1/
header: {Accept: application/json}
targets:
  - {get: "/users?page={{rand 1 9}}", weight: 3}
  - post: /users
    json: {email: "{{users.email}}", n: 1}
    header: {accept: text/plain}
  - {method: put, url: "http://other/x", body: raw}
  - {post: /form, form: {a: "1 2"}}
`), "p.yaml", "")
	if err != nil {
		t.Fatal(err)
	}
	accept := target.Field{Name: "Accept", Value: "application/json"}
	want := []target.Spec{
		{Method: "GET", URL: "http://h:1/users?page={{rand 1 9}}", Weight: 3, Header: []target.Field{accept}},
		{Method: "POST", URL: "http://h:1/users", Header: []target.Field{{Name: "accept", Value: "text/plain"}, {Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"email":"{{users.email}}","n":1}`)},
		{Method: "PUT", URL: "http://other/x", Header: []target.Field{accept}, Body: []byte("raw")},
		{Method: "POST", URL: "http://h:1/form", Header: []target.Field{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}, accept}, Body: []byte("a=1+2")},
	}
	for i := range want {
		want[i].Template, want[i].File = true, "p.yaml"
		want[i].Weight = max(want[i].Weight, 1)
	}
	if diff := cmp.Diff(want, p.Specs); diff != "" {
		t.Error(diff)
	}
}

func TestChain(t *testing.T) {
	p, err := Read([]byte(`
cookies: true
chain:
  - {name: login, post: /login, json: {user: me}, save: {token: body.data.token}, expect: [200, 201]}
  - {get: /me, header: {Authorization: "Bearer {{$token}}"}}
`), "p.yaml", "http://127.0.0.1:9")
	if err != nil || !p.Chain || !p.Cookies || len(p.Specs) != 2 {
		t.Fatalf("%+v %v", p, err)
	}
	if s := p.Specs[0]; s.URL != "http://127.0.0.1:9/login" || s.Save[0].Name != "token" || s.Save[0].Path != "data.token" || len(s.Expect) != 2 {
		t.Errorf("%+v", s)
	}
	if _, err := target.Compile(p.Specs, target.Options{Chain: true, Cookies: true}); err != nil {
		t.Error(err)
	}
}

// A path with a query needs no quotes, also within braces.
func TestQueryWithoutQuotes(t *testing.T) {
	p, err := Read([]byte("targets:\n  - {get: /p?x=1&y=2, weight: 2}\n"), "p.yaml", "http://h:1")
	if err != nil || p.Specs[0].URL != "http://h:1/p?x=1&y=2" {
		t.Errorf("%+v %v", p, err)
	}
}

func TestFaults(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "p.yaml: it is empty",
		"targets: []":                   "p.yaml: it has no targets",
		"targets:\n  - {gett: /x}":      "p.yaml:2: it is not a plan",
		"targets:\n  - {get: /x, x: 1}": "p.yaml:2: it is not a plan: field x not found",
		"targets:\n  - [":               "p.yaml:3: it is not a plan: did not find expected node content",
		"targets:\n\t- a":               "p.yaml:2: it is not a plan: found character",
		"a: 1\nb:\n - {get: /{{seq}}}":  "p.yaml:3: it is not a plan: did not find expected ',' or '}'",
		"targets: [{get: /x}]":          "p.yaml: entry 1: its URL is relative",
		"base: http://h\ntargets: [{}]": "p.yaml: entry 1: it has no URL",
		"base: http://h\ntargets: [{get: /x, post: /y}]":           "p.yaml: entry 1: it has several URLs",
		"base: http://h\ntargets: [{post: /x, body: a, json: {}}]": "p.yaml: entry 1: it has several bodies",
		"base: http://h\ntargets: [{get: /x}]\nchain: [{get: /x}]": "p.yaml: it has both",
		"base: http://h\nchain: [{get: /x, save: {a: nowhere}}]":   "p.yaml: entry 1: the saved value",
	} {
		_, err := Read([]byte(in), "p.yaml", "")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\n got  %v\n want %s", in, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("base: http://h\nchain: [{post: /x, json: {a: [1]}, save: {t: body.a}}]"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if bytes := string(in); strings.Contains(bytes, "@") {
			return
		}
		if p, err := Read(in, "p", ""); err == nil {
			_, _ = target.Compile(p.Specs, target.Options{Chain: p.Chain})
		}
	})
}

// Beside weights, an entry without one counts as one; a weight of 0 turns it off.
func TestWeights(t *testing.T) {
	p, err := Read([]byte("base: http://h\ntargets: [{get: /a, weight: 3}, {get: /b}, {get: /c, weight: 0}]"), "f", "")
	if err != nil || p.Specs[0].Weight != 3 || p.Specs[1].Weight != 1 || p.Specs[2].Weight != 0 {
		t.Errorf("%+v %v", p, err)
	}
	if p, err = Read([]byte("base: http://h\ntargets: [{get: /a}, {get: /b}]"), "f", ""); err != nil || p.Specs[0].Weight != 0 {
		t.Errorf("%+v %v", p, err)
	}
}
