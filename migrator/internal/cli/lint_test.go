package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLint(t *testing.T) {
	dir := t.TempDir()
	bad := file(t, dir, "1.sql", "-- migrator:ignore ban-drop-column nobody reads it\nALTER TABLE t DROP COLUMN b;\nCREATE INDEX i ON t (a);\n")
	goose := file(t, dir, "2.sql", "-- +goose Up\nCREATE TABLE n (a text);\n-- +goose Down\nDROP TABLE n;\n")

	r := run(t, "lint", bad)
	if r.code != 1 || !strings.Contains(r.out, "1.sql:3:1") || !strings.Contains(r.out, "CREATE INDEX CONCURRENTLY i ON t (a);") || strings.Contains(r.out, "ban-drop-column") {
		t.Error(r)
	}
	if r := run(t, "lint", goose); r.code != 0 || !strings.Contains(r.out, "CLEAN: 1 statement in 1 file") {
		t.Error("the way back was judged:", r)
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{0, []string{bad, "--fail-on", "error"}},
		{0, []string{bad, "--skip", "require-concurrent-index-creation"}},
		{1, []string{bad, "--severity", "require-concurrent-index-creation=error", "--fail-on", "error"}},
		{2, []string{bad, "--only", "no-such-rule"}},
		{2, []string{bad, "--severity", "ban-drop-table=bad"}},
		{2, []string{filepath.Join(dir, "none.sql")}},
	} {
		if r := run(t, append([]string{"lint"}, c.args...)...); r.code != c.code {
			t.Errorf("%s: %d, want %d: %s", c.args, r.code, c.code, r.errors)
		}
	}

	r = run(t, "lint", bad, "--format", "sarif")
	var sarif struct {
		Runs []struct {
			Results []struct{ RuleID, Level string }
		}
	}
	if err := json.Unmarshal([]byte(r.out), &sarif); err != nil || len(sarif.Runs) != 1 || sarif.Runs[0].Results[0].RuleID != "require-concurrent-index-creation" {
		t.Error(err, r)
	}

	if r := run(t, "lint", bad, "--fix"); r.code != 0 || !strings.Contains(r.out, "1 fixed") {
		t.Error(r)
	}
	text, err := os.ReadFile(bad)
	if err != nil || !strings.HasSuffix(string(text), "CREATE INDEX CONCURRENTLY i ON t (a);\n") {
		t.Error(err, string(text))
	}
}

// After --fix the file is judged as it has become: what is still found is said, as is
// what the safe way brings with it.
func TestLintJudgesWhatFixHasWritten(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, text, want string
		code             int
		says, silent     string
	}{
		{"1.sql", "CREATE INDEX IF NOT EXISTS i ON t (a);\n", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);\n", 1, "an INVALID index of this name", "require-concurrent"},
		{"2.sql", "ALTER TABLE t ALTER COLUMN a SET NOT NULL;\n", "", 0, "1 fixed", "dropping-constraint"},
		{"3.sql", "SET lock_timeout = '2s';\nDROP TABLE u;\nCREATE INDEX i ON t (a);\n", "SET lock_timeout = '2s';\nDROP TABLE u;\nCREATE INDEX CONCURRENTLY i ON t (a);\n", 1, "3.sql:2:1", "require-concurrent"},
		{"4.sql", "CREATE INDEX i ON t (a);\nALTER TABLE t ALTER COLUMN b TYPE bigint;\n", "CREATE INDEX CONCURRENTLY i ON t (a);\nALTER TABLE t ALTER COLUMN b TYPE bigint;\n", 1, "changing-column-type", "require-concurrent"},
		{"5.sql", "-- +goose Up\nCREATE INDEX i ON t (a);\n-- +goose Down\nDROP INDEX i;\n", "-- +goose Up\nCREATE INDEX i ON t (a);\n-- +goose Down\nDROP INDEX i;\n", 1, "require-concurrent-index-creation", "fixed"},
		{"6_a.up.sql", "CREATE INDEX i ON t (a);\nCREATE INDEX j ON t (b);\n", "CREATE INDEX i ON t (a);\nCREATE INDEX j ON t (b);\n", 1, "require-concurrent-index-creation", "fixed"},
		{"7.sql", "DROP TABLE u;\n-- +goose Down\nDROP TABLE t;\n", "DROP TABLE u;\n-- +goose Down\nDROP TABLE t;\n", 1, "nothing of it is judged", "ban-drop-table"},
	} {
		path := file(t, dir, c.name, c.text)
		r := run(t, "lint", path, "--fix")
		if r.code != c.code || !strings.Contains(r.out, c.says) || strings.Contains(r.out, c.silent) {
			t.Errorf("%s: %d, want %d, with %q and without %q:\n%s%s", c.name, r.code, c.code, c.says, c.silent, r.out, r.errors)
		}
		if text, err := os.ReadFile(path); err != nil || c.want != "" && string(text) != c.want {
			t.Errorf("%s is\n%s%v", c.name, text, err)
		}
	}
}

// A database says which tables and indexes are partitioned, where PostgreSQL refuses
// CONCURRENTLY.
func TestLintLeavesPartitionedTablesOfADatabase(t *testing.T) {
	dsn, _ := database(t, "CREATE TABLE p (a int) PARTITION BY LIST (a)", "CREATE INDEX old ON p (a)", "CREATE TABLE t (a int)")
	text := "CREATE INDEX i ON p (a);\nDROP INDEX old;\nCREATE INDEX j ON t (a);\n"
	path := file(t, t.TempDir(), "1.sql", text)
	r := run(t, "lint", path, "--connection", dsn, "--fix")
	now, err := os.ReadFile(path)
	if want := strings.Replace(text, "INDEX j", "INDEX CONCURRENTLY j", 1); err != nil || string(now) != want || !strings.Contains(r.out, "ATTACH PARTITION") {
		t.Errorf("%s\n%s%s", now, r.out, r.errors)
	}
}

// The size of a table decides, and what the file says is not what the server is
// asked to do.
func TestLintWithADatabase(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (a int)")
	dir := t.TempDir()
	migration := file(t, dir, "1.sql", "CREATE INDEX i ON t (a);\n")
	if r := run(t, "lint", migration, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "1 file") {
		t.Error("an empty table is no danger:", r)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM pg_indexes WHERE tablename = 't'").Scan(&n); err != nil || n != 0 {
		t.Error("lint ran the file", n, err)
	}
}

// Words in names, strings and comments are no hazards, and hazards within WITH are.
func TestDryRunNamesHazardsByTheParseTree(t *testing.T) {
	dsn, _ := database(t, "CREATE TABLE t (id int, type text)", "CREATE TABLE type (id int)")
	migration := file(t, t.TempDir(), "1.sql", "ALTER TABLE t ALTER COLUMN type SET STATISTICS 100;\nALTER TABLE type ADD COLUMN b int;\nALTER TABLE t ADD COLUMN drop_type text;\nWITH gone AS (DELETE FROM t RETURNING id) SELECT count(*) FROM gone;\n")
	r := run(t, "apply", migration, "--connection", dsn, "--dry-run", "--format", "json")
	var report struct {
		Findings []struct {
			Rule string
			Line int
		}
	}
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatal(err, r)
	}
	lost := 0
	for _, f := range report.Findings {
		switch {
		case f.Line == 4 && f.Rule == "data-loss":
			lost++
		case f.Line < 4:
			t.Errorf("line %d: %s", f.Line, f.Rule)
		}
	}
	if lost != 1 {
		t.Error(r.out)
	}
}
