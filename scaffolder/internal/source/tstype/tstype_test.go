package tstype

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
	"github.com/seniorbackend/tools/scaffolder/internal/source/schema"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

var update = flag.Bool("update", false, "write what comes out into the cases")

// memory is a program in a txtar archive; a specifier is a file of it, or a package.
type memory struct{ files map[string]string }

func (m memory) Parse(name string) (*syntax.File, error) {
	source, ok := m.files[name]
	if !ok {
		return nil, os.ErrNotExist
	}
	file, problems := parse.File(name, source)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s: %s", file.Position(problems[0].Start), problems[0].Message)
	}
	return file, nil
}

func (m memory) Read(string) ([]byte, error) { return nil, os.ErrNotExist }

func (m memory) Resolve(_, specifier string) project.Resolution {
	if name := strings.TrimPrefix(specifier, "./") + ".ts"; m.files[name] != "" {
		return project.Resolution{Kind: project.Source, File: name}
	}
	return project.Resolution{Kind: project.External, Package: specifier, Subpath: "."}
}

// TestCases reads the type of each variable of module.ts in testdata/*.txtar.
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
		files, want := map[string]string{}, ""
		kept := archive.Files[:0:0]
		for _, f := range archive.Files {
			if f.Name == "read.yaml" {
				want = string(f.Data)
				continue
			}
			files[f.Name] = string(f.Data)
			kept = append(kept, f)
		}
		got := describe(t, memory{files})
		if *update {
			archive.Files = append(kept, txtar.File{Name: "read.yaml", Data: []byte(got)})
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

func describe(t *testing.T, sources memory) string {
	t.Helper()
	ev := eval.New(sources, 1_000_000)
	m := ev.Run("module.ts")
	if m == nil {
		_, err := sources.Parse("module.ts")
		t.Fatal("the module cannot be read: ", err)
	}
	names := schema.NewNames()
	r := New(ev, names, schema.New(ev, names))
	document := &api.API{Title: "case", Version: "1"}
	for _, s := range m.File.Statements {
		v, ok := s.(*syntax.VariableStatement)
		if !ok {
			continue
		}
		for _, d := range v.Declarations {
			s := r.Type(d.Type, m)
			if s == nil || d.Type == nil {
				continue
			}
			c := *s
			c.Name = d.Target.(*syntax.Identifier).Name
			document.Schemas = append(document.Schemas, &c)
		}
	}
	document.Schemas = append(names.All(), document.Schemas...)
	text, err := openapi.YAML(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
