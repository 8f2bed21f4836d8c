package spec

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/shared/problem"
)

var update = flag.Bool("update", false, "rewrite the wanted parts of testdata")

// TestCases reads every testdata/*.txtar: the files of a document, the first of
// which is its root, and what comes of it in "want": the model, or the
// problems, then the notices. A comment line "lenient" reads it leniently,
// "stdin" from no file.
func TestCases(t *testing.T) {
	here, err := filepath.Abs("testdata") // a case changes the directory
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob(filepath.Join(here, "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := outcome(t, archive)
			for i, f := range archive.Files {
				if f.Name != "want" {
					continue
				}
				if *update {
					archive.Files[i].Data = []byte(got)
					if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
						t.Fatal(err)
					}
				} else if diff := cmp.Diff(string(f.Data), got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				return
			}
			t.Fatal("the case has no file want")
		})
	}
}

func outcome(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range archive.Files {
		path := filepath.Join(dir, "root", filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(dir, "root"))
	o := Options{Lenient: strings.Contains(string(archive.Comment), "\nlenient\n")}
	in := Input{Name: archive.Files[0].Name, Data: archive.Files[0].Data}
	if strings.Contains(string(archive.Comment), "\nstdin\n") {
		in.Name = "-"
	}
	a, err := Read(in, o)
	if err != nil {
		var b strings.Builder
		problem.Write(&b, nil, err)
		return b.String()
	}
	return dump(a)
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, []byte(strings.Repeat("# nothing\n", 200)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, want, hint string }{
		{filepath.Join(dir, "no.yaml"), "no.yaml does not exist", "give the path"},
		{dir, "is a directory, not an OpenAPI document", "openapi.yaml"},
		{large, "large.yaml is larger than 0 MiB", "--max-size"},
	} {
		_, err := Load(c.name, nil, Options{Limit: 1000})
		var p *problem.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Error(), c.want) || !strings.Contains(p.Hint, c.hint) {
			t.Errorf("%s: %v; want %q with hint %q", c.name, err, c.want, c.hint)
		}
	}
	huge := filepath.Join(dir, "huge.yaml") // it takes no room on the disk, nor in memory
	if err := errors.Join(os.WriteFile(huge, nil, 0o644), os.Truncate(huge, 100<<20)); err != nil {
		t.Fatal(err)
	}
	var read int64
	counting := readerFunc(func(b []byte) (int, error) { read += int64(len(b)); return len(b), nil })
	for name, load := range map[string]func() error{
		huge:             func() error { _, err := Load(huge, nil, Options{}); return err },
		"standard input": func() error { _, err := Load("-", counting, Options{Limit: 1 << 20}); return err },
	} {
		if err := load(); err == nil || !strings.Contains(err.Error(), name+" is larger than ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if read > 4<<20 {
		t.Errorf("%d bytes were read of what never ends", read)
	}
	in, err := Load("-", strings.NewReader("openapi: 3.1.0"), Options{})
	if err != nil || in.Name != "-" || string(in.Data) != "openapi: 3.1.0" {
		t.Errorf("stdin: %+v, %v", in, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// A symbolic link that leaves the root directory is refused as well.
func TestSymbolicLinkOutsideTheRoot(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.yaml")
	root := filepath.Join(dir, "root")
	if err := errors.Join(
		os.Mkdir(root, 0o755),
		os.WriteFile(secret, []byte("type: string"), 0o644),
		os.Symlink(secret, filepath.Join(root, "link.yaml")),
	); err != nil {
		t.Fatal(err)
	}
	doc := "openapi: 3.1.0\npaths: {}\ncomponents: {schemas: {A: {$ref: link.yaml}}}\n"
	_, err := Read(Input{Name: filepath.Join(root, "a.yaml"), Data: []byte(doc)}, Options{})
	if err == nil || !strings.Contains(err.Error(), "points outside") {
		t.Errorf("got %v", err)
	}
	a, err := Read(Input{Name: filepath.Join(root, "a.yaml"), Data: []byte(strings.Replace(doc, "link.yaml", "../secret.yaml", 1))}, Options{Root: dir})
	if err != nil || a.Schemas[0].Ref == nil || !a.Schemas[0].Ref.Is(api.String) {
		t.Errorf("with a wider root: %v", err)
	}
}

// FuzzRead holds that no document makes the reader panic or hang, and that it
// gives either a model or an error that has a text.
func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range cases {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Read(Input{Name: "-", Data: []byte(text)}, Options{Lenient: true})
		switch {
		case err == nil && a == nil:
			t.Error("neither a model nor an error")
		case err != nil && err.Error() == "":
			t.Error("an error without a text")
		case err == nil:
			_ = dump(a)
		}
	})
}

func ExampleRead() {
	a, err := Read(Input{Name: "-", Data: []byte(`
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
`)}, Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	op := a.Operations[0]
	fmt.Println(op.Method, op.Path, op.ID, op.Parameters[0].Schema.Types)
	// Output: GET /pets/{id} getPet [integer]
}
