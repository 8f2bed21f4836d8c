package source

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

// TestCases reads the projects of testdata/*.txtar. The comment's first words may be
// "entry PATH" and "unmounted". The file "want" is the operations, one a line, with
// what is wrong or unknown behind them; "want.yaml", where there is one, the document.
// Every document has to be one that package spec can read.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runCase(t, name) })
	}
}

func runCase(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	root := unpack(t, archive)
	entry, options := root, Options{}
	for line := range strings.Lines(string(archive.Comment)) {
		switch words := strings.Fields(line); {
		case len(words) == 2 && words[0] == "entry":
			entry = filepath.Join(root, words[1])
		case len(words) == 1 && words[0] == "unmounted":
			options.IncludeUnmounted = true
		}
	}
	read, err := Read(entry, options)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, op := range read.API.Operations {
		fmt.Fprintf(&got, "%s %s%s\n", op.Method, op.Path, guarded(op.Security))
	}
	for _, d := range read.Diagnostics {
		fmt.Fprintf(&got, "%s: %s\n", d.At, d.Message)
	}
	document, err := openapi.YAML(read.API)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := spec.Read(spec.Input{Name: "openapi.yaml", Data: document}, spec.Options{}); err != nil && len(read.API.Operations) > 0 {
		t.Errorf("the document cannot be read: %v\n%s", err, document)
	}
	compare(t, archive, name, map[string]string{"want": got.String(), "want.yaml": string(document)})
}

func unpack(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range archive.Files {
		if f.Name == "want" || f.Name == "want.yaml" {
			continue
		}
		path := filepath.Join(root, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func compare(t *testing.T, archive *txtar.Archive, name string, got map[string]string) {
	t.Helper()
	for i, f := range archive.Files {
		text, ok := got[f.Name]
		if !ok {
			continue
		}
		if *update {
			archive.Files[i].Data = []byte(text)
		} else if diff := cmp.Diff(string(f.Data), text); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", f.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// guarded names the schemes that an operation asks for.
func guarded(list []api.Requirement) string {
	var names []string
	for _, r := range list {
		for _, u := range r {
			names = append(names, u.Scheme.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " [" + strings.Join(names, " ") + "]"
}
