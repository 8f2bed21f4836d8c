package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

const truncate = `DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') || ' RESTART IDENTITY CASCADE'
	FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'); END $$`

// allSamples makes one database of all schemas, which is too much for each change.
var allSamples = flag.Bool("all-samples", false, "TestDatabaseSamples: all schemas in one database, and ESLint")

var sampleNames = flag.String("samples", "orders,rental", "the schemas of TestDatabaseSamples, in one database")

// TestDatabaseSamples does with every table of larger schemas all that a server offers,
// in all frameworks. They must answer alike.
func TestDatabaseSamples(t *testing.T) {
	root := t.TempDir()
	if err := os.Symlink(filepath.Join(packages(t), "node_modules"), filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	postgres := pgtest.Start(t)
	var schema strings.Builder
	samples := strings.Split(*sampleNames, ",")
	patience := limit
	if *allSamples {
		patience *= 5
		samples = append(samples, "music", "maker", "hospital", "airline", "wiki", "tenants")
	}
	for _, name := range samples {
		schema.Write(read(t, "testdata/database/samples/"+name+".sql"))
	}
	flags := []string{"--case", "camel", "--bulk", "--soft-delete", "removed_at", "--title", "samples"}
	urls := map[string]string{}
	var all []server
	for _, framework := range frameworks {
		s := server{"samples-" + framework, "samples", filepath.Join(root, "samples-"+framework), nil}
		urls[s.name] = postgres.Database(schema.String())
		generate(t, append([]string{"database", urls[s.name], "--framework", framework, "--output", s.dir}, flags...)...)
		all = append(all, s)
	}
	document := filepath.Join(root, "openapi.json")
	generate(t, append([]string{"database", urls[all[0].name], "--spec-only", "--output", document}, flags...)...)
	if *allSamples {
		build7(t, patience, all) // TypeScript 5.9 needs twenty times as long
	} else {
		compile(t, all)
	}
	if *allSamples {
		t.Run("eslint", func(t *testing.T) { scriptWithin(t, patience, root, "lint.mjs", all[1:2]) })
	}
	t.Run("prettier", func(t *testing.T) { scriptWithin(t, patience, root, "format.mjs", all) })
	var first string
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Setenv("DATABASE_URL", urls[s.name])
			said := run(t, patience, ".", "node", "testdata/database/properties.mjs", s.serve(t), document)
			if first == "" {
				first = said
			} else if diff := firstDifferentLine(first, said); diff != "" {
				t.Errorf("it answers otherwise than %s:\n%s", all[0].name, diff)
			}
			for _, name := range []string{"contract", "crud"} {
				postgres.Run(urls[s.name], truncate)
				out := run(t, patience, s.dir, "node", "--test", "--test-reporter=tap", "dist/contract/"+name+".test.js")
				if !strings.Contains(out, "\n# fail 0\n") || strings.Contains(out, "\n# pass 0\n") {
					t.Errorf("the %s test:\n%s", name, out)
				}
				if slices.Contains(samples, "maker") && !strings.Contains(out, "flag_check refuses") {
					t.Errorf("the %s test does not name the constraints that refuse its rows:\n%s", name, out)
				}
			}
		})
	}
}
