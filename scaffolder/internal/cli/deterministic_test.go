package cli

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen"
)

// TestTwoRunsGiveTheSameBytes holds for every document, framework and validator,
// whatever the order of Go's maps and the number of processors.
func TestTwoRunsGiveTheSameBytes(t *testing.T) {
	documents, err := filepath.Glob("../e2e/testdata/*/*.yaml")
	if err != nil || len(documents) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	for _, document := range documents {
		for _, o := range []tsgen.Options{
			{Framework: "express", RoutesBy: "tag", Validator: "generated"},
			{Framework: "fastify", RoutesBy: "path", Validator: "generated"},
			{Framework: "koa", RoutesBy: "tag", Validator: "zod"},
		} {
			first := generateAt(t, 1, document, o)
			for range 3 {
				again := generateAt(t, runtime.NumCPU(), document, o)
				if !reflect.DeepEqual(first, again) {
					t.Fatalf("%s, %s: %s differs", document, o.Framework, firstDifference(first, again))
				}
			}
		}
	}
}

func firstDifference(a, b []tree.File) string {
	for i, f := range a {
		if i >= len(b) || !reflect.DeepEqual(f, b[i]) {
			return f.Path
		}
	}
	return "the number of files"
}

// generateAt generates with a number of processors.
func generateAt(t *testing.T, processors int, document string, o tsgen.Options) []tree.File {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	model, err := spec.Read(spec.Input{Name: document, Data: data}, spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := tsgen.Generate(model, o)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
