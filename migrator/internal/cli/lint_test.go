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
