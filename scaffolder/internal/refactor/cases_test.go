package refactor

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
)

var update = flag.Bool("update", false, "rewrite what the cases want")

// TestCases reads testdata/*.txtar: the comment says which handlers change, a line each
// ("name module -> name module", "type module: name -> name"); the files are a project;
// those below want/ are what becomes of it, said what is told.
func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := runCase(t, archive)
			if *update {
				archive.Files = append(slices.DeleteFunc(archive.Files, isWanted), got...)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := slices.DeleteFunc(slices.Clone(archive.Files), func(f txtar.File) bool { return !isWanted(f) })
			if a, b := txtar.Format(&txtar.Archive{Files: want}), txtar.Format(&txtar.Archive{Files: got}); string(a) != string(b) {
				t.Errorf("wanted:\n%s\ngot:\n%s", a, b)
			}
		})
	}
}

func isWanted(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") || f.Name == "said" }

func runCase(t *testing.T, archive *txtar.Archive) []txtar.File {
	t.Helper()
	dir := t.TempDir()
	for _, f := range archive.Files {
		if isWanted(f) {
			continue
		}
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w, err := Open(dir, []string{"src/types/api.ts", "src/routes/_register.ts", "src/handlers.contract.ts"})
	if err != nil {
		t.Fatal(err)
	}
	task := taskOf(t, string(archive.Comment))
	var said strings.Builder
	possible, refused := w.Check(task)
	for _, r := range refused {
		fmt.Fprintf(&said, "refused %s: %s\n", r.Handler.Symbol, r.Why)
	}
	task.Handlers = possible
	result, err := w.Apply(task)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range result.Mentions {
		fmt.Fprintf(&said, "%s: %s -> %s\n", m.At, m.Old, m.New)
	}
	for _, name := range result.Gone {
		fmt.Fprintf(&said, "gone %s\n", name)
	}
	var out []txtar.File
	for _, name := range slices.Sorted(maps.Keys(result.Texts)) {
		if _, problems := parse.File(name, result.Texts[name]); len(problems) > 0 {
			t.Errorf("%s is no TypeScript any more: %s\n%s", name, problems[0].Message, result.Texts[name])
		}
		out = append(out, txtar.File{Name: "want/" + name, Data: []byte(result.Texts[name])})
	}
	return append(out, txtar.File{Name: "said", Data: []byte(said.String())})
}

func taskOf(t *testing.T, lines string) Task {
	t.Helper()
	task := Task{Names: map[string]map[string]string{}, Contract: "src/handlers.contract.ts", Mounts: []string{"src/routes/_register.ts"}}
	for line := range strings.Lines(lines) {
		switch f := strings.Fields(line); {
		case len(f) == 5 && f[2] == "->" && strings.HasSuffix(f[0], ":"):
		case len(f) == 5 && f[2] == "->":
			task.Handlers = append(task.Handlers, Handler{f[0], "src/routes/" + f[1] + ".ts", f[3], "src/routes/" + f[4] + ".ts"})
		case len(f) == 4 && f[0] == "type":
			if task.Names["src/types/api.ts"] == nil {
				task.Names["src/types/api.ts"] = map[string]string{}
			}
			task.Names["src/types/api.ts"][f[1]] = f[3]
		case len(f) > 0 && f[0] != "#":
			t.Fatalf("the case says %q", line)
		}
	}
	return task
}
