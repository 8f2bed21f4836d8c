package openapi

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
)

// documents adds documents to those of the project: -documents 'DIR/*.json'.
var documents = flag.String("documents", "", "glob of more documents that must come back as they were")

// own are the documents that the project has, each in a directory with the files
// that it refers to.
func own(t *testing.T) map[string]spec.Input {
	t.Helper()
	out := map[string]spec.Input{}
	for _, pattern := range []string{"../e2e/testdata/documents/*", "../../../docs/example/*.yaml", *documents} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if info, err := os.Stat(name); err != nil || info.IsDir() || filepath.Ext(name) == ".md" {
				continue
			}
			in, err := spec.Load(name, nil, spec.Options{})
			if err != nil {
				t.Fatal(err)
			}
			out[name] = in
		}
	}
	cases, err := filepath.Glob("../spec/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range cases {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, f := range archive.Files {
			path := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		out[name] = spec.Input{Name: filepath.Join(dir, archive.Files[0].Name), Data: archive.Files[0].Data}
	}
	if len(out) < 30 {
		t.Fatalf("only %d documents", len(out))
	}
	return out
}

// TestReadOfWhatIsWritten holds that a document written from a model is read as
// that model, in both forms.
func TestReadOfWhatIsWritten(t *testing.T) {
	read := 0
	for name, in := range own(t) {
		a, err := spec.Read(in, spec.Options{Lenient: true})
		if err != nil {
			continue // a document that must be refused
		}
		read++
		t.Run(filepath.Base(name), func(t *testing.T) {
			want, err := spec.Read(in, spec.Options{Lenient: true})
			if err != nil {
				t.Fatal(err)
			}
			Normalize(want)
			for form, write := range map[string]func(*api.API) ([]byte, error){"openapi.yaml": YAML, "openapi.json": JSON} {
				text, err := write(a)
				if err != nil {
					t.Fatal(err)
				}
				again, err := spec.Read(spec.Input{Name: form, Data: text}, spec.Options{Lenient: true})
				if err != nil {
					t.Fatalf("%s: %v\n%s", form, err, head(text))
				}
				if diff := firstDifference(said(want), said(again)); diff != "" {
					t.Errorf("%s, -read +read again: %s", form, diff)
				}
				twice, err := write(again)
				if err != nil || !bytes.Equal(text, twice) {
					t.Errorf("%s differs when it is written again: %v %s", form, err, firstDifference(string(text), string(twice)))
				}
			}
		})
	}
	if read < 18 {
		t.Errorf("only %d documents could be read", read)
	}
}

func head(text []byte) []byte { return text[:min(len(text), 4000)] }

// said is what a model says, a line for each thing: not where it stands, and
// references by name.
func said(a *api.API) string {
	var b strings.Builder
	say(&b, "", reflect.ValueOf(a))
	return b.String()
}

func say(b *strings.Builder, where string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			say(b, where, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			switch name {
			case "At", "Source", "Notices", "RequiresBothWays":
			case "Ref":
				if ref, _ := v.Field(i).Interface().(*api.Schema); ref != nil {
					fmt.Fprintf(b, "%s.Ref: %s\n", where, ref.Name)
				}
			default:
				say(b, where+"."+name, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			fmt.Fprintf(b, "%s[%d]\n", where, i)
			say(b, fmt.Sprintf("%s[%d]", where, i), v.Index(i))
		}
	default:
		if !v.IsZero() {
			fmt.Fprintf(b, "%s: %#v\n", where, v.Interface())
		}
	}
}

// firstDifference is "" where two texts have the same lines.
func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		x, y := at(a, i), at(b, i)
		if x != y {
			return fmt.Sprintf("line %d\n- %s\n+ %s\n(next: - %s + %s)", i, x, y, at(a, i+1), at(b, i+1))
		}
	}
	return ""
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// FuzzTexts holds that a text comes back from every place that takes one.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{"", "a", "yes", "1.0", "null", "~", "<<", "a: b", "# c", "- d", " x", "x ", "x\n", "\nx", "a\n\n  b\n", "a\r\nb", "\u2028", "\u0085", "\ufeff", "\ufffe", "\x00\x1b", "'", `"`, "\\", "%", "@", "`", "!!str", "&a", "*a", "{}", "[]", "a,b", "日本 😀", "\t", "a\tb\n c", "a\n\tb", "a\n \tb", "---", "...", "=", "0x1F", "2020-01-01", "a\n# b", "|", ">", "?", ":"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		schema := &api.Schema{Name: "S", Types: []api.Type{api.Object}, Title: s, Description: s, Default: jsonText(s), HasEnum: true, Enum: []api.Value{jsonText(s), "null"},
			Properties: []*api.Property{{Name: s, Schema: &api.Schema{Const: jsonText(s)}}}, Required: []string{s}}
		a := &api.API{Title: s, Description: s, Version: s, Schemas: []*api.Schema{schema}, Tags: []api.Tag{{Name: s, Description: s}},
			Operations: []*api.Operation{{ID: "x" + s, Named: true, Method: "GET", Path: "/", Summary: s, Description: s, Tags: []string{s},
				Responses: []*api.Response{{Status: "200", Description: "d" + s}}}}}
		for _, write := range []func(*api.API) ([]byte, error){YAML, JSON} {
			text, err := write(a)
			if err != nil {
				t.Fatal(err)
			}
			again, err := spec.Read(spec.Input{Name: "-", Data: text}, spec.Options{})
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if diff := firstDifference(said(a), said(again)); diff != "" {
				t.Fatalf("%s\n%s", diff, text)
			}
		}
	})
}

func jsonText(s string) api.Value {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return ""
	}
	return api.Value(strings.TrimSuffix(b.String(), "\n"))
}

// TestDocument shows the form of a document.
func TestDocument(t *testing.T) {
	user := &api.Schema{Name: "User", Types: []api.Type{api.Object}, Required: []string{"id"}, Properties: []*api.Property{
		{Name: "id", Schema: &api.Schema{Types: []api.Type{api.Integer}, Format: "int64", Maximum: "9223372036854775807"}},
		{Name: "name", Schema: &api.Schema{Types: []api.Type{api.String}, Nullable: true, Description: "As it is\nwritten."}},
		{Name: "kind", Schema: &api.Schema{Types: []api.Type{api.String}, HasEnum: true, Enum: []api.Value{`"a"`, `"1"`}, Nullable: true}},
	}}
	token := &api.SecurityScheme{Name: "token", Type: api.SchemeHTTP, Scheme: "bearer"}
	a := &api.API{Title: "Users", Version: "1.0.0", BasePath: "/v1", Schemas: []*api.Schema{user}, Security: []*api.SecurityScheme{token},
		Operations: []*api.Operation{{
			ID: "getUser", Named: true, Method: "GET", Path: "/users/{id}", Security: []api.Requirement{{{Scheme: token}}},
			Parameters: []*api.Parameter{{Name: "id", In: api.InPath, Required: true, Style: api.StyleSimple, Schema: &api.Schema{Types: []api.Type{api.Integer}}}},
			Responses:  []*api.Response{{Status: "200", Description: "The user", Content: []*api.Media{{Type: "application/json", Schema: &api.Schema{Ref: user}}}}},
		}}}
	got, err := YAML(a)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/users.yaml")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/users.yaml", got, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

var update = flag.Bool("update", false, "rewrite testdata")
