package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

// schemas of the end-to-end tests, with the flags that they are served with. Each is made
// for one framework: what is compared does not depend on it.
var sameServers = []struct {
	schema, framework string
	flags, generate   []string // of database, and those of them that generate has, too
}{
	{"shop", "express", nil, nil},
	{"rls", "koa", []string{"--roles", "reader,writer", "--soft-delete", "deleted_at", "--bulk", "--case", "camel"}, nil},
	{"samples/orders", "fastify", []string{"--bulk"}, []string{"--int64", "string"}},
	{"samples/rental", "koa", []string{"--case", "camel"}, nil},
	{"samples/music", "express", nil, nil},
	{"samples/maker", "fastify", []string{"--soft-delete", "removed_at"}, nil},
	{"samples/hospital", "koa", []string{"--case", "camel", "--soft-delete", "removed_at"}, []string{"--int64", "bigint"}},
}

// TestDatabaseDocumentMakesTheSameServer: what database makes, generate makes of its
// document: the same routes, types and validators, to the byte.
func TestDatabaseDocumentMakesTheSameServer(t *testing.T) {
	server := pgtest.Start(t)
	for _, c := range sameServers {
		t.Run(filepath.Base(c.schema), func(t *testing.T) {
			sql, err := os.ReadFile("../e2e/testdata/database/" + c.schema + ".sql")
			if err != nil {
				t.Fatal(err)
			}
			url, dir := server.Database(string(sql)), t.TempDir()
			database, generate, document := filepath.Join(dir, "database"), filepath.Join(dir, "generate"), filepath.Join(dir, "openapi.yaml")
			scaffold(t, 0, slices.Concat([]string{"database", url, "-o", database, "--framework", c.framework}, c.flags, c.generate)...)
			scaffold(t, 0, slices.Concat([]string{"database", url, "-o", document, "--spec-only"}, c.flags)...)
			scaffold(t, 0, slices.Concat([]string{"generate", document, "-o", generate, "--framework", c.framework}, c.generate)...)
			for _, name := range []string{
				".scaffolder/document.yaml", "src/routes/_register.ts", "src/handlers.contract.ts", "src/types/api.ts", "src/middleware/validators.ts",
			} {
				if got, want := readFile(t, database, name), readFile(t, generate, name); got != want {
					t.Errorf("%s differs:\n%s", name, differentLine(got, want))
				}
			}
			// Where a column holds JSON, only a server from a database keeps its digits.
			const operations = "src/operations.ts"
			if got, want := readFile(t, database, operations), readFile(t, generate, operations); got != want && !strings.Contains(got, "open: [") {
				t.Errorf("%s differs:\n%s", operations, differentLine(got, want))
			}
		})
	}
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func differentLine(database, generate string) string {
	x, y := strings.Split(database, "\n"), strings.Split(generate, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "database: " + x[i] + "\ngenerate: " + y[i]
		}
	}
	return "one ends before the other"
}
