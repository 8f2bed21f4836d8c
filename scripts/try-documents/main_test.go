package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestSamples(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e", "f"}
	for n, want := range map[int][]string{-1: all, 0: nil, 2: {"a", "d"}, 3: {"a", "c", "e"}, 9: all} {
		if got := spread(all, n); !slices.Equal(got, want) {
			t.Errorf("%d: %v, not %v", n, got, want)
		}
	}
	if a, b, c := share(5, 0, 3), share(5, 1, 3), share(5, 2, 3); a+b+c != 5 || a == 0 || share(0, 1, 3) != -1 {
		t.Errorf("5 among 3 are %d, %d, %d", a, b, c)
	}
}

func TestDocumentsAreKnownByTheirBeginning(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"a.yaml": {"# of ours\nopenapi: 3.1.0\n", true}, "b.json": {`{"openapi": "3.0.1", "info": {}}`, true}, "c.json": {"{\n  \"info\": {},\n  \"openapi\": \"3.0.1\"\n", true},
		"d.yaml": {"swagger: \"2.0\"\n", false}, "e.yaml": {"openapi: 2\n", false}, "f.json": {`{"name": "x"}`, false},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := isDocument(path); got != c.want {
			t.Errorf("%s is a document: %v", name, got)
		}
	}
}

func TestRefusalsHaveAPlace(t *testing.T) {
	for text, want := range map[string]bool{
		"error: api.yaml:3:5: there is no schema Pet": true, "api.yaml:3:5: error: no": true,
		"error: cannot read api.yaml": false, "panic: runtime error": false,
	} {
		if placed.MatchString(text) != want {
			t.Errorf("%q has a place: %v", text, !want)
		}
	}
}
