package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Compare tells what only one side has. Parameters' names, a slash at the end, HEAD
// beside GET, and methods written out for all do not count.
func TestCompare(t *testing.T) {
	read := []Endpoint{
		{Method: "GET", Path: "/users/{id}"}, {Method: "POST", Path: "/users"}, {Method: "ALL", Path: "/any"}, {Method: "GET", Path: "/gone"},
	}
	boot := &Boot{Endpoints: []Endpoint{
		{Method: "GET", Path: "/users/{user}"}, {Method: "HEAD", Path: "/users/{user}"}, {Method: "POST", Path: "/users/"},
		{Method: "GET", Path: "/any"}, {Method: "PUT", Path: "/any"}, {Method: "POST", Path: "/any"}, {Method: "DELETE", Path: "/any"}, {Method: "PATCH", Path: "/any"},
		{Method: "GET", Path: "/docs", Package: "swagger-ui-express"}, {Method: "GET", Path: "/new"}, {Method: "GET", Path: "/new"},
	}}
	got := Compare(read, boot)
	want := Comparison{
		Same:       7,
		NotRead:    []Endpoint{{Method: "GET", Path: "/new"}},
		NotMounted: []Endpoint{{Method: "GET", Path: "/gone"}},
		Packages:   []PackageCount{{"swagger-ui-express", 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// What the boot writes is read with the paths' syntax of each framework.
func TestListed(t *testing.T) {
	boot, err := listed([]byte(`{"outcome": "listening", "listened": true, "node": "v22.0.0", "endpoints": [
		{"methods": ["GET"], "dialect": "express4", "pieces": [{"text": "/api"}, {"any": [{"text": "/a/:id?"}, {"pattern": "^\\/b$", "flags": ""}]}]},
		{"methods": ["GET"], "dialect": "express5", "pieces": [{"text": "/c{/:part}"}], "at": {"file": "/x.js", "line": 1, "column": 2}},
		{"methods": ["GET"], "dialect": "fastify", "pieces": [{"text": "/d/:id(^\\d+$)"}]},
		{"methods": ["HEAD"], "dialect": "fastify", "automatic": true, "pieces": [{"text": "/d"}]},
		{"methods": ["GET"], "dialect": "express4", "pieces": [{"pattern": "^/(?!x).*", "flags": ""}]}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range boot.Endpoints {
		got = append(got, e.Method+" "+e.Path)
	}
	want := []string{"GET /api/a/{id}", "GET /api/a", "GET /api/b", "GET /c/{part}", "GET /c", "GET /d/{id}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	if len(boot.Unclear) != 1 || !boot.Listened {
		t.Errorf("got %+v", boot)
	}
}
