package route

import (
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
)

// Each line is a path as a framework takes it, and the paths of OpenAPI that it stands for.
func TestParsePath(t *testing.T) {
	for _, c := range []struct {
		dialect Dialect
		path    string
		want    string
	}{
		{Express4, "/users/:id", "/users/{id}"},
		{Express4, "/users/:id?", "/users/{id} /users"},
		{Express4, `/users/:id(\d+)`, "/users/{id}"},
		{Express4, "/flights/:from-:to", "/flights/{from}-{to}"},
		{Express4, "/files/*", "/files/{wildcard}"},
		{Express4, "/ab?cd", "/abcd /acd"},
		{Express4, "/users/?", "/users"},
		{Express4, "/user(s)?", "/users /user"},
		{Express4, "/(a|b)/c", "/a/c /b/c"},
		{Express4, "/:rest(.*)", "/{rest}"},
		{Express5, "/files/*path", "/files/{path}"},
		{Express5, "/users{/:id}", "/users/{id} /users"},
		{Express5, "/a{.:ext}", "/a.{ext} /a"},
		{Koa6, "/users/:id(\\d+)?", "/users/{id} /users"},
		{Koa6, "/(.*)", "/{wildcard}"},
		{Fastify, "/a/:hour(^\\d{2})h:min", "/a/{hour}h{min}"},
		{Fastify, "/name::verb", "/name:verb"},
		{Fastify, "/posts/:id?", "/posts/{id} /posts"},
		{Fastify, "/*", "/{wildcard}"},
	} {
		var got []string
		for _, p := range parsePath(c.dialect, c.path) {
			got = append(got, p.String())
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.path, text, c.want)
		}
	}
}

func TestParseRegExp(t *testing.T) {
	for pattern, want := range map[string]string{
		`^\/users\/(\d+)$`:                "/users/{wildcard}",
		`^\/users\/(?<id>[0-9]+)\/?$`:     "/users/{id}",
		`^\/commits\/(\w+)(?:\.\.(.+))?$`: "",
		`^(?!\/api).*`:                    "",
		`.*fly$`:                          "/{wildcard}fly",
	} {
		p, ok := parseRegExp(&eval.RegExp{Pattern: pattern})
		got := ""
		if ok {
			got = p.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}

// Parsing ends and never fails, whatever the path is.
func FuzzParsePath(f *testing.F) {
	f.Add("/a/:b(\\d+)?/{c}*d", 0)
	f.Add("((((", 1)
	f.Add(":\"x", 2)
	f.Fuzz(func(t *testing.T, path string, dialect int) {
		for _, p := range parsePath(Dialect(uint(dialect)%4), path) {
			if !strings.HasPrefix(p.String(), "/") {
				t.Errorf("%q: %q", path, p.String())
			}
		}
	})
}
