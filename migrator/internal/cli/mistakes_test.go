package cli

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/redact/slips"
)

const (
	bad  = "CREATE TABLE t (id int);\n"
	role = "CREATE ROLE canary LOGIN PASSWORD 'SECRET';\n"
)

var mistakes = []slips.Mistake{
	// A connection string where another value belongs.
	{Args: "diff --from DIR/a.sql --to DIR/a.sql --format postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/a.sql --report postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/a.sql --report json=postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --output postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --up postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --name postgres://u:SECRET@127.0.0.1:1/d --output DIR/m"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --allow postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --schema postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --root postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --variable postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --using postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --backfill postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --statement-timeout postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --batch postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql --prove=postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from=u:SECRET@127.0.0.1/d --to DIR/b.sql"},
	{Args: "diff --form postgres://u:SECRET@127.0.0.1:1/d --to DIR/b.sql"},
	{Args: "status DIR --connection DIR/postgres://u:SECRET@h/d"},
	{Args: "status postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "status DIR --conection postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "status DIR --connection postgres://u:SECRET@127.0.0.1:1/d --history postgres://u:SECRET@h/d"},
	{Args: "verify DIR --connection host=127.0.0.1_port=1_user=u_password='SECRET"},
	{Args: "verify DIR --connection host='127.0.0.1'_port='1'_password='a_SECRET'_bogus=1"},
	{Args: "rollback DIR --connection postgres://u:SECRET@127.0.0.1:1/d --steps postgres://u:SECRET@h/d"},
	{Args: "resolve DIR/a.sql --as postgres://u:SECRET@h/d --connection postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "adopt DIR --connection postgresql://u:SECRET@/d?host=127.0.0.1&port=1"},
	{Args: "new postgres://u:SECRET@h/d DIR"},
	{Args: "new name postgres://u:SECRET@h/d"},
	{Args: "lint postgres://u:SECRET@h/d"},
	{Args: "lint DIR/a.sql --connection postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "lint DIR/a.sql --severity postgres://u:SECRET@h/d"},
	{Args: "analyze postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "analyze --connection postgres://u:SECRET@127.0.0.1:1/d --since postgres://u:SECRET@h/d"},
	{Args: "analyze --connection postgres://u:SECRET@127.0.0.1:1/d --limit postgres://u:SECRET@h/d"},
	{Args: "analyze --log postgres://u:SECRET@h/d"},
	{Args: "suggest-indexes --connection postgres://u:SECRET@127.0.0.1:1/d --queries postgres://u:SECRET@h/d"},
	{Args: "suggest-indexes --connection DSN --queries postgres://u:SECRET@h/d"},
	{Args: "suggest-indexes --connection DSN --budget postgres://u:SECRET@h/d --queries DIR/q.sql", Files: map[string]string{"q.sql": "SELECT 1;"}},
	{Args: "scratch --set postgres://u:SECRET@h/d"},
	{Args: "scratch --set password=SECRET -- true"},
	{Args: "scratch -- sh -c exit_7 postgres://u:SECRET@h/d"},
	{Args: "scratch -- postgres://u:SECRET@h/d"},
	{Args: "completion postgres://u:SECRET@h/d"},
	{Args: "man postgres://u:SECRET@h/d"},
	{Args: "--version postgres://u:SECRET@h/d"},
	{Args: "inspect DSN --schema SECRET --bogus=postgres://u:SECRET@h/d"},
	// Percent signs and base64.
	{Args: "inspect postgres%3A%2F%2Fu%3ASECRET%40127.0.0.1%2Fd"},
	{Args: "inspect postgres://u:SECRET%@127.0.0.1:1/d"},
	{Args: "inspect postgres://u:%53ECRETSECRET@127.0.0.1:1/d%zz"},
	// The environment.
	{Args: "status DIR", Env: "DATABASE_URL=postgres://u:SECRET@127.0.0.1:port/d"},
	{Args: "status DIR", Env: "DATABASE_URL=u:SECRET@127.0.0.1"},
	{Args: "status DIR", Env: "MIGRATOR_CONNECTION='postgres://u:SECRET@127.0.0.1:1/d'"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql", Env: "MIGRATOR_SCRATCH=postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "diff --from DIR/a.sql --to DIR/b.sql", Env: "MIGRATOR_REPORT=json=postgres://u:SECRET@127.0.0.1:1/d"},
	{Args: "status DIR --connection postgres://u@127.0.0.1:1/d", Env: "PGPASSWORD=SECRET"},
	{Args: "status DIR --connection postgres://u@127.0.0.1:1/d?passfile=DIR/pass", Files: map[string]string{"pass": "127.0.0.1:1:d:u:SECRET\n"}},
	{Args: "status DIR --connection service=canary", Env: "PGSERVICEFILE=DIR/service", Files: map[string]string{"service": "[canary]\nhost=127.0.0.1\nport=x1\nuser=u\npassword=SECRET\n"}},
	{Args: "status DIR --connection service=canary", Env: "PGSERVICEFILE=DIR/service", Files: map[string]string{"service": "[canary]\nhost=127.0.0.1 port=1 password=SECRET\n"}},
	{Args: "status DIR", Env: "MIGRATOR_CONFIG=postgres://u:SECRET@127.0.0.1:1/d"},
	// Files of settings.
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "connection: postgres://u:SECRET@127.0.0.1:port/d\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "conection: postgres://u:SECRET@127.0.0.1:1/d\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "postgres://u:SECRET@127.0.0.1:1/d: 1\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "postgres://u:SECRET@127.0.0.1:1/d\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "connection: postgres://u:SECRET@127.0.0.1:1/d: x\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "connection: {postgres: 'SECRET'\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "connection:\n  password: SECRET\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "password: SECRET\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "connection: *SECRET\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "connection: !!int postgres://u:SECRET@h/d\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "status:\n  steps: postgres://u:SECRET@h/d\n"}},
	{Args: "status DIR --config DIR/c.yaml", Files: map[string]string{"c.yaml": "lock-wait: postgres://u:SECRET@h/d\nconnection: postgres://u:SECRET@127.0.0.1:1/d\n"}},
	{Args: "status DIR --config DIR/.env", Files: map[string]string{".env": "DATABASE_URL=postgres://u:SECRET@h/d\n"}},
	{Args: "status DIR --connection DIR/.env", Files: map[string]string{".env": "DATABASE_URL=postgres://u:SECRET@h/d\n"}},
	// Schemas and migrations that hold a password.
	{Args: "lint DIR/r.sql --all --format json", Files: map[string]string{"r.sql": role}},
	{Args: "lint DIR/r.sql --all", Files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD 'SECRET' LOGIN LOGIN BOGUS;\nDROP TABLE t;\n"}},
	{Args: "lint DIR/r.sql --all", Files: map[string]string{"r.sql": "-- password: SECRET\nALTER TABLE t DROP COLUMN a;\n"}},
	{Args: "lint DIR/r.sql --all", Files: map[string]string{"r.sql": "ALTER TABLE t ADD COLUMN a text DEFAULT 'postgres://u:SECRET@h/d' NOT NULL, ALTER COLUMN b TYPE int;\n"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": role + bad + "BOGUS;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD 'SECRET' BOGUS;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD SECRET;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "DO $$ BEGIN RAISE EXCEPTION 'password=SECRET is wrong'; END $$;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "DO $$ BEGIN RAISE NOTICE 'password=SECRET'; END $$;" + bad}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "DO $$ BEGIN RAISE EXCEPTION 'cannot connect to postgres://u:SECRET@h/d' USING HINT = 'postgres://u:SECRET@h/d', DETAIL = 'password: SECRET'; END $$;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql --format json", Files: map[string]string{"r.sql": "CREATE TABLE t (id int, dsn text DEFAULT 'postgres://u:SECRET@h/d');"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql --format html", Files: map[string]string{"r.sql": "CREATE TABLE t (id int); COMMENT ON TABLE t IS 'postgres://u:SECRET@h/d';"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $f$ SELECT dblink('host=h password=SECRET', 'x') $f$;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', pasword 'SECRET');"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=SECRET' PUBLICATION p;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=SECRET bogus' PUBLICATION p WITH (connect = false);"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "\\connect postgres://u:SECRET@h/d\nSELECT 1;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "\\set password SECRET\nALTER ROLE nobody_here PASSWORD :'password';"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql -v password=SECRET", Files: map[string]string{"r.sql": "ALTER ROLE nobody_here PASSWORD :'password' BOGUS;"}},
	{Args: "diff --from DIR/a.sql --to DIR/r.sql", Files: map[string]string{"r.sql": "INSERT INTO nowhere (password) VALUES ('SECRET');"}},
	{Args: "inspect DIR/r.sql", Files: map[string]string{"r.sql": "SELECT 'password=SECRET'::int;"}},
	{Args: "inspect DIR/r.sql", Files: map[string]string{"r.sql": "ALTER ROLE postgres PASSWORD 'SECRET' VALID UNTIL 'nonsense';"}},
	{Args: "inspect DIR/r.sql", Files: map[string]string{"r.sql": "ALTER ROLE postgres PASSWORD 'SECRET"}},
	{Args: "apply DIR/r.sql --connection DSN --dry-run", Files: map[string]string{"r.sql": role + "SELECT bogus;"}},
	{Args: "apply DIR/r.sql --connection DSN --dry-run --format json", Files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD 'SECRET'; DO $$ BEGIN RAISE NOTICE 'password: SECRET'; RAISE WARNING 'postgres://u:SECRET@h/d'; END $$;"}},
	{Args: "apply DIR/r.sql --connection DSN --dry-run=scratch", Files: map[string]string{"r.sql": role + "SELECT bogus;"}},
	{Args: "apply DIR/r.sql --connection DSN", Files: map[string]string{"r.sql": "CREATE TABLE x (a int);\nALTER ROLE nobody_here PASSWORD 'SECRET';"}},
	{Args: "apply DIR/r.sql --connection DSN", Files: map[string]string{"r.sql": "DO $$ BEGIN EXECUTE 'ALTER ROLE nobody_here PASSWORD ''SECRET'''; END $$;"}},
	{Args: "apply DIR/r.sql --connection DSN", Files: map[string]string{"r.sql": "CREATE TABLE \"postgres://u:SECRET@h/d\" (a bogus);"}},
	{Args: "apply DIR/m --connection DSN", Files: map[string]string{"m/000001_a.up.sql": "CREATE USER nobody_else PASSWORD 'SECRET' IN ROLE nobody_here;", "m/000001_a.down.sql": "SELECT 1;"}},
	{Args: "check DIR/m", Files: map[string]string{"m/000001_a.up.sql": "CREATE USER nobody_else PASSWORD 'SECRET' IN ROLE nobody_here;", "m/000001_a.down.sql": "SELECT 1;"}},
	{Args: "check DIR/m --files flyway --placeholder password=SECRET", Files: map[string]string{"m/V1__a.sql": "ALTER ROLE nobody_here PASSWORD '${password}';"}},
	{Args: "analyze --log DIR/l.log --format json", Files: map[string]string{"l.log": logOf("ALTER ROLE app PASSWORD 'SECRET'") + logOf("SELECT * FROM t WHERE password = 'SECRET'")}},
	{Args: "suggest-indexes --connection DSN --queries DIR/q.sql", Files: map[string]string{"q.sql": "SELECT * FROM nowhere WHERE password = 'SECRET';\nSELECT FROM dblink('host=h password=SECRET', 'x');"}},
	{Args: "suggest-indexes --connection DSN --verify DIR/v.json", Files: map[string]string{"v.json": `{"schema": "x", "connection": "postgres://u:SECRET@h/d"`}},
	{Args: "analyze --connection DSN --since DIR/v.json", Files: map[string]string{"v.json": `{"postgres://u:SECRET@h/d": "postgres://u:SECRET@h/d"}`}},
}

// rightly are command lines with a secret where it belongs, and nothing wrong: PWDSN is a
// connection string with a password. Neither what they write shows it, nor the command
// line of a program that they start.
var rightly = []slips.Mistake{
	{Args: "diff --from PWDSN --to DIR/b.sql --output DIR/out"},
	{Args: "diff --from DIR/b.sql --to PWDSN --format json"},
	{Args: "inspect PWDSN"},
	{Args: "apply DIR/b.sql --connection PWDSN --dry-run"},
	{Args: "apply DIR/b.sql --connection PWDSN --dry-run=scratch"},
	{Args: "apply DIR/n --connection PWDSN", Files: migration},
	{Args: "status DIR/n --connection PWDSN", Files: migration},
	{Args: "verify DIR/n --connection PWDSN", Files: migration},
	{Args: "rollback DIR/n --connection PWDSN", Files: migration},
	{Args: "status DIR/n", Files: migration, Env: "DATABASE_URL=PWDSN"},
	{Args: "lint DIR/b.sql --connection PWDSN --format sarif"},
	{Args: "lint DIR/s.sql --format sarif", Files: map[string]string{"s.sql": "ALTER ROLE app PASSWORD 'SECRET';\nDROP TABLE t;\nALTER TABLE t ADD COLUMN dsn text NOT NULL DEFAULT 'postgres://u:SECRET@h/d';\n"}},
	{Args: "analyze --connection PWDSN"},
	{Args: "suggest-indexes --connection PWDSN --queries DIR/q.sql --explain --output DIR/sug", Files: map[string]string{"q.sql": "SELECT 1 FROM pg_class WHERE relname = 'password=SECRET';\n"}},
	{Args: "scratch --load DIR/b.sql -- true", Env: "DATABASE_URL=PWDSN"},
}

var migration = map[string]string{"n/000001_a.up.sql": "CREATE TABLE a (id int);\n", "n/000001_a.down.sql": "DROP TABLE a;\n"}

func logOf(statement string) string {
	line := "2026-01-01 10:00:00.000 UTC [1] app@shop LOG:  duration: 900.000 ms  statement: " + statement + "\n"
	return strings.Repeat(line, 20)
}

// TestNoMistakeShowsItsSecret: nor does it in a report or another file that is written
// by the way.
func TestNoMistakeShowsItsSecret(t *testing.T) {
	dsn, _ := database(t)
	tryMistakes(t, mistakes, "DSN", dsn)
}

// TestNothingRightShowsItsSecret: nor does what is written, or started.
func TestNothingRightShowsItsSecret(t *testing.T) {
	dsn, _ := database(t, "CREATE ROLE slips LOGIN SUPERUSER PASSWORD '"+slips.Canary+"'")
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("slips", slips.Canary)
	tryMistakes(t, rightly, "PWDSN", u.String())
}

func tryMistakes(t *testing.T, mistakes []slips.Mistake, names ...string) {
	for _, m := range mistakes {
		t.Run(m.Name(), func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			leaks, err := slips.Driver{
				Dir: dir, Setenv: t.Setenv, Names: names, Files: map[string]string{"a.sql": "", "b.sql": bad},
				Run: func(args []string) string {
					r := run(t, args...)
					return r.out + r.errors
				},
				Own: func(path string) bool { return strings.HasPrefix(path, filepath.Join(dir, "m")+"/") },
			}.Leaks(m)
			if err != nil || len(leaks) > 0 {
				t.Errorf("%s%v", strings.Join(leaks, "\n"), err)
			}
		})
	}
}
