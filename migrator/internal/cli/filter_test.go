package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Schemas of others in a live database are left alone, also where ours stand on
// them; what is left out is said.
func TestDiffOfSomeSchemas(t *testing.T) {
	dsn, _ := database(t, `CREATE SCHEMA auth; CREATE TYPE auth.level AS ENUM ('a', 'b'); CREATE TABLE auth.users (id int PRIMARY KEY, level auth.level);
		CREATE SCHEMA _timescale_1; CREATE TABLE _timescale_1.chunk (id int);
		CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES auth.users, level auth.level); CREATE TABLE tmp_1 (id int);
		CREATE FUNCTION auth.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER r BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION auth.touch();`)
	dir := t.TempDir()
	wanted := file(t, dir, "v2.sql", `CREATE SCHEMA auth; CREATE TYPE auth.level AS ENUM ('a', 'b'); CREATE TABLE auth.users (id int PRIMARY KEY, level auth.level, more text);
		CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES auth.users, level auth.level, title text);
		CREATE FUNCTION auth.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER r BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION auth.touch();`)
	for _, only := range [][]string{{"--schema", "public", "--exclude", "public.tmp_*"}, {"--exclude", "auth", "--exclude", "_timescale*", "--exclude", "*.tmp_?"}} {
		up := filepath.Join(dir, "up.sql")
		r := run(t, append([]string{"diff", "--from", dsn, "--to", wanted, "--up", up, "--prove", "traffic", "--traffic-rows", "50"}, only...)...)
		text, _ := os.ReadFile(up)
		if r.code != 0 || !strings.Contains(r.out, "PROVED: 1 change;") || !strings.Contains(string(text), "ADD COLUMN title") || strings.Contains(string(text), "auth.users") {
			t.Errorf("%v: %+v\n%s", only, r, text)
		}
		if !strings.Contains(r.errors, "left out by --schema and --exclude (_timescale_1, auth, public) of postgres://") {
			t.Errorf("it is not said what was left out: %s", r.errors)
		}
		os.Remove(up)
	}
	// Between two live databases the present one is copied: with what ours stand on.
	other, _ := database(t, "CREATE SCHEMA auth; CREATE TYPE auth.level AS ENUM ('a', 'b'); CREATE TABLE auth.users (id int PRIMARY KEY); CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES auth.users, level auth.level, title text);")
	r := run(t, "diff", "--from", dsn, "--to", other, "--schema", "public", "--allow", "all", "--output", "-")
	if r.code != 0 || !strings.Contains(r.errors, "PROVED: ") || !strings.Contains(r.out, "DROP TABLE public.tmp_1") || strings.Contains(r.out, "auth.touch()\n") {
		t.Errorf("%+v", r)
	}
	for _, bad := range []string{"[", "a.b"} {
		if r := run(t, "diff", "--from", dsn, "--to", wanted, "--schema", bad); r.code != 2 {
			t.Errorf("%q: %+v", bad, r)
		}
	}
}

func TestInspectOfSomeSchemas(t *testing.T) {
	dir := t.TempDir()
	schema := file(t, dir, "s.sql", "CREATE SCHEMA auth; CREATE TABLE auth.users (id int); CREATE TABLE posts (id int); CREATE TABLE tmp_1 (id serial); CREATE INDEX i ON tmp_1 (id); CREATE VIEW v AS SELECT 1;")
	r := run(t, "inspect", schema, "--exclude", "auth", "--exclude", "public.tmp*")
	if r.code != 0 || strings.Contains(r.out, "tmp_1") || strings.Contains(r.out, "auth") || !strings.Contains(r.out, "public.posts") || !strings.Contains(r.out, "public.v") || !strings.Contains(r.errors, "left out") {
		t.Errorf("%+v", r)
	}
	if r := run(t, "inspect", schema, "--schema", "au*"); r.code != 0 || !strings.Contains(r.out, "auth.users") || strings.Contains(r.out, "public") {
		t.Errorf("%+v", r)
	}
}

// An extension that the scratch server does not have stops only what needs it.
func TestDiffWithoutAnExtension(t *testing.T) {
	dir := t.TempDir()
	const extension = "CREATE EXTENSION IF NOT EXISTS nosuchthing; COMMENT ON EXTENSION nosuchthing IS 'of others'; "
	old := file(t, dir, "v1.sql", extension+"CREATE TABLE t (id int);")
	now := file(t, dir, "v2.sql", extension+"CREATE TABLE t (id int, a int);")
	r := run(t, "diff", "--from", old, "--to", now, "--output", "-")
	if r.code != 0 || !strings.Contains(r.errors, "warning: the scratch server does not have the extension nosuchthing: it is left alone, and the proof does not cover it") || strings.Contains(r.out, "EXTENSION") {
		t.Errorf("%+v", r)
	}
	plain := file(t, dir, "v3.sql", "CREATE TABLE t (id int, a int);")
	if r := run(t, "diff", "--from", old, "--to", plain); r.code != 2 || !strings.Contains(r.errors, "v1.sql:1:1: extension \"nosuchthing\" is not available") || !strings.Contains(r.errors, "--exclude nosuchthing") {
		t.Errorf("%+v", r)
	}
	if r := run(t, "diff", "--from", old, "--to", plain, "--exclude", "nosuchthing", "--output", "-"); r.code != 0 || strings.Contains(r.out, "EXTENSION") {
		t.Errorf("%+v", r)
	}
	needs := file(t, dir, "v4.sql", extension+"CREATE TABLE t (id int, a nosuchtype);")
	if r := run(t, "diff", "--from", old, "--to", needs); r.code != 1 || !strings.Contains(r.out, "NOT COMPARED") || !strings.Contains(r.errors, `v4.sql:1:120: type "nosuchtype" does not exist`) {
		t.Errorf("%+v", r)
	}
	if r := run(t, "inspect", old); r.code != 2 || !strings.Contains(r.errors, "nosuchthing") {
		t.Errorf("inspect leaves the extension out in silence: %+v", r)
	}
}
