package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

// TestMigratedIsLikeFresh changes every operationId and every tag of a document. What
// --migrate makes of a project is what a fresh one would be: tool-owned files to the byte,
// the user's with the same declarations.
func TestMigratedIsLikeFresh(t *testing.T) {
	documents, err := filepath.Glob("../e2e/testdata/documents/*.yaml")
	if err != nil || len(documents) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	documents = append(documents, "../e2e/testdata/requests/service.yaml", "../e2e/testdata/lives/service.yaml")
	for i, document := range documents {
		framework := []string{"express", "fastify", "koa"}[i%3]
		t.Run(filepath.Base(filepath.Dir(document))+"/"+filepath.Base(document), func(t *testing.T) {
			dir := t.TempDir()
			text, err := os.ReadFile(document)
			if err != nil {
				t.Fatal(err)
			}
			other := renamedEverywhere(string(text))
			if other == string(text) {
				t.Skip("it has no names")
			}
			file := filepath.Join(dir, "api.yaml")
			put := func(content string) {
				if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			migrated, fresh := filepath.Join(dir, "migrated"), filepath.Join(dir, "fresh")
			put(string(text))
			scaffold(t, 0, "generate", file, "--framework", framework, "--output", migrated)
			put(other)
			said := scaffold(t, 0, "generate", file, "--output", migrated, "--migrate")
			scaffold(t, 0, "generate", file, "--framework", framework, "--output", fresh)
			if strings.Contains(said, "not-migrated") || strings.Contains(said, " stays ") {
				t.Error(said)
			}
			sameFiles(t, migrated, fresh)
		})
	}
}

// renamedEverywhere gives operations other names and tags.
func renamedEverywhere(document string) string {
	document = regexp.MustCompile(`operationId: *([\w-]+)`).ReplaceAllString(document, "operationId: other-$1")
	return regexp.MustCompile(`tags: \[([\w -]+)\]`).ReplaceAllString(document, "tags: [other $1]")
}

func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	generated, err := tree.GeneratedFiles(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range [][2]string{{a, b}, {b, a}} {
		err := filepath.WalkDir(dir[0], func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			name, _ := filepath.Rel(dir[0], path)
			one, _ := os.ReadFile(path)
			other, err := os.ReadFile(filepath.Join(dir[1], name))
			switch {
			case name == tree.ManifestName:
			case err != nil:
				t.Errorf("%s is in one alone: %v", name, err)
			case slices.Contains(generated, name) && !bytes.Equal(one, other):
				t.Errorf("%s differs:\n%s\n--- and\n%s", name, one, other)
			case strings.HasPrefix(name, "src/routes/") && !slices.Equal(lines(one), lines(other)):
				t.Errorf("%s has other lines:\n%s\n--- and\n%s", name, one, other)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// lines are those of a text, in no order.
func lines(text []byte) []string {
	out := strings.Split(string(text), "\n")
	slices.Sort(out)
	return slices.Compact(out)
}
