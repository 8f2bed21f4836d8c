package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScore(t *testing.T) {
	list := filepath.Join(t.TempDir(), "endpoints.txt")
	text := `# by hand
GET /users/:id nothing
POST /users/ body name
POST /users/ body address.city
POST /users/ body tags
POST /users/ query dry
DELETE /files/*
`
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	document := `{"paths": {
		"/users/{userId}": {"get": {"parameters": [{"in": "path", "name": "userId"}]}, "parameters": []},
		"/users": {
			"post": {
				"parameters": [{"in": "query", "name": "dry"}, {"in": "header", "name": "x-id"}],
				"requestBody": {"content": {"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/User"}]}}}}
			},
			"put": {"parameters": [{"in": "query", "name": "unlooked"}]}
		}
	}, "components": {"schemas": {"User": {"properties": {
		"name": {"type": "string"}, "address": {"properties": {"street": {}}}, "tags": {"items": {"type": "string"}}
	}}}}}`
	var out strings.Builder
	if err := run([]string{list}, strings.NewReader(document), &out); err != nil {
		t.Fatal(err)
	}
	want := `missing   DELETE /files/{}
too much  PUT /users
endpoints: recall 0.667 (2 of 3), precision 0.667 (2 of 3)
missing   POST /users body address.city
too much  POST /users body address.street
too much  POST /users header x-id
parameters and fields: recall 0.750 (3 of 4), precision 0.600 (3 of 5)
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}
