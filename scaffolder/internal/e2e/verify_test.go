package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/cli"
	"github.com/seniorbackend/tools/shared/terminal"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata/verify")

// TestVerify starts the projects of testdata/verify/*.txtar, and those that scaffolder
// makes, by `scaffolder spec --verify`. The line "args …" of a comment is more arguments;
// the file "want" is the exit code and what was printed.
func TestVerify(t *testing.T) {
	modules := filepath.Join(packages(t), "node_modules")
	names, err := filepath.Glob("testdata/verify/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { verifyCase(t, name, modules) })
	}
	for _, framework := range []string{"express", "fastify", "koa"} {
		t.Run("generated "+framework, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "server")
			generate(t, "../../../docs/example/openapi.yaml", "--framework", framework, "--output", dir)
			link(t, modules, dir)
			if got := verified(t, dir); !strings.HasPrefix(got, "exit 0\n") {
				t.Error(got)
			}
		})
	}
}

func verifyCase(t *testing.T, name, modules string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	want := -1
	for i, f := range archive.Files {
		if f.Name == "want" {
			want = i
			continue
		}
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, f.Data)
	}
	link(t, modules, dir)
	var args []string
	for line := range strings.Lines(string(archive.Comment)) {
		if rest, ok := strings.CutPrefix(line, "args "); ok {
			args = strings.Fields(rest)
		}
	}
	got := verified(t, dir, args...)
	if *update {
		archive.Files[want].Data = []byte(got)
		write(t, name, txtar.Format(archive))
	} else if diff := cmp.Diff(string(archive.Files[want].Data), got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func link(t *testing.T, modules, dir string) {
	t.Helper()
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
}

// printed is what a command prints; the test ends where it fails.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	streams := terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Environ: os.Environ()}
	if code := cli.Main(t.Context(), args, streams, "v0.0.0"); code != 0 {
		t.Fatalf("scaffolder %s: exit %d\n%s", strings.Join(args, " "), code, errs.String())
	}
	return out.String()
}

// verified is the exit code and what is printed, without node's version.
func verified(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	streams := terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Environ: os.Environ()}
	code := cli.Main(t.Context(), append([]string{"spec", dir, "--verify"}, args...), streams, "v0.0.0")
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(dir+"/", "", real+"/", "").Replace(out.String() + errs.String())
	return fmt.Sprintf("exit %d\n", code) + regexp.MustCompile(`node \d+\.\d+\.\d+`).ReplaceAllString(text, "node")
}
