package breaking_test

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
	"github.com/seniorbackend/tools/scaffolder/internal/breaking"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
)

var update = flag.Bool("update", false, "rewrite what is wanted")

// Each case is a document before and after, and what has to be followed of the change.
func TestCompare(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(err, len(cases))
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
			}
			got := told(breaking.Compare(read(t, "before.yaml", files["before.yaml"]), read(t, "after.yaml", files["after.yaml"])))
			if *update {
				archive.Files[len(archive.Files)-1].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(files["want"], got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A document that stays as it is breaks nothing.
func TestTheSameBreaksNothing(t *testing.T) {
	cases, _ := filepath.Glob("../spec/testdata/*.txtar")
	compared := 0
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, f := range archive.Files {
			name := filepath.Join(dir, f.Name)
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if len(archive.Files) == 0 {
			continue
		}
		var twice [2]*api.API
		for i := range twice {
			input, err := spec.Load(filepath.Join(dir, archive.Files[0].Name), nil, spec.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if twice[i], err = spec.Read(input, spec.Options{Lenient: true}); err != nil {
				twice[i] = nil
			}
		}
		if twice[0] == nil {
			continue // broken, by intention
		}
		compared++
		if got := breaking.Compare(twice[0], twice[1]); len(got) > 0 {
			t.Errorf("%s:\n%s", path, told(got))
		}
	}
	if compared < 5 {
		t.Errorf("only %d documents were compared", compared)
	}
}

func read(t *testing.T, name, text string) *api.API {
	t.Helper()
	a, err := spec.Read(spec.Input{Name: name, Data: []byte(text)}, spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func told(changes []breaking.Change) string {
	var b strings.Builder
	for _, c := range changes {
		who := map[breaking.Audience]string{breaking.Callers: "callers", breaking.Handlers: "handlers"}[c.For]
		fmt.Fprintf(&b, "%s: %s: %s (%s:%d)\n", who, c.Where, c.What, c.At.File, c.At.Line)
	}
	return b.String()
}
