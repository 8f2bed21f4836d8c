package cli

import (
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
)

// A procedure that commits was cut off in the middle: nobody knows how far it came,
// so it is not run again by itself.
func TestCutOffInAProcedure(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (i int)", `CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
		BEGIN INSERT INTO t VALUES (1); COMMIT; PERFORM pg_sleep(30); INSERT INTO t VALUES (2); END $$`)
	f := file(t, t.TempDir(), "1_fill.sql", "CREATE TABLE before (i int);\nCALL fill();\nCREATE TABLE after (i int);\n")
	cmd := process(t, shortFolder(t), "apply", f, "--connection", dsn)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the first row is there", func() bool {
		var n int
		return db.QueryRow("SELECT count(*) FROM t").Scan(&n) == nil && n > 0
	})
	cmd.Process.Kill()
	cmd.Wait()
	if _, err := db.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND client_addr IS NOT NULL"); err != nil {
		t.Fatal(err)
	}
	alone(t, db)
	for range 2 { // it stays so until somebody says
		r := run(t, "apply", f, "--connection", dsn)
		if r.code != 2 || !strings.Contains(r.errors, "1_fill.sql:2:1: an earlier run was cut off in this statement: it may have been carried out") || !strings.Contains(r.errors, "migrator resolve") {
			t.Fatal(r)
		}
	}
	other := file(t, t.TempDir(), "2_other.sql", "CREATE TABLE other (i int);\n")
	if r := run(t, "apply", other, "--connection", dsn); r.code != 0 {
		t.Error("another file is held up:", r)
	}
	if r := run(t, "resolve", f, "--as", "applied", "--done", "2", "--connection", dsn); r.code != 0 {
		t.Fatal(r)
	}
	if r := run(t, "apply", f, "--connection", dsn); r.code != 0 || !exists(t, db, "after") {
		t.Error(r)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM t").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d rows: it was run again (%v)", n, err)
	}
}

// What a file does to its session stays in the file: roles, settings, temporary
// tables, and a search path in which the history is not found.
func TestFilesDoNotMeetInTheSession(t *testing.T) {
	dsn, db := database(t, "CREATE ROLE app_session", "CREATE SCHEMA app AUTHORIZATION app_session")
	dir := t.TempDir()
	file(t, dir, "1_a.sql", "SET ROLE app_session;\nSET search_path = app;\nSET statement_timeout = '1h';\nCREATE TEMP TABLE same (i int);\nCREATE TABLE a (i int);\n")
	file(t, dir, "2_b.sql", "CREATE TEMP TABLE same (i int);\nCREATE TABLE b (i int);\nDO $$ BEGIN ASSERT current_user = session_user AND current_setting('statement_timeout') = '0'; END $$;\n")
	file(t, dir, "3_c.sql", "-- migrator:no-transaction\nSET SESSION AUTHORIZATION app_session;\nCREATE TABLE app.c (i int);\nRESET SESSION AUTHORIZATION;\n")
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "3 migrations applied") {
		t.Fatal(r)
	}
	var owners string
	if err := db.QueryRow("SELECT string_agg(relname || ' ' || relowner::regrole, ', ' ORDER BY relname) FROM pg_class WHERE relname IN ('a', 'b', 'c', 'migrator_history')").Scan(&owners); err != nil || owners != "a app_session, b postgres, c app_session, migrator_history postgres" {
		t.Error(owners, err)
	}
}

// A history of the first version of the tool is read, and gets the newer columns
// with the next file.
func TestHistoryOfAnEarlierVersion(t *testing.T) {
	dsn, db := database(t, `CREATE TABLE migrator_history (id bigint PRIMARY KEY, name text NOT NULL, undoes text, sha256 text NOT NULL, statements integer NOT NULL, done integer NOT NULL,
		done_sha256 text NOT NULL, started timestamptz NOT NULL, finished timestamptz, duration_ms bigint GENERATED ALWAYS AS ((extract(epoch from finished - started) * 1000)::bigint) STORED,
		tool text NOT NULL, applied_by text NOT NULL)`, "CREATE TABLE a (i int)")
	dir := t.TempDir()
	text := "CREATE TABLE a (i int);\n"
	file(t, dir, "1_a.sql", text)
	file(t, dir, "2_b.sql", "CREATE TABLE b (i int);\n")
	if _, err := db.Exec("INSERT INTO migrator_history (id, name, sha256, statements, done, done_sha256, started, finished, tool, applied_by) VALUES (1, '1_a.sql', '" + migfile.Sum(text) + "', 1, 1, '', now(), now(), 'migrator', 'x')"); err != nil {
		t.Fatal(err)
	}
	if r := run(t, "status", dir, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "1 applied, 1 pending") {
		t.Error(r)
	}
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "1 migration applied") {
		t.Error(r)
	}
	if r := run(t, "status", dir, "--connection", dsn, "--exit-code"); r.code != 0 {
		t.Error(r)
	}
}

// The rollback of a half-applied file is cut off itself: it goes on, and still passes
// over what was never applied.
func TestCutOffInAPartialRollback(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE users (id int)", "INSERT INTO users VALUES (1), (1)")
	dir := t.TempDir()
	file(t, dir, "1_age.sql", "ALTER TABLE users ADD COLUMN age int;\nCREATE INDEX CONCURRENTLY users_age ON users (age);\nCREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id);\nCREATE TABLE visits (id int);\n")
	file(t, dir, "1_age_rollback.sql", "DROP TABLE visits;\nDROP INDEX CONCURRENTLY users_id;\nDROP INDEX CONCURRENTLY users_age;\nDO $$ BEGIN PERFORM pg_sleep(1); END $$;\nALTER TABLE users DROP COLUMN age;\n")
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 2 {
		t.Fatal(r)
	}
	cmd := process(t, shortFolder(t), "rollback", dir, "--connection", dsn)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the index is gone", func() bool { return !exists(t, db, "users_age") })
	cmd.Process.Kill()
	cmd.Wait()
	alone(t, db)
	r := run(t, "status", dir, "--connection", dsn)
	if !strings.Contains(r.out, "half rolled back (3 of 5)") {
		t.Error(r)
	}
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 2 || !strings.Contains(r.errors, "the rollback of 1_age.sql was cut off after 3 of 5 statements") {
		t.Error(r)
	}
	if r := run(t, "rollback", dir, "--connection", dsn); r.code != 0 || !strings.Contains(r.errors, "going on after statement 3") {
		t.Error(r)
	}
	var columns string
	if err := db.QueryRow("SELECT string_agg(attname, ' ') FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped").Scan(&columns); err != nil || columns != "id" {
		t.Error(columns, err)
	}
}
