package parse

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
	"github.com/seniorbackend/tools/scaffolder/internal/source/token"
)

var update = flag.Bool("update", false, "write what comes out into the cases")

// TestCases parses the files of testdata/cases/*.txtar; the file NAME.tree behind each
// is its tree and its diagnostics. They are what the TypeScript compiler cannot judge:
// broken files, scripts, Flow, and the shape of the tree itself.
func TestCases(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "cases", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		var out []txtar.File
		for _, f := range archive.Files {
			if source, ok := strings.CutSuffix(f.Name, ".tree"); ok {
				want[source] = string(f.Data)
			}
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".tree") {
				continue
			}
			got := describe(f.Name, string(f.Data))
			out = append(out, f, txtar.File{Name: f.Name + ".tree", Data: []byte(got)})
			if got != want[f.Name] && !*update {
				t.Errorf("%s: %s:\n%s\nwant:\n%s", filepath.Base(name), f.Name, got, want[f.Name])
			}
		}
		if *update {
			archive.Files = out
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// describe is the tree of a file, a statement a line, and its diagnostics.
func describe(name, source string) string {
	file, diagnostics := File(name, source)
	var b strings.Builder
	for _, s := range file.Statements {
		b.WriteString(shape(reflect.ValueOf(s)))
		b.WriteByte('\n')
	}
	for _, d := range diagnostics {
		p := file.Position(d.Start)
		fmt.Fprintf(&b, "%d:%d: %s\n", p.Line, p.Column, d.Message)
	}
	return b.String()
}

var (
	spanType = reflect.TypeFor[syntax.Span]()
	kindType = reflect.TypeFor[token.Kind]()
)

// shape writes a node as (Type Field=value …), without spans and without fields that
// are zero.
func shape(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return "_"
		}
		return shape(v.Elem())
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, shape(v.Index(i)))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.Struct:
		parts := []string{strings.TrimSuffix(strings.TrimSuffix(v.Type().Name(), "Expression"), "Statement")}
		if n, ok := v.Addr().Interface().(*syntax.Identifier); ok {
			return n.Name
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Type == spanType || v.Field(i).IsZero() {
				continue
			}
			parts = append(parts, f.Name+"="+shape(v.Field(i)))
		}
		return "(" + strings.Join(parts, " ") + ")"
	case reflect.String:
		return fmt.Sprintf("%q", v.String())
	}
	if v.Type() == kindType {
		return v.Interface().(token.Kind).String()
	}
	return fmt.Sprint(v.Interface())
}
