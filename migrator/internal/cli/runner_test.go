package cli

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// The pair has what runners stumble over: statements that cannot run in a
// transaction both ways, bodies and strings with semicolons, texts that look
// like the runners' own marks and templates.
const (
	runnersOld = `CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, mood mood);
CREATE TABLE orders (id int PRIMARY KEY, user_id bigint, at date);
CREATE INDEX orders_at ON orders (at);
CREATE VIEW happy AS SELECT id FROM users WHERE mood = 'happy';
`
	runnersNew = `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, mood mood DEFAULT 'ok', age int DEFAULT 0 NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, at date, note text CHECK (note <> ';'));
CREATE INDEX orders_user ON orders (user_id);
COMMENT ON TABLE orders IS E'one; two\n-- +goose Down\n-- migrate:down\n${x} {{y}} $$z$$';
CREATE VIEW happy AS SELECT id, email FROM users WHERE mood = 'happy';
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $f$
BEGIN
  -- a comment; with a semicolon
  IF a > 1 THEN RETURN 1; END IF;

  RETURN length('x;$$;');
END $f$;
CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;
CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
`
)

// Files for other runners, run by these, give what the proof says: up the wanted
// schema, and down the old one.
func TestRunnersRunTheirFiles(t *testing.T) {
	program := buildRunners(t)
	dir := t.TempDir()
	old, now := file(t, dir, "old.sql", runnersOld), file(t, dir, "new.sql", runnersNew)
	for _, runner := range []string{"goose", "golang-migrate", "dbmate"} {
		t.Run(runner, func(t *testing.T) {
			dsn, db, files := filesFor(t, runner, dir, now)
			for _, way := range []struct{ word, equals string }{{"up", now}, {"down", old}, {"up", now}} {
				if out, err := exec.CommandContext(t.Context(), program, runner, files, dsn, way.word).CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", way.word, err, out)
				}
				sameButHistory(t, db, dsn, way.equals)
			}
		})
	}
}

// filesFor makes a database of the old schema, and a runner's files below dir that
// lead from it to the schema in now.
func filesFor(t *testing.T, runner, dir, now string) (dsn string, db *pgdb.DB, files string) {
	t.Helper()
	dsn, db = database(t, runnersOld)
	files = filepath.Join(dir, runner)
	r := run(t, "diff", "--from", dsn, "--to", now, "--output", files, "--files", runner, "--name", "x")
	if r.code != 0 || !strings.Contains(r.out, "PROVED") {
		t.Fatal(r)
	}
	return dsn, db, files
}

// sameButHistory says what a database differs in from a schema, but for the
// runners' own tables, which no migration drops.
func sameButHistory(t *testing.T, db *pgdb.DB, dsn, schema string) {
	t.Helper()
	r := run(t, "diff", "--from", dsn, "--to", schema, "--format", "json")
	var got diffData
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err, r)
	}
	if !got.Equal {
		t.Errorf("it differs from %s:\n%s", schema, r.out)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM pg_class WHERE relname IN ('goose_db_version', 'schema_migrations', 'flyway_schema_history', 'databasechangelog')").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d tables of the runner's (%v)", n, err)
	}
	if !strings.Contains(r.errors, "is a migration runner's own table and was left out") {
		t.Error(r.errors)
	}
}
