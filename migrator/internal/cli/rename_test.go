package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A rename is a rename where somebody says so, in the schema file or by a flag;
// nothing is guessed.
func TestDiffRenames(t *testing.T) {
	dir := t.TempDir()
	old := "CREATE TABLE users (id int PRIMARY KEY, name text); CREATE VIEW v AS SELECT name FROM users;"
	now := "CREATE TABLE accounts (id int PRIMARY KEY, full_name text, age int); CREATE VIEW v AS SELECT full_name AS name FROM accounts;"
	a, b := file(t, dir, "a.sql", old), file(t, dir, "b.sql", now)
	c := file(t, dir, "c.sql", "-- migrator:rename users accounts\n-- migrator:rename users.name full_name\n-- migrator:rename long_gone here\n"+now)
	up := filepath.Join(dir, "up.sql")
	if r := run(t, "diff", "--from", a, "--to", b, "--up", up); r.code != 1 || !strings.Contains(r.errors, "would lose data") {
		t.Error(r)
	}
	for _, args := range [][]string{
		{"--to", b, "--rename", "users=accounts", "--rename", "users.name=full_name"},
		{"--to", c},
	} {
		r := run(t, append([]string{"diff", "--from", a, "--up", up, "--down", filepath.Join(dir, "down.sql")}, args...)...)
		text, _ := os.ReadFile(up)
		if r.code != 0 || !strings.Contains(r.out, "PROVED") || !strings.Contains(string(text), "RENAME TO accounts") || strings.Contains(string(text), "DROP") {
			t.Error(args, r, string(text))
		}
	}
	for from, want := range map[string]string{
		"nobody=somebody": "rename nobody: no such schema, table",
		"users":           "names no new name",
		"users=acounts":   "table public.users would become public.acounts, which the wanted schema does not have",
	} {
		if r := run(t, "diff", "--from", a, "--to", b, "--rename", from); r.code != 2 || !strings.Contains(r.errors, want) {
			t.Error(from, r)
		}
	}
}

// Names change places, go round in a chain, and are taken from what is dropped.
func TestDiffRenamesInOrder(t *testing.T) {
	for _, test := range []struct{ name, old, now, renames string }{
		{"swap of columns", "CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT ca CHECK (a > 0), CONSTRAINT cb CHECK (b > 1));",
			"CREATE TABLE t (id int PRIMARY KEY, b int, a int, CONSTRAINT cb CHECK (b > 0), CONSTRAINT ca CHECK (a > 1));", "t.a=b t.b=a t.ca=cb t.cb=ca"},
		{"swap of tables", "CREATE TABLE users (id serial PRIMARY KEY, n text NOT NULL UNIQUE); CREATE TABLE users_new (id bigserial PRIMARY KEY, n text NOT NULL UNIQUE, m int);",
			"CREATE TABLE users_old (id serial PRIMARY KEY, n text NOT NULL UNIQUE); CREATE TABLE users (id bigserial PRIMARY KEY, n text NOT NULL UNIQUE, m int);", "users=users_old users_new=users"},
		{"enum values", "CREATE TYPE m AS ENUM ('x', 'y', 'z'); CREATE TABLE t (id int, v m, vs m[]);",
			"CREATE TYPE m AS ENUM ('y', 'x', 'w'); CREATE TABLE t (id int, v m, vs m[]);", "m.x=y m.y=x m.z=w"},
		{"chain", "CREATE TABLE a (id serial PRIMARY KEY, n int); CREATE TABLE b (id serial PRIMARY KEY, n int); CREATE TABLE c (id serial PRIMARY KEY, m text);",
			"CREATE TABLE b (id serial PRIMARY KEY, n int); CREATE TABLE c (id serial PRIMARY KEY, n int); CREATE TABLE d (id serial PRIMARY KEY, m text);", "a=b b=c c=d"},
		{"name of what is dropped", "CREATE TABLE a (id serial PRIMARY KEY, n int, k text UNIQUE); CREATE TABLE b (id serial PRIMARY KEY, z text UNIQUE);",
			"CREATE TABLE b (id serial PRIMARY KEY, n int, k text UNIQUE);", "a=b"},
		{"rename and drop", "CREATE TABLE tag (id int PRIMARY KEY, d text);", "CREATE TABLE label (id int PRIMARY KEY);", "tag=label"},
	} {
		dir := t.TempDir()
		args := []string{"diff", "--from", file(t, dir, "a.sql", test.old), "--to", file(t, dir, "b.sql", test.now), "--up", filepath.Join(dir, "up.sql"), "--allow", "all"}
		for _, r := range strings.Fields(test.renames) {
			args = append(args, "--rename", r)
		}
		if r := run(t, args...); r.code != 0 || !strings.Contains(r.out, "PROVED") {
			t.Error(test.name, r)
		}
	}
}

// Everything that has a name of its own can be renamed, and what is named after
// it follows: nothing is dropped and nothing is built again.
func TestDiffRenamesEveryKind(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", `CREATE SCHEMA old_s;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy');
CREATE TABLE users (id serial PRIMARY KEY, name text UNIQUE, m mood, CONSTRAINT users_name_check CHECK (name <> ''));
CREATE INDEX users_name_m_idx ON users (name, m);
CREATE TABLE old_s.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u int REFERENCES users);
CREATE TABLE moves (id int);
CREATE TABLE "Odd.Name" ("Col 1" int);
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i*2';
CREATE FUNCTION over(i int) RETURNS int LANGUAGE sql AS 'SELECT i';
CREATE FUNCTION over(i text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT id, name FROM users;
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION trg();
CREATE POLICY p ON users USING (true);
CREATE SEQUENCE seq;
`)
	b := file(t, dir, "b.sql", `CREATE SCHEMA new_s;
-- migrator:rename old_s new_s
CREATE SCHEMA other;
-- migrator:rename mood."very happy" "quite glad"
-- migrator:rename mood feeling
CREATE TYPE feeling AS ENUM ('sad', 'ok', 'quite glad');
-- migrator:rename users accounts
-- migrator:rename users.name to full_name
CREATE TABLE accounts (id serial PRIMARY KEY, full_name text UNIQUE, m feeling, CONSTRAINT accounts_full_name_check CHECK (full_name <> ''));
CREATE INDEX accounts_full_name_m_idx ON accounts (full_name, m);
CREATE TABLE new_s.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u int REFERENCES accounts);
-- migrator:rename "Odd.Name" "Even.Name"
-- migrator:rename "Odd.Name"."Col 1" "Col 2"
CREATE TABLE "Even.Name" ("Col 2" int);
-- migrator:rename pair.b c
CREATE TYPE pair AS (a int, c int);
-- migrator:rename twice double
CREATE FUNCTION double(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i*2';
-- migrator:rename over(integer) above
CREATE FUNCTION above(i int) RETURNS int LANGUAGE sql AS 'SELECT i';
CREATE FUNCTION over(i text) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- migrator:rename v w
CREATE VIEW w AS SELECT id, full_name AS name FROM accounts;
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- migrator:rename users.tr tr2
CREATE TRIGGER tr2 BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION trg();
-- migrator:rename users.p q
CREATE POLICY q ON accounts USING (true);
-- migrator:rename seq seq2
CREATE SEQUENCE seq2;
-- migrator:rename users typo
CREATE TABLE moves (id int);
`)
	up, down := filepath.Join(dir, "up.sql"), filepath.Join(dir, "down.sql")
	r := run(t, "diff", "--from", a, "--to", b, "--up", up, "--down", down)
	if r.code != 0 || !strings.Contains(r.out, "PROVED") || !strings.Contains(r.errors, "migrator:rename users typo was left out") || strings.Contains(r.errors, "hint: ") {
		t.Fatal(r)
	}
	for _, path := range []string{up, down} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"DROP TABLE", "DROP TYPE", "DROP SEQUENCE", "DROP CONSTRAINT", "DROP INDEX", "DROP FUNCTION", "DROP VIEW", "CREATE TABLE", "TRIGGER tr BEFORE"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s: %s\n%s", path, word, text)
			}
		}
	}
	// To another schema.
	c := file(t, dir, "c.sql", "CREATE SCHEMA s; CREATE TABLE a (id int); CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT i';")
	e := file(t, dir, "e.sql", "CREATE SCHEMA s; CREATE TABLE s.b (id int); CREATE FUNCTION s.f(i int) RETURNS int LANGUAGE sql AS 'SELECT i';")
	r = run(t, "diff", "--from", c, "--to", e, "--rename", "a=s.b", "--rename", "f=s.f", "--up", up, "--down", down)
	text, _ := os.ReadFile(up)
	if r.code != 0 || strings.Contains(string(text), "DROP") || !strings.Contains(string(text), "ALTER TABLE public.a SET SCHEMA s") {
		t.Error(r, string(text))
	}
}

// What looks like a rename is only hinted at, each once.
func TestRenameIsHinted(t *testing.T) {
	dir := t.TempDir()
	var old, now strings.Builder
	want := 0
	rows := []struct{ old, now, hint string }{
		{"CREATE TABLE t1 (a int, b text);", "CREATE TABLE t1 (a int, c text);", "the column public.t1.b goes and public.t1.c comes, much alike: if it is renamed, say --rename public.t1.b=public.t1.c"},
		{"CREATE TABLE t2 (a int, b text);", "CREATE TABLE u2 (a int, b text);", "--rename public.t2=public.u2"},
		{"CREATE TYPE m3 AS ENUM ('a', 'b c');", "CREATE TYPE m3 AS ENUM ('a', 'd');", `--rename 'public.m3."b c"=d'`},
		{"CREATE TABLE t4 (a int); CREATE INDEX i4 ON t4 (a);", "CREATE TABLE t4 (a int); CREATE INDEX j4 ON t4 (a);", "--rename public.i4=public.j4"},
		{"CREATE TABLE t5 (a int CONSTRAINT k5 CHECK (a > 0));", "CREATE TABLE t5 (a int CONSTRAINT l5 CHECK (a > 0));", "--rename public.t5.k5=public.t5.l5"},
		{"CREATE FUNCTION f6() RETURNS int LANGUAGE sql AS 'SELECT 1';", "CREATE FUNCTION g6() RETURNS int LANGUAGE sql AS 'SELECT 1';", "--rename 'public.f6()=public.g6()'"},
		{"CREATE TYPE m7 AS ENUM ('a', 'b');", "CREATE TYPE m7 AS ENUM ('b', 'a');", ""},
		{"CREATE TABLE t8 (a int, b text);", "CREATE TABLE t8 (a int, c int);", ""},
	}
	for _, c := range rows {
		old.WriteString(c.old)
		now.WriteString(c.now)
		if c.hint != "" {
			want++
		}
	}
	r := run(t, "diff", "--from", file(t, dir, "a.sql", old.String()), "--to", file(t, dir, "b.sql", now.String()), "--no-proof")
	if r.code != 0 || strings.Count(r.errors, "hint: ") != want {
		t.Error(r)
	}
	for _, c := range rows {
		if !strings.Contains(r.errors, c.hint) {
			t.Errorf("no hint %s in\n%s", c.hint, r.errors)
		}
	}
}
