package project

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

// TestCases runs testdata/*.txtar: each is a project on disk, and in its comment
// lines "resolve FROM SPECIFIER", "entries DIR" and "glob DIR PATTERN". The file
// "want" is what comes out, a line each.
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
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	want, at := "", -1
	for i, f := range archive.Files {
		if f.Name == "want" {
			want, at = string(f.Data), i
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
	var got strings.Builder
	for line := range strings.Lines(string(archive.Comment)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			fmt.Fprintf(&got, "%s: %s\n", line, answer(t, root, strings.Fields(line)))
		}
	}
	if *update {
		archive.Files[at].Data = []byte(got.String())
		if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func answer(t *testing.T, root string, words []string) string {
	t.Helper()
	p, err := Open(filepath.Join(root, words[1]))
	if err != nil {
		t.Fatal(err)
	}
	show := func(files []string) string {
		for i, f := range files {
			rel, _ := filepath.Rel(root, f)
			files[i] = filepath.ToSlash(rel)
		}
		return strings.Join(files, " ")
	}
	switch words[0] {
	case "entries":
		entries, _ := p.Entries()
		return show(entries)
	case "glob":
		return show(p.Glob(filepath.Join(root, words[1]), words[2]))
	}
	switch r := p.Resolve(filepath.Join(root, words[1]), words[2]); r.Kind {
	case Source:
		return show([]string{r.File})
	case Declared:
		return "declared " + show([]string{r.File})
	case Builtin:
		return "builtin " + r.Package
	case External:
		return "external " + r.Package + " " + r.Subpath
	}
	return "missing"
}
