package tsgen

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seniorbackend/tools/scaffolder/internal/api"
)

func TestRoutePaths(t *testing.T) {
	for _, c := range []struct{ path, express, fastify, regexp string }{
		{"/", "/", "/", "^/$"},
		{"/users/{id}", "/users/:id", "/users/:id", "^/users/[^/]+?$"},
		{"/users/{user-id}", "/users/:userId", "/users/:userId", "^/users/[^/]+?$"},
		{"/a/{x}.json", "/a/:x.json", "/a/:x([^/]+?).json", `^/a/[^/]+?\.json$`},
		{"/a/{x}:run", `/a/:x\:run`, "/a/:x([^/]+?)::run", `^/a/[^/]+?:run$`},
		{"/a/{x}s", `/a/:"x"s`, "/a/:x([^/]+?)s", `^/a/[^/]+?s$`},
		{"/{from}-{to}", "/:from-:to", "/:from([^/]+?)-:to([^/]+?)", "^/[^/]+?-[^/]+?$"},
		{"/#Action=List", "/", "/", "^/$"},
		{"/trailing/", "/trailing/", "/trailing/", "^/trailing/$"},
		{"/sp ace(*)", `/sp%20ace\(\*\)`, "/sp ace(*)", `^/sp%20ace\(\*\)$`},
	} {
		p := parsePath(c.path)
		got := []string{p.pathToRegexp(), p.findMyWay(), p.regexp()}
		if diff := cmp.Diff([]string{c.express, c.fastify, c.regexp}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.path, diff)
		}
	}
}

func TestRoutesAreSortedBySpecificity(t *testing.T) {
	var ops []*operation
	for _, o := range []struct{ method, path string }{
		{"GET", "/users/{id}"}, {"HEAD", "/users/{id}"}, {"GET", "/users/me"}, {"GET", "/users/{id}.json"}, {"GET", "/users"},
	} {
		ops = append(ops, &operation{api: &api.Operation{Method: o.method, Path: o.path}, path: parsePath(o.path)})
	}
	var got []string
	for _, op := range bySpecificity(ops) {
		got = append(got, op.api.Method+" "+op.api.Path)
	}
	want := []string{"GET /users", "GET /users/me", "GET /users/{id}.json", "HEAD /users/{id}", "GET /users/{id}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

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

func TestOperationsOfOnePathAreAskedByTheirQuery(t *testing.T) {
	p := &project{}
	for _, path := range []string{"/x", "/x?city={city}", "/x?list=2&id={id}", "/x?list=2"} {
		p.operations = append(p.operations, &operation{api: &api.Operation{Method: "GET", Path: path}, path: parsePath(path)})
	}
	p.groupRoutes()
	var got []string
	for _, op := range p.variants(p.operations[0]) {
		got = append(got, op.api.Path+" "+renderFlat(conditionList(op.path.when)))
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
	if op := p.operations[1]; !op.path.asksFor("city") || op.path.asksFor("id") {
		t.Error("what tells the operations apart is not left out of a request")
	}
}
