package cli

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What psql makes of a script is what we make of it.
func TestScriptsAsPsqlReadsThem(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "part.sql", "CREATE TABLE part (id int);\n\\ir deeper/more.sql\n")
	file(t, dir, "deeper/more.sql", "CREATE TABLE :name (id int);\n")
	for name, script := range map[string]string{
		"variables": `\set name plain
\set odd 'it''s "odd"'
\set two a b
CREATE TABLE :name (a int, b text DEFAULT :'odd', :"odd" int, c int[] DEFAULT (ARRAY[1,2,3])[1:2], d text DEFAULT ':name'::text);
COMMENT ON TABLE :name IS :'two';
CREATE TABLE t (x text DEFAULT $$:name$$, y text DEFAULT ':"odd"'); -- :name
\unset name
`,
		"branches": `\set yes true
\set n 0
\if :yes
CREATE TABLE a (id int);
\if false
CREATE TABLE b (id int);
\elif :n
CREATE TABLE c (id int);
\elif on
CREATE TABLE d (id int);
\elif 1
CREATE TABLE e (id int);
\else
CREATE TABLE f (id int);
\endif
\else
CREATE TABLE g (id int);
\if true
CREATE TABLE h (id int);
\set n 5
\endif
\endif
\if :{?nothing}
CREATE TABLE i (id int);
\elif :{?yes}
CREATE TABLE j (id int DEFAULT :n);
\endif
`,
		"answers": `CREATE TABLE base (id int);
SELECT format('CREATE TABLE made_%s (id int)', n), NULL, 'CREATE INDEX ON made_' || n || ' (id)' FROM generate_series(1, 3) n \gexec
SELECT 'kept' AS name, 7 AS number \gset x_
CREATE TABLE :x_name (id int DEFAULT :x_number);
SELECT 1 \; CREATE TABLE together (id int);
`,
		"files": `\set name more
\i ` + filepath.Join(dir, "part.sql") + `
\echo :name is done
\pset pager off
`,
		"transactions": `BEGIN;
CREATE TABLE kept (id int);
LOCK TABLE kept;
SAVEPOINT s;
ROLLBACK TO s;
COMMIT;
CREATE TABLE before (id int);
START TRANSACTION;
CREATE TABLE undone (id int);
ROLLBACK;
ROLLBACK;
CREATE TABLE after (id int);
`,
		"lexical": `SET standard_conforming_strings = off;
CREATE TABLE a (x text DEFAULT 'a\';b');
SET standard_conforming_strings = on;
CREATE TABLE b (x text DEFAULT 'a\', y text DEFAULT E'\';', z text DEFAULT U&'\003b', "q;" int);
/* ; /* ; */ ; */ CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 2; END;
CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $a$ SELECT '$b$;' || $b$;$$$b$ $a$;
CREATE RULE r AS ON INSERT TO a DO ALSO (SELECT 1; SELECT 2);
COPY b (x) FROM stdin;
CREATE TABLE no (id int);
\.
CREATE TABLE c (id int);
`,
	} {
		t.Run(name, func(t *testing.T) {
			dsn, _ := database(t)
			f := file(t, dir, name+".sql", script)
			if out, err := exec.CommandContext(t.Context(), "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-f", f).CombinedOutput(); err != nil {
				t.Fatalf("psql: %v\n%s", err, out)
			}
			if r := run(t, "diff", "--from", dsn, "--to", f, "--exit-code"); r.code != 0 || !strings.Contains(r.out, "EQUAL") {
				t.Error(r)
			}
		})
	}
	// A folder that has the files which others include.
	all := t.TempDir()
	file(t, all, "all.sql", "\\ir tables/a.sql\n\\i tables/b.sql\n")
	file(t, all, "tables/a.sql", "CREATE TABLE a (id int);")
	file(t, all, "tables/b.sql", "CREATE TABLE b (id int);")
	one := file(t, dir, "one.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);")
	if r := run(t, "diff", "--from", all, "--to", one, "--exit-code"); r.code != 0 {
		t.Error(r)
	}
}

// -v sets what \set sets, for every file; a file's own \set wins from there on.
func TestVariables(t *testing.T) {
	dir := t.TempDir()
	from := file(t, dir, "a.sql", "CREATE TABLE :name (id int DEFAULT :n, b text DEFAULT :'text');\n\\set n 8\nCREATE TABLE t2 (id int DEFAULT :n);\n")
	to := file(t, dir, "b.sql", "CREATE TABLE t (id int DEFAULT 7, b text DEFAULT 'a=b, c');\nCREATE TABLE t2 (id int DEFAULT 8);\n")
	if r := run(t, "diff", "--from", from, "--to", to, "-v", "name=t", "--variable", "n=7", "-v", "text=a=b, c"); r.code != 0 || !strings.Contains(r.out, "EQUAL") {
		t.Error(r)
	}
	if r := run(t, "inspect", from, "-v", "name=x", "-v", "n=1", "-v", "text="); r.code != 0 || !strings.Contains(r.out, "CREATE TABLE public.x") {
		t.Error(r)
	}
}
