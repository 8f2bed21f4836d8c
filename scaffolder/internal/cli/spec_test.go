package cli

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seniorbackend/tools/scaffolder/internal/openapi"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/shared/terminal"
)

var documents = flag.String("documents", "", "glob of further documents for the round trip")

// A project that was generated from a document gives the document back: in canonical
// form, what package spec reads of both is the same.
func TestRoundTrip(t *testing.T) {
	list := []string{}
	for _, glob := range []string{"../../../docs/example/*.yaml", "testdata/refusals.yaml", *documents} {
		found, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, found...)
	}
	if len(list) == 0 {
		t.Fatal("no documents")
	}
	for _, document := range list {
		for _, framework := range []string{"express", "fastify", "koa"} {
			t.Run(filepath.Base(document)+"/"+framework, func(t *testing.T) {
				dir := t.TempDir()
				if code, out, errs := runTool(t, "generate", document, "--framework", framework, "-o", dir); code != 0 {
					t.Skipf("not generated: %s%s", out, errs)
				}
				code, out, errs := runTool(t, "spec", dir, "--format", "json")
				if code != 0 {
					t.Fatalf("exit %d: %s", code, errs)
				}
				want, got := canonical(t, document, nil), canonical(t, "back.json", []byte(out))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("want -, got +:\n%s\n%s", clip(diff), clip(errs))
				}
			})
		}
	}
}

func clip(s string) string {
	if len(s) > 3000 {
		return s[:3000] + "…"
	}
	return s
}

func runTool(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), args, terminal.Streams{In: strings.NewReader(""), Out: &o, Err: &e}, "v1")
	return code, o.String(), e.String()
}

// canonical is what package spec reads of a document, written again.
func canonical(t *testing.T, name string, data []byte) string {
	t.Helper()
	if data == nil {
		var err error
		if data, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	model, err := spec.Read(spec.Input{Name: name, Data: data}, spec.Options{Lenient: true})
	if err != nil {
		t.Fatal(err)
	}
	text, err := openapi.JSON(model)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
