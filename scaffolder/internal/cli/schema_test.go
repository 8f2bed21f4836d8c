package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/seniorbackend/tools/shared/terminal"
)

// What --format json prints fits docs/scaffolder/generate.schema.json.
func TestReportFitsItsSchema(t *testing.T) {
	path, err := filepath.Abs("../../../docs/scaffolder/generate.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	document := filepath.Join(dir, "openapi.yaml")
	changed := strings.Replace(users, "    post:", "    patch: {operationId: patchUsers, sumary: x}\n    put:", 1)
	for i, text := range []string{users, users, changed} {
		if err := os.WriteFile(document, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := Main(t.Context(), []string{"generate", document, "-o", filepath.Join(dir, "out"), "--format", "json"}, terminal.Streams{Out: &out, Err: &errs}, "v1")
		if code != 0 {
			t.Fatalf("run %d: exit %d, %s", i, code, &errs)
		}
		report, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
		if err := schema.Validate(report); err != nil {
			t.Errorf("run %d: %v\n%s", i, err, &out)
		}
		if i == 2 && !strings.Contains(out.String(), `"breaking-change"`) {
			t.Errorf("no breaking change in\n%s", &out)
		}
	}
}
