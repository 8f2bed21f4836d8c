package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// keywordCase is a schema with values that pass it and values that do not.
type keywordCase struct {
	Name   string            `json:"name"`
	Schema json.RawMessage   `json:"schema"`
	Passes []json.RawMessage `json:"passes"`
	Fails  []json.RawMessage `json:"fails"`
}

// TestKeywords judges values by the keywords of JSON Schema 2020-12, as they
// stand in testdata/keywords.json, with generated functions and with zod. Those that
// pass are written as Fastify writes an answer, which changes nothing about them.
func TestKeywords(t *testing.T) {
	npm := packages(t)
	root := t.TempDir()
	document := filepath.Join(root, "keywords.json")
	write(t, document, keywordDocument(t, "testdata/keywords.json"))
	modes := []string{"generated", "zod"}
	var all []server
	for _, mode := range modes {
		s := server{name: "keywords-" + mode, dir: filepath.Join(root, mode)}
		generate(t, "generate", document, "--framework", "fastify", "--validator", mode, "--output", s.dir)
		if err := os.Symlink(filepath.Join(npm, "node_modules"), filepath.Join(s.dir, "node_modules")); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	compile(t, all)
	for i, s := range all {
		t.Run(modes[i], func(t *testing.T) {
			t.Log(run(t, limit, ".", "node", "testdata/keywords.mjs", s.dir))
		})
	}
}

// keywordDocument has the schema of each case as the component Case1, Case2, …,
// which may refer to parts of its own by #/components/schemas/CaseN/$defs/….
func keywordDocument(t *testing.T, name string) []byte {
	t.Helper()
	var cases []keywordCase
	if err := json.Unmarshal(read(t, name), &cases); err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	schemas, paths := object{}, object{}
	for i, c := range cases {
		id := fmt.Sprintf("Case%d", i+1)
		schemas[id] = c.Schema
		paths["/"+id] = object{"post": object{
			"operationId": "send" + id, "summary": c.Name,
			"requestBody": object{"required": true, "content": object{
				"application/json": object{"schema": object{"$ref": "#/components/schemas/" + id}},
			}},
			"responses": object{"200": object{"description": "it passes", "content": object{
				"application/json": object{"schema": object{"$ref": "#/components/schemas/" + id}},
			}}},
		}}
	}
	text, err := json.Marshal(object{
		"openapi": "3.1.0", "info": object{"title": "Keywords", "version": "1"},
		"paths": paths, "components": object{"schemas": schemas},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
