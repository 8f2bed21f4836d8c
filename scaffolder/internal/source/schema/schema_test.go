package schema

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

var update = flag.Bool("update", false, "write what comes out into the cases")

// memory is a program of one file; every import is a package.
type memory struct{ source string }

func (m memory) Parse(name string) (*syntax.File, error) {
	file, problems := parse.File(name, m.source)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s: %s", file.Position(problems[0].Start), problems[0].Message)
	}
	return file, nil
}

func (m memory) Read(name string) ([]byte, error) { return nil, os.ErrNotExist }

func (m memory) Resolve(_, specifier string) project.Resolution {
	return project.Resolution{Kind: project.External, Package: specifier, Subpath: "."}
}

// TestCases reads what the modules of testdata/*.txtar export: schemas are written as
// the components of a document, calls that check a request as their checks.
func TestCases(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got := describe(t, string(archive.Files[0].Data))
		if *update {
			archive.Files = []txtar.File{archive.Files[0], {Name: "read.yaml", Data: []byte(got)}}
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if want := string(archive.Files[1].Data); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

func describe(t *testing.T, source string) string {
	t.Helper()
	ev := eval.New(memory{source}, 1_000_000, &Library{})
	m := ev.Run("module.ts")
	if m == nil {
		t.Fatal("the module cannot be read")
	}
	components := NewNames()
	r := New(ev, components)
	var checks strings.Builder
	document := &api.API{Title: "case", Version: "1"}
	for _, name := range ev.ExportNames(m) {
		v := ev.Export(m, name)
		if s := r.Schema(v); s != nil {
			if !s.IsRef() {
				s.Name = name
				document.Schemas = append(document.Schemas, s)
			}
			continue
		}
		term, ok := v.(*eval.Term)
		if !ok {
			t.Fatalf("%s is neither a schema nor a call: %T", name, v)
		}
		for _, c := range r.Checks(term) {
			s := *c.Schema
			s.Name = fmt.Sprintf("%s.%s.%s", name, c.In, strings.Join(c.Path, "."))
			document.Schemas = append(document.Schemas, &s)
			fmt.Fprintf(&checks, "# %s required=%t %s\n", s.Name, c.Required, c.Library)
		}
	}
	document.Schemas = append(components.All(), document.Schemas...)
	text, err := openapi.YAML(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + checks.String()
}
