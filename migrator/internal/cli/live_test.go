package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

// What a live database says of its tables stands beside the hazards: of the
// migration, that runs there, in every form of the report.
func TestDiffSaysRowsAndSize(t *testing.T) {
	dsn, _ := database(t, "CREATE TABLE t (id int PRIMARY KEY, a text, b int)", "INSERT INTO t SELECT i, repeat('x', 100), i FROM generate_series(1, 20000) i", "ANALYZE t")
	to := file(t, t.TempDir(), "to.sql", "CREATE TABLE t (id int PRIMARY KEY, b bigint);")
	r := run(t, "diff", "--from", dsn, "--to", to)
	if r.code != 0 || strings.Count(r.out, "rows: about 20,000") != 2 || strings.Count(r.out, "size: 2.7 MiB") != 2 {
		t.Error(r)
	}
	r = run(t, "diff", "--from", dsn, "--to", to, "--format", "json", "--no-proof")
	var data struct {
		Up []struct {
			Statements []struct {
				Hazards []struct{ Rows, Bytes int64 }
			}
		}
	}
	if err := json.Unmarshal([]byte(r.out), &data); err != nil {
		t.Fatal(err, r)
	}
	for _, s := range data.Up[0].Statements {
		if len(s.Hazards) != 1 || s.Hazards[0].Rows != 20000 || s.Hazards[0].Bytes != 345*8192 {
			t.Errorf("%+v", s)
		}
	}
	// Files have no rows to tell of.
	from := file(t, t.TempDir(), "from.sql", "CREATE TABLE t (id int PRIMARY KEY, a text, b int);")
	if r = run(t, "diff", "--from", from, "--to", to); r.code != 0 || strings.Contains(r.out, "rows: about") || !strings.Contains(r.out, "data-loss") {
		t.Error(r)
	}
}

// A proof on another version than the database's is worth less, and says so;
// also where it fails for no other reason.
func TestDiffWarnsOfAnotherVersion(t *testing.T) {
	const old = "CREATE TABLE t (id int PRIMARY KEY, a text)"
	dsn, db := database(t, old)
	to := file(t, t.TempDir(), "to.sql", old+"; CREATE INDEX ON t (a);")
	other := "16"
	if db.Major() == 16 {
		other = "15"
	}
	r := run(t, "diff", "--from", dsn, "--to", to, "--scratch", "embedded:"+other)
	if r.code != 0 || !strings.Contains(r.errors, "warning: the scratch server is PostgreSQL "+other+", the database ") || !strings.Contains(r.out, "run on PostgreSQL "+other+".") {
		t.Error(r)
	}
	if r = run(t, "diff", "--from", dsn, "--to", to); r.code != 0 || strings.Contains(r.errors, "warning") {
		t.Error(r)
	}
	if _, err := db.Exec("CREATE VIEW v AS SELECT t.id FROM t"); err != nil { // names of columns are qualified up to 15
		t.Fatal(err)
	}
	if r = run(t, "diff", "--from", dsn, "--to", to, "--allow", "all", "--scratch", "embedded:"+other); r.code != 1 || !strings.Contains(r.errors, "hint: nothing was written; versions print the same thing otherwise") {
		t.Error(r)
	}
}
