package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
)

// FuzzProgram reads programs of one file, whatever they are: the scanner, the parser, the
// evaluator, the readers of handlers, schemas, types and comments, and the writer of the
// document. What comes out has to be a document that can be read, and the same each time.
func FuzzProgram(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "express-doubles.txtar") {
			continue // values as long as they may be: a second of work each
		}
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if project.IsSource(file.Name) {
				f.Add(string(file.Data))
			}
		}
	}
	dir := f.TempDir()
	manifest := `{"name": "fuzzed", "dependencies": {"express": "^5", "fastify": "^5", "koa": "^3", "@koa/router": "^14"}}`
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(manifest), 0o600); err != nil {
		f.Fatal(err)
	}
	entry := filepath.Join(dir, "app.ts")
	f.Fuzz(func(t *testing.T, source string) {
		if err := os.WriteFile(entry, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		once := readFuzzed(t, entry)
		if again := readFuzzed(t, entry); !bytes.Equal(once, again) {
			t.Errorf("not the same twice:\n%s\n%s", once, again)
		}
	})
}

func readFuzzed(t *testing.T, entry string) []byte {
	t.Helper()
	read, err := Read(entry, Options{IncludeUnmounted: true, Steps: 20_000})
	if err != nil {
		t.Skip(err)
	}
	document, err := openapi.YAML(read.API)
	if err != nil {
		t.Fatal(err)
	}
	if len(read.API.Operations) == 0 {
		return document
	}
	if _, err := spec.Read(spec.Input{Name: "openapi.yaml", Data: document}, spec.Options{}); err != nil {
		t.Errorf("the document cannot be read: %v\n%s", err, document)
	}
	return document
}
