package e2e

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/sample"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
)

// judgesAlike holds generated functions and zod schemas of one document against each
// other: on values that fit its schemas, and on many that come of changing these.
func judgesAlike(t *testing.T, document string, generated, zod server) {
	values := filepath.Join(t.TempDir(), "values.json")
	write(t, values, samples(t, document))
	script, err := filepath.Abs("testdata/alike.mjs")
	if err != nil {
		t.Fatal(err)
	}
	t.Log(run(t, limit, generated.dir, "node", script, generated.dir, zod.dir, values))
}

// samples is a JSON list with a value for each named schema of a document.
func samples(t *testing.T, document string) []byte {
	t.Helper()
	model, err := spec.Read(spec.Input{Name: document, Data: read(t, document)}, spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []json.RawMessage
	for _, s := range model.Schemas {
		for _, d := range []sample.Direction{sample.Request, sample.Response} {
			if v, ok := sample.Make(s, d); ok {
				all = append(all, json.RawMessage(sample.JSON(v)))
			}
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
