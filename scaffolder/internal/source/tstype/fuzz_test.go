package tstype

import (
	"path/filepath"
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

// anything is a program of one file, also a broken one.
type anything struct{ source string }

func (a anything) Parse(name string) (*syntax.File, error) {
	file, _ := parse.File(name, a.source)
	return file, nil
}

func (anything) Read(string) ([]byte, error) { return nil, nil }

func (anything) Resolve(_, specifier string) project.Resolution {
	return project.Resolution{Kind: project.External, Package: specifier, Subpath: "."}
}

// FuzzTypes reads the types of all variables of a module, whatever they are.
func FuzzTypes(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(string(file.Data))
		}
	}
	f.Add("type A<T> = { a: A<A<T>>; b: Partial<Pick<A<T>, keyof A<T>>> }; let x: A<A<string>>;")
	f.Add("type X = X | Y; type Y = X & { a: X[] }; let x: Record<X, Y>;")
	f.Add("type L<T, N extends number> = N extends 0 ? never : [T, ...L<T, N>]; let x: L<string, 3>;")
	f.Add("interface A extends A, B {} interface B extends A { [k: string]: A } let x: Omit<A, 'a' | `b${string}`>;")
	f.Fuzz(func(t *testing.T, source string) {
		ev := eval.New(anything{source}, 100_000)
		m := ev.Run("module.ts")
		if m == nil {
			t.Skip()
		}
		components := schema.NewNames()
		r := New(ev, components, schema.New(ev, components))
		document := &api.API{Title: "fuzzed", Version: "1"}
		for _, s := range m.File.Statements {
			v, ok := s.(*syntax.VariableStatement)
			if !ok {
				continue
			}
			for _, d := range v.Declarations {
				if d.Type != nil {
					if s := r.Type(d.Type, m); s != nil && !s.IsRef() {
						s.Name = "value"
						document.Schemas = append(document.Schemas, s)
					}
				}
			}
		}
		document.Schemas = append(components.All(), document.Schemas...)
		if _, err := openapi.YAML(document); err != nil {
			t.Error(err)
		}
	})
}
