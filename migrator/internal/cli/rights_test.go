package cli

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// as is the connection string of another role, which is made with its options
// and owns the database.
func as(t *testing.T, dsn string, db *pgdb.DB, role, options string) string {
	t.Helper()
	for _, sql := range []string{
		"DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role + " LOGIN PASSWORD 'pa55' " + options,
		"ALTER DATABASE " + pgdb.QuoteIdent(db.Target.Database()) + " OWNER TO " + role,
	} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(role, "pa55")
	return u.String()
}

// What a role may not do is said with what to grant; what it needs not do is
// done elsewhere.
func TestRights(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE a (id int)")
	dir := t.TempDir()
	to := file(t, dir, "to.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);")
	small := as(t, dsn, db, "small", "")
	up := filepath.Join(dir, "up.sql")

	r := run(t, "diff", "--from", small, "--to", to, "--up", up, "--scratch", "server")
	if r.code != 2 || !strings.Contains(r.errors, "the role small may not create databases") || !strings.Contains(r.errors, `ALTER ROLE "small" CREATEDB`) {
		t.Error(r)
	}
	if r := run(t, "diff", "--from", small, "--to", to, "--up", up, "--no-owners"); r.code != 0 || !strings.Contains(r.out, "PROVED") {
		t.Error(r)
	}
	if _, err := db.Exec("ALTER ROLE small CREATEDB"); err != nil {
		t.Fatal(err)
	}
	if r := run(t, "diff", "--from", small, "--to", to, "--up", up, "--scratch", "server", "--no-owners"); r.code != 0 || !strings.Contains(r.out, "PROVED") {
		t.Error(r)
	}
	// What only a superuser may make, for one who is none.
	watch := file(t, dir, "watch.sql", "CREATE TABLE a (id int);\nCREATE FUNCTION w() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';\nCREATE EVENT TRIGGER w ON ddl_command_end EXECUTE FUNCTION w();\n")
	r = run(t, "diff", "--from", small, "--to", watch, "--up", up, "--scratch", "server")
	if r.code != 2 || !strings.Contains(r.errors, watch+":3:1: permission denied to create event trigger") || !strings.Contains(r.errors, "hint: Must be superuser") {
		t.Error(r)
	}
	// Without any right on it a table is still seen, and compared.
	if _, err := db.Exec("CREATE TABLE hidden (id int); REVOKE ALL ON hidden FROM PUBLIC"); err != nil {
		t.Fatal(err)
	}
	if r := run(t, "inspect", small); r.code != 0 || !strings.Contains(r.out, "CREATE TABLE public.hidden") {
		t.Error(r)
	}
	// A migration that may not make the history's table says so.
	if _, err := db.Exec("REVOKE CREATE ON SCHEMA public FROM PUBLIC, small; ALTER DATABASE " + pgdb.QuoteIdent(db.Target.Database()) + " OWNER TO postgres"); err != nil {
		t.Fatal(err)
	}
	r = run(t, "apply", file(t, dir, "1.sql", "SELECT 1;\n"), "--connection", small)
	if r.code != 2 || !strings.Contains(r.errors, "cannot make the table migrator_history: permission denied for schema public") || !strings.Contains(r.errors, "grant") {
		t.Error(r)
	}
}

// What a schema names and the server lacks is named, with what to do.
func TestMissing(t *testing.T) {
	dsn, _ := database(t, "CREATE TABLE a (id int)")
	dir := t.TempDir()
	for _, c := range []struct {
		name, sql string
		want      []string
	}{
		{"role", "CREATE TABLE a (id int);\nALTER TABLE a OWNER TO nobody_here;\n", []string{`:2:1: role "nobody_here" does not exist`, `hint: CREATE ROLE "nobody_here"`}},
		{"role of a grant", "CREATE TABLE a (id int);\n\n  GRANT SELECT ON a TO nobody_here;\n", []string{`:3:3: role "nobody_here" does not exist`, `CREATE ROLE "nobody_here"`}},
		{"extension", "CREATE EXTENSION nosuch;\n", []string{`:1:1: extension "nosuch" is not available`, "install the extension nosuch"}},
		{"schema", "CREATE TABLE nowhere.a (id int);\n", []string{`:1:14: schema "nowhere" does not exist`}},
	} {
		f := file(t, dir, "to.sql", c.sql)
		r := run(t, "diff", "--from", dsn, "--to", f)
		if r.code != 2 || !strings.Contains(r.errors, f) {
			t.Error(c.name, r)
		}
		for _, w := range c.want {
			if !strings.Contains(r.errors, w) {
				t.Errorf("%s: no %q in\n%s", c.name, w, r.errors)
			}
		}
	}
	// A path through something that is no folder, and a folder that is no file.
	good := file(t, dir, "good.sql", "SELECT 1;")
	os.Mkdir(filepath.Join(dir, "folder.sql"), 0o755)
	for path, want := range map[string]string{filepath.Join(good, "x.sql"): "cannot be read: not a directory", filepath.Join(dir, "folder.sql"): "no .sql file in"} {
		if r := run(t, "diff", "--from", path, "--to", good); r.code != 2 || !strings.Contains(r.errors, want) || strings.Count(r.errors, path) != 1 {
			t.Error(path, r)
		}
	}
}

// What is not managed is named: nothing of a schema is left out in silence.
func TestUnmanagedIsNamed(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", "CREATE TABLE a (id int);")
	b, _ := database(t, `CREATE TABLE a (id int);
GRANT SELECT (rolname) ON pg_authid TO PUBLIC;
SET allow_system_table_mods = on; -- a label needs a provider, which is a module in C
INSERT INTO pg_seclabel VALUES ('a'::regclass, 'pg_class'::regclass, 0, 'selinux', 'secret');`)
	r := run(t, "diff", "--from", a, "--to", b)
	for _, want := range []string{"privileges on system column pg_authid.rolname is", "security label table public.a.selinux is"} {
		if r.code != 0 || !strings.Contains(r.errors, want) {
			t.Errorf("%q is missing: %v", want, r)
		}
	}
	c := file(t, dir, "c.sql", "CREATE TABLE a (id int); CREATE DOMAIN plain AS int NOT NULL; CREATE DOMAIN odd AS int CONSTRAINT must NOT NULL;")
	r = run(t, "diff", "--from", a, "--to", c, "--scratch", "embedded:17")
	if r.code != 0 || !strings.Contains(r.errors, "name of NOT NULL public.odd.must is") || strings.Contains(r.errors, "public.plain") {
		t.Error(r)
	}
}

// --strict fails on what is not managed, and names all of it.
func TestStrict(t *testing.T) {
	dir := t.TempDir()
	a := file(t, dir, "a.sql", "CREATE TABLE a (id int);")
	b := file(t, dir, "b.sql", "CREATE TABLE a (id int); CREATE TYPE shell_one; CREATE TYPE shell_two;")
	r := run(t, "diff", "--from", a, "--to", b)
	if r.code != 0 || strings.Count(r.errors, "is not managed and was left out") != 2 {
		t.Error(r)
	}
	r = run(t, "diff", "--from", a, "--to", b, "--strict", "--up", filepath.Join(dir, "up.sql"))
	if r.code != 1 || !strings.Contains(r.errors, "2 objects are not managed") || !strings.Contains(r.errors, "shell_one") || !strings.Contains(r.errors, "shell_two") {
		t.Error(r)
	}
	if _, err := os.Stat(filepath.Join(dir, "up.sql")); err == nil {
		t.Error("it was written")
	}
	if r := run(t, "inspect", b); r.code != 0 || !strings.Contains(r.errors, "shell_one") {
		t.Error(r)
	}
}
