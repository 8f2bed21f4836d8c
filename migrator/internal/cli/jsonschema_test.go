package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What the tool prints as JSON is what docs/migrator promises.
func TestJSONSchemas(t *testing.T) {
	dsn, _ := database(t, v1, "INSERT INTO users (email) SELECT 'u' || i FROM generate_series(1, 20000) i", "ANALYZE")
	dir := t.TempDir()
	wanted := file(t, dir, "v2.sql", v2)
	migration := file(t, dir, "1.sql", "CREATE TABLE a (id int);\nALTER TABLE users ADD COLUMN r float DEFAULT random();\n")
	queries := file(t, dir, "queries.sql", "SELECT * FROM users WHERE email = 'x';\nSELECT nothing FROM users;\n")
	broken := file(t, dir, "2.sql", "CREATE TABLE b (id txet);\n")
	counted, asked := counting(t)
	for range 50 {
		if _, err := asked.Exec("SELECT * FROM orders WHERE user_id = 7"); err != nil {
			t.Fatal(err)
		}
	}
	last := filepath.Join(dir, "last.json")
	if r := run(t, "analyze", "--connection", counted, "--format", "json", "--output", last); r.code != 0 {
		t.Fatal(r)
	}
	log := file(t, dir, "server.log", "2026-11-30 03:00:00.000 UTC [7] LOG:  duration: 1.000 ms  statement: SELECT id FROM users WHERE id = 7\n")
	folder := filepath.Join(dir, "folder")
	file(t, folder, "1_a.sql", "CREATE TABLE f (id int);\nCREATE INDEX CONCURRENTLY f_id ON f (id);\n")
	file(t, folder, "1_a_rollback.sql", "DROP TABLE f;\n")
	file(t, folder, "2_b.sql", "ALTER TABLE f ADD COLUMN v text;\n")
	file(t, folder, "2_b_rollback.sql", "ALTER TABLE f DROP COLUMN v;\nCREATE TABLE left_over (id int);\n")
	back := file(t, dir, "back.sql", "-- migrate:down\nDROP TABLE a;\n")
	for _, c := range []struct {
		schema string
		args   []string
	}{
		{"diff", []string{"diff", "--from", dsn, "--to", wanted, "--output", filepath.Join(dir, "out")}},
		{"diff", []string{"diff", "--from", wanted, "--to", dsn, "--output", filepath.Join(dir, "out")}},
		{"diff", []string{"diff", "--from", dsn, "--to", dsn}},
		{"diff", []string{"diff", "--from", dsn, "--to", wanted, "--prove", "traffic", "--traffic-rows", "500"}},
		{"dryrun", []string{"apply", migration, "--connection", dsn, "--dry-run"}},
		{"dryrun", []string{"apply", broken, "--connection", dsn, "--dry-run"}},
		{"apply", []string{"apply", migration, "--connection", dsn}},
		{"apply", []string{"apply", migration, "--connection", dsn}},
		{"status", []string{"status", folder, "--connection", dsn}},
		{"check", []string{"check", folder}},
		{"dryrun", []string{"apply", folder, "--connection", dsn, "--dry-run=target"}},
		{"apply-directory", []string{"apply", folder, "--connection", dsn}},
		{"apply-directory", []string{"apply", folder, "--connection", dsn}},
		{"status", []string{"status", folder, "--connection", dsn}},
		{"rollback", []string{"rollback", folder, "--connection", dsn}},
		{"verify", []string{"verify", folder, "--connection", dsn}},
		{"resolve", []string{"resolve", filepath.Join(folder, "2_b.sql"), "--as", "applied", "--connection", dsn}},
		{"adopt", []string{"adopt", folder, "--baseline", "2", "--connection", dsn, "--history", "other"}},
		{"lint", []string{"lint", migration, broken, back, "--all", "--fail-on", "never"}},
		{"lint", []string{"lint", migration, "--connection", dsn}},
		{"lint", []string{"lint", broken}},
		{"new", []string{"new", "more", folder}},
		{"analyze", []string{"analyze", "--connection", dsn}},
		{"analyze", []string{"analyze", "--connection", counted, "--watch", "1"}},
		{"analyze", []string{"analyze", "--connection", counted, "--since", last}},
		{"analyze", []string{"analyze", "--log", log}},
		{"suggest-indexes", []string{"suggest-indexes", "--connection", dsn}},
		{"suggest-indexes", []string{"suggest-indexes", "--connection", dsn, "--queries", queries, "--output", filepath.Join(dir, "indexes"), "--explain"}},
	} {
		schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "..", "docs", "migrator", c.schema+".schema.json"))
		if err != nil {
			t.Fatal(err)
		}
		r := run(t, append(c.args, "--format", "json")...)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(r.out))
		if err != nil {
			t.Fatalf("%v: %v: %+v", c.args, err, r)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%v: %v\n%s", c.args, err, r.out)
		}
	}
}
