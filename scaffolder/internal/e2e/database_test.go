package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

// TestDatabase makes servers of a database for all frameworks, and asks them for what
// their document promises. They must answer alike.
func TestDatabase(t *testing.T) {
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	postgres := pgtest.Start(t)
	schema := string(read(t, "testdata/database/shop.sql"))
	var all []server
	urls := map[string]string{}
	for _, framework := range frameworks {
		s := server{"database-" + framework, "database", filepath.Join(root, "database-"+framework), nil}
		urls[s.name] = postgres.Database(schema)
		generate(t, "database", urls[s.name], "--title", "shop", "--framework", framework, "--output", s.dir)
		generate(t, "database", urls[s.name], "--title", "shop", "--framework", framework, "--output", s.dir, "--check")
		all = append(all, s)
	}
	compile(t, all)
	t.Run("eslint", func(t *testing.T) { script(t, root, "lint.mjs", all[:1]) })
	t.Run("prettier", func(t *testing.T) { script(t, root, "format.mjs", all) })
	var first string
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Setenv("DATABASE_URL", urls[s.name])
			said := run(t, limit, ".", "node", "testdata/database/judge.mjs", s.serve(t))
			if first == "" {
				first = said
			} else if diff := firstDifferentLine(first, said); diff != "" {
				t.Errorf("it answers otherwise than %s:\n%s", all[0].name, diff)
			}
			s.keepsContract(t)
		})
	}
}

func firstDifferentLine(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	if len(x) != len(y) {
		return "the number of lines"
	}
	return ""
}
