package operation

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	ts "github.com/seniorbackend/tools/scaffolder/internal/typescript"
)

func TestRoutePaths(t *testing.T) {
	for _, c := range []struct{ path, express, fastify, regexp string }{
		{"/", "/", "/", "^/$"},
		{"/users/{id}", "/users/:id", "/users/:id", "^/users/[^/]+?$"},
		{"/users/{user-id}", "/users/:userId", "/users/:userId", "^/users/[^/]+?$"},
		{"/a/{x}.json", "/a/:x.json", "/a/:x([^/]+?).json", `^/a/[^/]+?\.json$`},
		{"/a/{x}:run", `/a/:x\:run`, "/a/:x([^/]+?)::run", `^/a/[^/]+?:run$`},
		{"/a/{x}s", `/a/:"x"s`, "/a/:x([^/]+?)s", `^/a/[^/]+?s$`},
		{"/{from}-{to}", "/:from-:to", "/:from([^/]+?)-:to([^/]+?)", `^/(?=([^/]+?-))\1[^/]+?$`},
		{"/#Action=List", "/", "/", "^/$"},
		{"/trailing/", "/trailing/", "/trailing/", "^/trailing/$"},
		{"/sp ace(*)", `/sp%20ace\(\*\)`, `/sp ace(:star_1(\*))`, `^/sp%20ace\(\*\)$`},
	} {
		p := ParsePath(c.path)
		got := []string{p.PathToRegexp(), p.FindMyWay(), p.Regexp()}
		if diff := cmp.Diff([]string{c.express, c.fastify, c.regexp}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.path, diff)
		}
	}
}

func TestRoutesAreSortedBySpecificity(t *testing.T) {
	var ops []*Operation
	for _, o := range []struct{ method, path string }{
		{"GET", "/users/{id}"}, {"HEAD", "/users/{id}"}, {"GET", "/users/me"}, {"GET", "/users/{id}.json"}, {"GET", "/users"},
	} {
		ops = append(ops, &Operation{API: &api.Operation{Method: o.method, Path: o.path}, Path: ParsePath(o.path)})
	}
	var got []string
	for _, op := range BySpecificity(ops) {
		got = append(got, op.API.Method+" "+op.API.Path)
	}
	want := []string{"GET /users", "GET /users/me", "GET /users/{id}.json", "HEAD /users/{id}", "GET /users/{id}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOperationsOfOnePathAreAskedByTheirQuery(t *testing.T) {
	a := &api.API{}
	for _, path := range []string{"/x", "/x?city={city}", "/x?list=2&id={id}", "/x?list=2"} {
		a.Operations = append(a.Operations, &api.Operation{ID: path, Method: "GET", Path: path})
	}
	ops := Plan(a, "", nil)
	var got []string
	for _, op := range ops[0].Variants {
		got = append(got, op.API.Path+" "+ts.Flat(op.WhenDoc()))
	}
	want := []string{
		"/x?list=2&id={id} [{ name: 'list', value: '2' },{ name: 'id' },]",
		"/x?city={city} [{ name: 'city' }]",
		"/x?list=2 [{ name: 'list', value: '2' }]",
		"/x []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if op := ops[1]; !op.Path.AsksFor("city") || op.Path.AsksFor("id") {
		t.Error("what tells the operations apart is not left out of a request")
	}
}

func TestPathsOfFastifyAreDecodedAndHaveNoWildcards(t *testing.T) {
	for in, want := range map[string]string{
		"/caf%C3%A9":     "/café",
		"/pct%20enc":     "/pct enc",
		"/a%2Fb%3a%zz":   "/a%2Fb%3A%zz",
		"/bad%FF":        "/bad%FF",
		"/static/*":      `/static/:star_1(\*)`,
		"/a/b*c/d":       `/a/b:star_1(\*)c/d`,
		"/x:y/{id}*{to}": `/x::y/:id([^/]+?):star_1(\*):to([^/]+?)`,
		"/{id}":          "/:id",
	} {
		if got := ParsePath(in).FindMyWay(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
