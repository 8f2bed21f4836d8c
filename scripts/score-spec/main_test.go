package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScore(t *testing.T) {
	list := filepath.Join(t.TempDir(), "endpoints.txt")
	if err := os.WriteFile(list, []byte("# by hand\nGET /users/:id\nPOST /users/\nDELETE /files/*\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	document := `{"paths": {"/users/{userId}": {"get": {}, "parameters": []}, "/users": {"post": {}, "put": {}}}}`
	var out strings.Builder
	if err := run([]string{list}, strings.NewReader(document), &out); err != nil {
		t.Fatal(err)
	}
	want := "missing   DELETE /files/{}\ntoo much  PUT /users\nrecall 0.667 (2 of 3), precision 0.667 (2 of 3)\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
