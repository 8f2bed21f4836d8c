package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	v1 = `CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, mood mood);
CREATE TABLE orders (id int PRIMARY KEY, user_id bigint REFERENCES users);
CREATE VIEW happy AS SELECT id FROM users WHERE mood = 'happy';
`
	v2 = `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, mood mood, age int DEFAULT 0 NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, user_id bigint REFERENCES users);
CREATE INDEX orders_user ON orders (user_id);
CREATE VIEW happy AS SELECT id, email FROM users WHERE mood = 'happy';
`
)

// The whole way: a database to a file, applied, compared, and back.
func TestDiffThereAndBack(t *testing.T) {
	dsn, _ := database(t, v1)
	dir := t.TempDir()
	old, wanted := file(t, dir, "v1.sql", v1), file(t, dir, "v2.sql", v2)
	out := filepath.Join(dir, "migrations")
	r := run(t, "diff", "--from", dsn, "--to", wanted, "--output", out)
	if r.code != 0 || !strings.Contains(r.out, "PROVED: ") {
		t.Fatal(r)
	}
	m := regexp.MustCompile(`(?m)^Generated migration: (.*/\d{14}_\w+\.sql)\nGenerated rollback: (.*/\d{14}_\w+_rollback\.sql)$`).FindStringSubmatch(r.out)
	if m == nil {
		t.Fatalf("the files are not named:\n%s", r.out)
	}
	up, down := m[1], m[2]
	text, err := os.ReadFile(up)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "proved on PostgreSQL") || strings.Contains(string(text), password(t, dsn)) {
		t.Errorf("%s", text)
	}
	for _, step := range []struct{ file, equals string }{{up, wanted}, {down, old}, {up, wanted}} {
		if r := run(t, "apply", step.file, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "APPLIED") {
			t.Fatal(step.file, r)
		}
		if r := run(t, "diff", "--from", dsn, "--to", step.equals, "--exit-code"); r.code != 0 || !strings.Contains(r.out, "EQUAL") {
			t.Fatal(step.equals, r)
		}
	}
}

func TestDiffEqualWritesNothing(t *testing.T) {
	dir := t.TempDir()
	a, b := file(t, dir, "a.sql", v2), file(t, dir, "b.sql", v2)
	out := filepath.Join(dir, "out")
	r := run(t, "diff", "--from", a, "--to", b, "--output", out)
	if r.code != 0 || !strings.Contains(r.out, "EQUAL: the schemas are the same; nothing was written") {
		t.Error(r)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("the folder was made")
	}
}

func TestDiffRefusesDataLoss(t *testing.T) {
	dir := t.TempDir()
	a, b := file(t, dir, "a.sql", v2), file(t, dir, "b.sql", v1)
	up := filepath.Join(dir, "up.sql")
	r := run(t, "diff", "--from", a, "--to", b, "--up", up)
	if r.code != 1 || !strings.Contains(r.errors, "the migration would lose data: column public.users.age") || !strings.Contains(r.errors, "--allow data-loss") {
		t.Error(r)
	}
	if _, err := os.Stat(up); err == nil {
		t.Error("it was written")
	}
	for _, allowed := range []string{"data-loss", "all"} {
		if r := run(t, "diff", "--from", a, "--to", b, "--up", up, "--allow", allowed); r.code != 0 || !strings.Contains(r.out, "PROVED") {
			t.Error(r)
		}
	}
}

func TestDiffForPipelines(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", "CREATE TABLE a (id int);")
	r := runIn(t, t.Context(), "CREATE TABLE a (id int); CREATE TABLE b (id int);", "diff", "--from", a, "--to", "-", "-o", "-")
	if r.code != 0 || !strings.HasPrefix(r.out, "-- ") || !strings.Contains(r.out, "CREATE TABLE public.b") || !strings.Contains(r.errors, "PROVED") {
		t.Error(r)
	}
	r = runIn(t, t.Context(), "CREATE TABLE b (id int);", "diff", "--from", a, "--to", "-", "--exit-code")
	if r.code != 1 || !strings.Contains(r.out, "CHANGES (") {
		t.Error(r)
	}
	r = run(t, "diff", "--from", a, "--to", file(t, dir, "c.sql", "CREATE TABLE a (id int); CREATE TABLE c (id int);"), "--format", "json")
	var got struct {
		Schema  string
		Proved  bool
		Changes []changeData
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || got.Schema != "migrator.diff" || !got.Proved || len(got.Changes) == 0 || got.Changes[0].Object != "public.c" {
		t.Error(err, r)
	}
}

// A folder's files may come in any order, a dump may have psql's commands.
func TestDiffReadsFoldersAndDumps(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "schema/1_views.sql", "CREATE VIEW v AS SELECT f(id) AS x FROM t;\nCOMMENT ON VIEW v IS 'a view';\n")
	file(t, dir, "schema/2_functions.sql", "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT $1; END;\n")
	file(t, dir, "schema/tables/3.sql", "ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES u;\nCREATE TABLE t (id int, u int);\nCREATE TABLE u (id int PRIMARY KEY);\n")
	file(t, dir, "schema/3_rollback.sql", "DROP TABLE nothing;\n")
	dump := file(t, dir, "dump.sql", `--
-- PostgreSQL database dump
--
\restrict abcDEF
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET default_table_access_method = heap;
CREATE SCHEMA public;
CREATE TABLE public.u (id integer NOT NULL);
ALTER TABLE public.u OWNER TO somebody;
CREATE TABLE public.t (id integer, u integer);
CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
 SELECT $1;
END;
CREATE VIEW public.v AS SELECT public.f(id) AS x FROM public.t;
COMMENT ON VIEW public.v IS 'a view';
COPY public.u (id) FROM stdin;
1
2
\.
ALTER TABLE ONLY public.u ADD CONSTRAINT u_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.t ADD CONSTRAINT t_u_fkey FOREIGN KEY (u) REFERENCES public.u(id);
\unrestrict abcDEF
`)
	r := run(t, "diff", "--from", filepath.Join(dir, "schema"), "--to", dump, "--no-owners")
	if r.code != 0 || !strings.Contains(r.out, "EQUAL") {
		t.Error(r)
	}
	for _, note := range []string{"3_rollback.sql is a rollback", "role somebody is named by the files"} {
		if !strings.Contains(r.errors, note) {
			t.Errorf("no note %q in:\n%s", note, r.errors)
		}
	}
}

// Temporary databases on the server itself are gone afterwards, also when
// something failed.
func TestDiffOnTheServerItself(t *testing.T) {
	dsn, db := database(t, v1)
	dir := t.TempDir()
	for _, c := range []struct {
		to   string
		code int
	}{{v2, 0}, {"CREATE TABLE broken (id txet);", 2}} {
		r := run(t, "diff", "--from", dsn, "--to", file(t, dir, "to.sql", c.to), "--scratch", "server")
		if r.code != c.code {
			t.Error(r)
		}
	}
	var left int
	if err := db.QueryRow("SELECT count(*) FROM pg_database WHERE datname LIKE 'migrator%'").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d databases left (%v)", left, err)
	}
}

// ^C ends a diff with 130, and nothing stays behind.
func TestDiffInterrupted(t *testing.T) {
	dsn, db := database(t, v1)
	dir := t.TempDir()
	slow := file(t, dir, "slow.sql", "CREATE TABLE t (id int);\nSELECT pg_sleep(600);\n")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			var n int
			db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()").Scan(&n)
			if n > 0 {
				cancel()
			}
		}
	}()
	r := runIn(t, ctx, "", "diff", "--from", dsn, "--to", slow, "--up", filepath.Join(dir, "up.sql"), "--scratch", "server")
	if r.code != 130 || r.out != "" {
		t.Error(r)
	}
	var left int
	if err := db.QueryRow("SELECT count(*) FROM pg_database WHERE datname LIKE 'migrator%'").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d databases left (%v)", left, err)
	}
}

// What inspect prints loads, and is the same schema.
func TestInspectRoundTrip(t *testing.T) {
	dsn, _ := database(t, v2)
	dir := t.TempDir()
	out := filepath.Join(dir, "schema.sql")
	if r := run(t, "inspect", dsn, "--output", out); r.code != 0 || r.out+r.errors != "" {
		t.Fatal(r)
	}
	if r := run(t, "diff", "--from", dsn, "--to", out, "--exit-code"); r.code != 0 || !strings.Contains(r.out, "EQUAL") {
		t.Error(r)
	}
}

func TestDiffForOtherRunners(t *testing.T) {
	dir := t.TempDir()
	a, b := file(t, dir, "a.sql", v1), file(t, dir, "b.sql", v2)
	out := filepath.Join(dir, "out")
	r := run(t, "diff", "--from", a, "--to", b, "--output", out, "--files", "goose", "--name", "Add Users' Index")
	files, _ := filepath.Glob(filepath.Join(out, "*_add_users_index_*.sql"))
	if r.code != 0 || len(files) < 2 {
		t.Error(files, r)
	}
}

// A schema that needs more than a small scratch server has (here: locks) gets a
// large one.
func TestSmallServerIsOutgrown(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", "CREATE TABLE t (id int);")
	b := file(t, dir, "b.sql", "CREATE TABLE t (id int, a int); DO $$BEGIN PERFORM pg_advisory_xact_lock(i) FROM generate_series(1, 60000) i; END$$;")
	if r := run(t, "diff", "--from", a, "--to", b, "--scratch", "local"); r.code != 0 || !strings.Contains(r.out, "PROVED") || r.errors != "" {
		t.Error(r)
	}
	if r := run(t, "inspect", b, "--scratch", "local"); r.code != 0 || !strings.Contains(r.out, "CREATE TABLE public.t") || r.errors != "" {
		t.Error(r)
	}
	more := file(t, dir, "more.sql", "DO $$BEGIN PERFORM pg_advisory_xact_lock(i) FROM generate_series(1, 600000) i; END$$;")
	if r := run(t, "diff", "--from", a, "--to", more, "--scratch", "local"); r.code != 2 || strings.Count(r.errors, "out of shared memory") != 1 {
		t.Error(r)
	}
}
