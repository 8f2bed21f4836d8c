package cli

import (
	"os/exec"
	"strings"
	"testing"
)

// rowsOf prints what the tables of copies hold.
const rowsOf = "SELECT 'p', p.*::text FROM p UNION ALL SELECT 't', t.*::text FROM t UNION ALL SELECT 'u', u.*::text FROM u ORDER BY 1, 2"

// copies has each form in which psql reads the rows of a COPY from a script.
const copies = `\set name u
BEGIN;
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int, p int REFERENCES p, x text);
CREATE TABLE u (id int, x text DEFAULT 'none');
COPY p (id) FROM stdin;
1
\.
COMMIT;
COPY t FROM STDIN WITH (FORMAT csv, HEADER, NULL 'nil');
id,p,x
1,1,"a, ""b""
c;"
2,nil,nil
\.
COPY t (id, x) FROM stdin (DELIMITER ';');
3;:name
4;a\tb\\.\N
5;\N
6;
\.
COPY t FROM stdin;
\.
\copy u from stdin with csv
1,:name
2,
\.
\copy u (id) from 'rows.csv'
BEGIN;
COPY :name FROM stdin;
99	rolled back
\.
\echo on the way
CREATE TABLE gone (id int);
ROLLBACK;
COPY (SELECT 1 FROM p) TO stdout;
`

// The rows of COPY … FROM stdin are there as psql puts them there.
func TestCopiesAsPsqlDoesThem(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir) // where psql looks for what \copy names
	file(t, dir, "rows.csv", "7\n8\n")
	script := file(t, dir, "copies.sql", copies)
	dsn, _ := database(t)
	if out, err := exec.CommandContext(t.Context(), "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-f", script).CombinedOutput(); err != nil {
		t.Fatalf("psql: %v\n%s", err, out)
	}
	want, err := exec.CommandContext(t.Context(), "psql", "-X", "-At", "-d", dsn, "-c", rowsOf).Output()
	if err != nil || strings.Count(string(want), "\n") < 10 {
		t.Fatalf("%v\n%s", err, want)
	}
	r := run(t, "scratch", "--load", script, "--", "sh", "-c", `psql -X -At -d "$DATABASE_URL" -c "`+rowsOf+`"`)
	if r.code != 0 || r.out != string(want) {
		t.Errorf("%v\nwant\n%s", r, want)
	}
	if r := run(t, "diff", "--from", dsn, "--to", script, "--exit-code"); r.code != 0 || !strings.Contains(r.out, "EQUAL") {
		t.Error(r)
	}
}

// What is wrong with a row says where the row stands; what is not read is said.
func TestCopiesThatFail(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "rows.csv", "1\n2\nthree\n")
	for name, c := range map[string]struct {
		text, want string
		code       int
	}{
		"value":   {"CREATE TABLE t (a int, b int);\n\nCOPY t FROM stdin;\n1\t2\n3\tx\n\\.\n", `value.sql:5: invalid input syntax for type integer: "x"`, 2},
		"columns": {"CREATE TABLE t (a int, b int);\nCOPY t FROM stdin;\n1\t2\n3\n\\.\n", `columns.sql:4: missing data for column "b"`, 2},
		"file":    {"CREATE TABLE t (a int);\n\\copy t from 'rows.csv'\n", `rows.csv:3: invalid input syntax for type integer: "three"`, 2},
		"no file": {"CREATE TABLE t (a int);\n\n\\copy t from 'none.csv'\n", "no file.sql:3:1: ", 2},
		"key":     {"CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t);\nCOPY t FROM stdin;\n1\t2\n\\.\n", `key.sql:2:1: insert or update on table "t" violates foreign key constraint "t_b_fkey" (Key (b)=(2) is not present in table "t")`, 2},
		"server":  {"CREATE TABLE t (a int);\nCOPY t FROM '/etc/hostname';\nCOPY t FROM PROGRAM 'id';\n\\copy t from program 'id'\n", "server.sql:2: left out, since it reads a file or a program of the server: COPY t FROM '/etc/hostname'", 0},
	} {
		if r := run(t, "inspect", file(t, dir, name+".sql", c.text)); r.code != c.code || !strings.Contains(r.errors, c.want) {
			t.Errorf("%s: %v", name, r)
		}
	}
}

// Files of a folder may come in any order, with rows before those that they need.
func TestCopiesInAnyOrder(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "s/1.sql", "COPY t FROM stdin;\n1\t1\n\\.\n")
	file(t, dir, "s/2.sql", "CREATE TABLE t (id int, p int REFERENCES p);\n")
	file(t, dir, "s/3.sql", "CREATE TABLE p (id int PRIMARY KEY);\n")
	file(t, dir, "s/4.sql", "INSERT INTO p VALUES (1);\n")
	r := run(t, "scratch", "--load", dir+"/s", "--", "sh", "-c", `psql -X -At -d "$DATABASE_URL" -c "SELECT * FROM t"`)
	if r.code != 0 || r.out != "1|1\n" {
		t.Error(r)
	}
}

// The rows of the present schema's file go through the migration, and what they
// break is said, all of it.
func TestDiffWithRowsOfFiles(t *testing.T) {
	dir := t.TempDir()
	const tables = "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (id int PRIMARY KEY, p int, n int);\n"
	from := file(t, dir, "from.sql", tables+"COPY t FROM stdin;\n1\t7\t-3\n\\.\n")
	to := file(t, dir, "to.sql", strings.Replace(tables, "p int, n int", "p int REFERENCES p, n int CHECK (n > 0)", 1))
	r := run(t, "diff", "--from", from, "--to", to)
	said := strings.Join(strings.Fields(r.out), " ")
	for _, want := range []string{
		"but not with the rows of " + from + ", which stop the migration",
		`it fails on rows of the schema's files: check constraint "t_n_check" of relation "t" is violated by some row`,
		`(Key (p)=(7) is not present in table "p")`,
	} {
		if r.code != 0 || !strings.Contains(said, want) {
			t.Errorf("no %q in %v", want, r)
		}
	}
	good := file(t, dir, "good.sql", tables+"COPY p FROM stdin;\n7\n\\.\nCOPY t FROM stdin;\n1\t7\t3\n\\.\n")
	if r := run(t, "diff", "--from", good, "--to", to); r.code != 0 || strings.Contains(r.out, "rows of the schema's files") || !strings.Contains(r.out, "PROVED: 2 changes; migration and rollback were run") {
		t.Error(r)
	}
}
