package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// exists says whether the database has a relation.
func exists(t *testing.T, db *pgdb.DB, name string) bool {
	t.Helper()
	var there bool
	if err := db.QueryRow("SELECT to_regclass(" + pgdb.QuoteLiteral(name) + ") IS NOT NULL").Scan(&there); err != nil {
		t.Fatal(err)
	}
	return there
}

func TestApplyTwiceAppliesOnce(t *testing.T) {
	dsn, db := database(t)
	f := file(t, t.TempDir(), "1_users.sql", "CREATE TABLE users (id int);\nINSERT INTO users VALUES (1);\n")
	if r := run(t, "apply", f, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "APPLIED: 2 statements") {
		t.Fatal(r)
	}
	if r := run(t, "apply", f, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "NOTHING TO DO") {
		t.Fatal(r)
	}
	var n int
	if db.QueryRow("SELECT count(*) FROM users").Scan(&n); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestApplyFailureLeavesNothing(t *testing.T) {
	dsn, db := database(t)
	f := file(t, t.TempDir(), "1.sql", "CREATE TABLE a (id int);\nALTER TABLE nope\n  ADD COLUMN x int;\nCREATE TABLE b (id int);\n")
	r := run(t, "apply", f, "--connection", dsn)
	if r.code != 2 || !strings.Contains(r.errors, f+":2:1: relation \"nope\" does not exist (SQLSTATE 42P01)") || !strings.Contains(r.errors, "nothing was applied") {
		t.Error(r)
	}
	if exists(t, db, "a") || exists(t, db, "b") || exists(t, db, "migrator_history") {
		t.Error("something was left behind")
	}
}

func TestApplyDeferredConstraintFailsAtCommit(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)")
	f := file(t, t.TempDir(), "1.sql", "INSERT INTO c VALUES (1);\n")
	for _, flag := range []string{"--dry-run", "--format=text"} {
		r := run(t, "apply", f, "--connection", dsn, flag)
		if r.code == 0 || !strings.Contains(r.errors, "at COMMIT") || !strings.Contains(r.errors, "foreign key") {
			t.Error(flag, r)
		}
	}
	var n int
	if db.QueryRow("SELECT count(*) FROM c").Scan(&n); n != 0 {
		t.Error("the row is there")
	}
}

func TestApplyChangedFileIsRefused(t *testing.T) {
	dsn, _ := database(t)
	dir := t.TempDir()
	f := file(t, dir, "1.sql", "CREATE TABLE a (id int);\n")
	run(t, "apply", f, "--connection", dsn)
	file(t, dir, "1.sql", "CREATE TABLE a (id bigint);\n")
	r := run(t, "apply", f, "--connection", dsn)
	if r.code != 2 || !strings.Contains(r.errors, "was changed after it was applied") {
		t.Error(r)
	}
}

func TestApplyRollbackAndAgain(t *testing.T) {
	dsn, db := database(t)
	dir := t.TempDir()
	up := file(t, dir, "1_a.sql", "CREATE TABLE a (id int);\n")
	down := file(t, dir, "1_a_rollback.sql", "DROP TABLE a;\n")
	for i := range 2 {
		if r := run(t, "apply", up, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "APPLIED") || !exists(t, db, "a") {
			t.Fatal(i, r)
		}
		if r := run(t, "apply", down, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "APPLIED") || exists(t, db, "a") {
			t.Fatal(i, r)
		}
		if r := run(t, "apply", down, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "NOTHING TO DO: it was rolled back") {
			t.Fatal(i, r)
		}
	}
}

// A unique index that cannot be built leaves an invalid one. Once the rows are
// right, the same file goes on from there.
func TestApplyResumesConcurrently(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE a (id int)", "INSERT INTO a VALUES (1), (1)")
	f := file(t, t.TempDir(), "1.sql", `BEGIN;
CREATE TABLE b (id int);
COMMIT;
CREATE UNIQUE INDEX CONCURRENTLY a_id ON public.a (id);
CREATE INDEX CONCURRENTLY b_id ON b (id);
BEGIN;
CREATE TABLE c (id int);
COMMIT;
`)
	r := run(t, "apply", f, "--connection", dsn)
	if r.code != 2 || !strings.Contains(r.errors, "could not create unique index") || !strings.Contains(r.errors, "the first 1 of 4 statements are applied") {
		t.Fatal(r)
	}
	if !exists(t, db, "b") || exists(t, db, "c") {
		t.Error("the wrong half is applied")
	}
	if _, err := db.Exec("DELETE FROM a"); err != nil {
		t.Fatal(err)
	}
	r = run(t, "apply", f, "--connection", dsn)
	if r.code != 0 || !strings.Contains(r.errors, "left invalid; it is dropped and built again") || !strings.Contains(r.out, "1 of them by an earlier run") {
		t.Fatal(r)
	}
	var valid bool
	if err := db.QueryRow("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass").Scan(&valid); err != nil || !valid {
		t.Error(valid, err)
	}
	if !exists(t, db, "b_id") || !exists(t, db, "c") {
		t.Error("the rest is not applied")
	}
}

func TestApplyWaitsForLocksAndGivesUp(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE a (id int)")
	f := file(t, t.TempDir(), "1.sql", "ALTER TABLE a ADD COLUMN x int;\n")
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("LOCK TABLE a IN ACCESS SHARE MODE"); err != nil {
		t.Fatal(err)
	}
	r := run(t, "apply", f, "--connection", dsn, "--lock-timeout", "0.1", "--tries", "2")
	if r.code != 2 || !strings.Contains(r.errors, "could not be had in 2 tries") || !strings.Contains(r.errors, "try 2 of 2") {
		t.Error(r)
	}
	tx.Rollback()
	if r := run(t, "apply", f, "--connection", dsn); r.code != 0 {
		t.Error(r)
	}
}

func TestApplyShowsWhoHasTheLock(t *testing.T) {
	dsn, db := database(t)
	f := file(t, t.TempDir(), "1.sql", "CREATE TABLE a (id int);\n")
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "SET application_name = 'the other one'; SELECT pg_advisory_lock(1835624306, 1634758764)"); err != nil {
		t.Fatal(err)
	}
	r := run(t, "apply", f, "--connection", dsn, "--lock-wait", "0.1")
	if r.code != 2 || !strings.Contains(r.errors, "another migration is running: the other one (process") {
		t.Error(r)
	}
}

func TestDryRunReportsAndRollsBack(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (id int)", "INSERT INTO t SELECT generate_series(1, 500)", "ANALYZE t")
	f := file(t, t.TempDir(), "1.sql", `ALTER TABLE t ADD COLUMN a int DEFAULT 1;
ALTER TABLE t ADD COLUMN b float DEFAULT random();
UPDATE t SET a = 2;
CREATE INDEX CONCURRENTLY i ON t (a);
`)
	r := run(t, "apply", f, "--connection", dsn, "--dry-run=target", "--format", "json")
	if r.code != 0 {
		t.Fatal(r)
	}
	var got dryRunData
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err)
	}
	s := got.Statements
	switch {
	case len(s) != 4:
		t.Fatalf("%d statements", len(s))
	case len(s[0].Locks) != 1 || s[0].Locks[0] != (dryLock{"ACCESS EXCLUSIVE", "public.t"}) || len(s[0].Rewritten) != 0:
		t.Errorf("a constant default: %+v", s[0])
	case len(s[1].Rewritten) != 1 || s[1].Rewritten[0].Relation != "public.t" || *s[1].Rewritten[0].Rows != 500:
		t.Errorf("a volatile default: %+v", s[1])
	case s[2].Affected != 500:
		t.Errorf("an update: %+v", s[2])
	case s[3].Run || s[3].Skipped == "":
		t.Errorf("a concurrent index: %+v", s[3])
	}
	var columns int
	if db.QueryRow("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0").Scan(&columns); columns != 1 {
		t.Error("it was not rolled back")
	}
}

func TestDryRunFails(t *testing.T) {
	dsn, _ := database(t)
	f := file(t, t.TempDir(), "1.sql", "CREATE TABLE a (id int);\nCREATE TABLE a (id int);\n")
	r := run(t, "apply", f, "--connection", dsn, "--dry-run")
	if r.code != 1 || !strings.Contains(r.out, "FAILS") || !strings.Contains(r.errors, ":2:1: relation \"a\" already exists (SQLSTATE 42P07)") {
		t.Error(r)
	}
}

// What cannot run in a transaction, and what needs it, is tried on a copy: the
// database itself stays as it is.
func TestDryRunOnACopy(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (id int, v text)", "INSERT INTO t SELECT generate_series(1, 500)", "ANALYZE t")
	f := file(t, t.TempDir(), "1.sql", `CREATE UNIQUE INDEX CONCURRENTLY t_id ON public.t (id);
ALTER TABLE t ADD CONSTRAINT t_id UNIQUE USING INDEX t_id;
ALTER TABLE t ALTER COLUMN v TYPE varchar(10);
`)
	r := run(t, "apply", f, "--connection", dsn, "--dry-run", "--format", "markdown")
	if r.code != 0 || !strings.Contains(r.out, "**WORKS**: 3 statements, tried on a scratch copy") || !strings.Contains(r.out, "rewrites public.t (500 rows)") ||
		!strings.Contains(r.out, "SHARE UPDATE EXCLUSIVE public.t") {
		t.Error(r)
	}
	if exists(t, db, "t_id") {
		t.Error("the index is in the database")
	}
	bad := file(t, t.TempDir(), "2.sql", "CREATE INDEX CONCURRENTLY i ON t (nope);\n")
	r = run(t, "apply", bad, "--connection", dsn, "--dry-run", "--format", "markdown")
	if r.code != 1 || !strings.Contains(r.out, "**FAILS**") || strings.Count(r.out, bad+":1:") > 2 {
		t.Error(r)
	}
}

// The options of a file's own BEGIN hold.
func TestApplyBeginsAsTheFileSays(t *testing.T) {
	dsn, db := database(t)
	f := file(t, t.TempDir(), "1.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE a AS SELECT current_setting('transaction_isolation') AS level;\nCOMMIT;\nSTART TRANSACTION;\nINSERT INTO a SELECT current_setting('transaction_isolation');\nCOMMIT;\n")
	if r := run(t, "apply", f, "--connection", dsn); r.code != 0 {
		t.Fatal(r)
	}
	var levels string
	if err := db.QueryRow("SELECT string_agg(level, ', ' ORDER BY level DESC) FROM a").Scan(&levels); err != nil || levels != "serializable, read committed" {
		t.Errorf("%q (%v)", levels, err)
	}
	wrong := file(t, t.TempDir(), "2.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE a (id int);\nCOMMIT;\n")
	if r := run(t, "apply", wrong, "--connection", dsn); r.code != 2 || !strings.Contains(r.errors, "2.sql:2:1: relation \"a\" already exists") {
		t.Error(r)
	}
	place := file(t, t.TempDir(), "3.sql", "-- é\nBEGIN;\n  SELECT é.x FROM a;\nCOMMIT;\n")
	if r := run(t, "apply", place, "--connection", dsn); r.code != 2 || !strings.Contains(r.errors, "3.sql:3:10: ") {
		t.Error(r)
	}
}
