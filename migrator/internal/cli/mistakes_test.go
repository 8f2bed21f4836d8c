package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/redact/slips"
)

// mistake is a command line with a secret where it does not belong, or where it
// belongs and something else is wrong. SECRET stands for it, DIR for a folder of
// its own, DSN for a database.
type mistake struct {
	args  string // words are separated by one blank; _ is a blank within a word
	files map[string]string
	env   string // NAME=VALUE
}

const (
	bad  = "CREATE TABLE t (id int);\n"
	role = "CREATE ROLE canary LOGIN PASSWORD 'SECRET';\n"
)

var mistakes = []mistake{
	// A connection string where another value belongs.
	{args: "diff --from DIR/a.sql --to DIR/a.sql --format postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/a.sql --report postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/a.sql --report json=postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --output postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --up postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --name postgres://u:SECRET@127.0.0.1:1/d --output DIR/m"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --allow postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --schema postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --root postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --variable postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --using postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --backfill postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --statement-timeout postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --batch postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql --prove=postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from=u:SECRET@127.0.0.1/d --to DIR/b.sql"},
	{args: "diff --form postgres://u:SECRET@127.0.0.1:1/d --to DIR/b.sql"},
	{args: "status DIR --connection DIR/postgres://u:SECRET@h/d"},
	{args: "status postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "status DIR --conection postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "status DIR --connection postgres://u:SECRET@127.0.0.1:1/d --history postgres://u:SECRET@h/d"},
	{args: "verify DIR --connection host=127.0.0.1_port=1_user=u_password='SECRET"},
	{args: "verify DIR --connection host='127.0.0.1'_port='1'_password='a_SECRET'_bogus=1"},
	{args: "rollback DIR --connection postgres://u:SECRET@127.0.0.1:1/d --steps postgres://u:SECRET@h/d"},
	{args: "resolve DIR/a.sql --as postgres://u:SECRET@h/d --connection postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "adopt DIR --connection postgresql://u:SECRET@/d?host=127.0.0.1&port=1"},
	{args: "new postgres://u:SECRET@h/d DIR"},
	{args: "new name postgres://u:SECRET@h/d"},
	{args: "lint postgres://u:SECRET@h/d"},
	{args: "lint DIR/a.sql --connection postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "lint DIR/a.sql --severity postgres://u:SECRET@h/d"},
	{args: "analyze postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "analyze --connection postgres://u:SECRET@127.0.0.1:1/d --since postgres://u:SECRET@h/d"},
	{args: "analyze --connection postgres://u:SECRET@127.0.0.1:1/d --limit postgres://u:SECRET@h/d"},
	{args: "analyze --log postgres://u:SECRET@h/d"},
	{args: "suggest-indexes --connection postgres://u:SECRET@127.0.0.1:1/d --queries postgres://u:SECRET@h/d"},
	{args: "suggest-indexes --connection DSN --queries postgres://u:SECRET@h/d"},
	{args: "suggest-indexes --connection DSN --budget postgres://u:SECRET@h/d --queries DIR/q.sql", files: map[string]string{"q.sql": "SELECT 1;"}},
	{args: "scratch --set postgres://u:SECRET@h/d"},
	{args: "scratch --set password=SECRET -- true"},
	{args: "scratch -- sh -c exit_7 postgres://u:SECRET@h/d"},
	{args: "scratch -- postgres://u:SECRET@h/d"},
	{args: "completion postgres://u:SECRET@h/d"},
	{args: "man postgres://u:SECRET@h/d"},
	{args: "--version postgres://u:SECRET@h/d"},
	{args: "inspect DSN --schema SECRET --bogus=postgres://u:SECRET@h/d"},
	// Percent signs and base64.
	{args: "inspect postgres%3A%2F%2Fu%3ASECRET%40127.0.0.1%2Fd"},
	{args: "inspect postgres://u:SECRET%@127.0.0.1:1/d"},
	{args: "inspect postgres://u:%53ECRETSECRET@127.0.0.1:1/d%zz"},
	// The environment.
	{args: "status DIR", env: "DATABASE_URL=postgres://u:SECRET@127.0.0.1:port/d"},
	{args: "status DIR", env: "DATABASE_URL=u:SECRET@127.0.0.1"},
	{args: "status DIR", env: "MIGRATOR_CONNECTION='postgres://u:SECRET@127.0.0.1:1/d'"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql", env: "MIGRATOR_SCRATCH=postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "diff --from DIR/a.sql --to DIR/b.sql", env: "MIGRATOR_REPORT=json=postgres://u:SECRET@127.0.0.1:1/d"},
	{args: "status DIR --connection postgres://u@127.0.0.1:1/d", env: "PGPASSWORD=SECRET"},
	{args: "status DIR --connection postgres://u@127.0.0.1:1/d?passfile=DIR/pass", files: map[string]string{"pass": "127.0.0.1:1:d:u:SECRET\n"}},
	{args: "status DIR --connection service=canary", env: "PGSERVICEFILE=DIR/service", files: map[string]string{"service": "[canary]\nhost=127.0.0.1\nport=x1\nuser=u\npassword=SECRET\n"}},
	{args: "status DIR --connection service=canary", env: "PGSERVICEFILE=DIR/service", files: map[string]string{"service": "[canary]\nhost=127.0.0.1 port=1 password=SECRET\n"}},
	{args: "status DIR", env: "MIGRATOR_CONFIG=postgres://u:SECRET@127.0.0.1:1/d"},
	// Files of settings.
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "connection: postgres://u:SECRET@127.0.0.1:port/d\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "conection: postgres://u:SECRET@127.0.0.1:1/d\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "postgres://u:SECRET@127.0.0.1:1/d: 1\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "postgres://u:SECRET@127.0.0.1:1/d\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "connection: postgres://u:SECRET@127.0.0.1:1/d: x\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "connection: {postgres: 'SECRET'\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "connection:\n  password: SECRET\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "password: SECRET\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "connection: *SECRET\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "connection: !!int postgres://u:SECRET@h/d\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "status:\n  steps: postgres://u:SECRET@h/d\n"}},
	{args: "status DIR --config DIR/c.yaml", files: map[string]string{"c.yaml": "lock-wait: postgres://u:SECRET@h/d\nconnection: postgres://u:SECRET@127.0.0.1:1/d\n"}},
	{args: "status DIR --config DIR/.env", files: map[string]string{".env": "DATABASE_URL=postgres://u:SECRET@h/d\n"}},
	{args: "status DIR --connection DIR/.env", files: map[string]string{".env": "DATABASE_URL=postgres://u:SECRET@h/d\n"}},
	// Schemas and migrations that hold a password.
	{args: "lint DIR/r.sql --all --format json", files: map[string]string{"r.sql": role}},
	{args: "lint DIR/r.sql --all", files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD 'SECRET' LOGIN LOGIN BOGUS;\nDROP TABLE t;\n"}},
	{args: "lint DIR/r.sql --all", files: map[string]string{"r.sql": "-- password: SECRET\nALTER TABLE t DROP COLUMN a;\n"}},
	{args: "lint DIR/r.sql --all", files: map[string]string{"r.sql": "ALTER TABLE t ADD COLUMN a text DEFAULT 'postgres://u:SECRET@h/d' NOT NULL, ALTER COLUMN b TYPE int;\n"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": role + bad + "BOGUS;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD 'SECRET' BOGUS;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD SECRET;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "DO $$ BEGIN RAISE EXCEPTION 'password=SECRET is wrong'; END $$;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "DO $$ BEGIN RAISE NOTICE 'password=SECRET'; END $$;" + bad}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "DO $$ BEGIN RAISE EXCEPTION 'cannot connect to postgres://u:SECRET@h/d' USING HINT = 'postgres://u:SECRET@h/d', DETAIL = 'password: SECRET'; END $$;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql --format json", files: map[string]string{"r.sql": "CREATE TABLE t (id int, dsn text DEFAULT 'postgres://u:SECRET@h/d');"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql --format html", files: map[string]string{"r.sql": "CREATE TABLE t (id int); COMMENT ON TABLE t IS 'postgres://u:SECRET@h/d';"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $f$ SELECT dblink('host=h password=SECRET', 'x') $f$;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', pasword 'SECRET');"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=SECRET' PUBLICATION p;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=SECRET bogus' PUBLICATION p WITH (connect = false);"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "\\connect postgres://u:SECRET@h/d\nSELECT 1;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "\\set password SECRET\nALTER ROLE nobody_here PASSWORD :'password';"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql -v password=SECRET", files: map[string]string{"r.sql": "ALTER ROLE nobody_here PASSWORD :'password' BOGUS;"}},
	{args: "diff --from DIR/a.sql --to DIR/r.sql", files: map[string]string{"r.sql": "INSERT INTO nowhere (password) VALUES ('SECRET');"}},
	{args: "inspect DIR/r.sql", files: map[string]string{"r.sql": "SELECT 'password=SECRET'::int;"}},
	{args: "inspect DIR/r.sql", files: map[string]string{"r.sql": "ALTER ROLE postgres PASSWORD 'SECRET' VALID UNTIL 'nonsense';"}},
	{args: "inspect DIR/r.sql", files: map[string]string{"r.sql": "ALTER ROLE postgres PASSWORD 'SECRET"}},
	{args: "apply DIR/r.sql --connection DSN --dry-run", files: map[string]string{"r.sql": role + "SELECT bogus;"}},
	{args: "apply DIR/r.sql --connection DSN --dry-run --format json", files: map[string]string{"r.sql": "CREATE ROLE canary PASSWORD 'SECRET'; DO $$ BEGIN RAISE NOTICE 'password: SECRET'; RAISE WARNING 'postgres://u:SECRET@h/d'; END $$;"}},
	{args: "apply DIR/r.sql --connection DSN --dry-run=scratch", files: map[string]string{"r.sql": role + "SELECT bogus;"}},
	{args: "apply DIR/r.sql --connection DSN", files: map[string]string{"r.sql": "CREATE TABLE x (a int);\nALTER ROLE nobody_here PASSWORD 'SECRET';"}},
	{args: "apply DIR/r.sql --connection DSN", files: map[string]string{"r.sql": "DO $$ BEGIN EXECUTE 'ALTER ROLE nobody_here PASSWORD ''SECRET'''; END $$;"}},
	{args: "apply DIR/r.sql --connection DSN", files: map[string]string{"r.sql": "CREATE TABLE \"postgres://u:SECRET@h/d\" (a bogus);"}},
	{args: "apply DIR/m --connection DSN", files: map[string]string{"m/000001_a.up.sql": "CREATE USER nobody_else PASSWORD 'SECRET' IN ROLE nobody_here;", "m/000001_a.down.sql": "SELECT 1;"}},
	{args: "check DIR/m", files: map[string]string{"m/000001_a.up.sql": "CREATE USER nobody_else PASSWORD 'SECRET' IN ROLE nobody_here;", "m/000001_a.down.sql": "SELECT 1;"}},
	{args: "check DIR/m --files flyway --placeholder password=SECRET", files: map[string]string{"m/V1__a.sql": "ALTER ROLE nobody_here PASSWORD '${password}';"}},
	{args: "analyze --log DIR/l.log --format json", files: map[string]string{"l.log": logOf("ALTER ROLE app PASSWORD 'SECRET'") + logOf("SELECT * FROM t WHERE password = 'SECRET'")}},
	{args: "suggest-indexes --connection DSN --queries DIR/q.sql", files: map[string]string{"q.sql": "SELECT * FROM nowhere WHERE password = 'SECRET';\nSELECT FROM dblink('host=h password=SECRET', 'x');"}},
	{args: "suggest-indexes --connection DSN --verify DIR/v.json", files: map[string]string{"v.json": `{"schema": "x", "connection": "postgres://u:SECRET@h/d"`}},
	{args: "analyze --connection DSN --since DIR/v.json", files: map[string]string{"v.json": `{"postgres://u:SECRET@h/d": "postgres://u:SECRET@h/d"}`}},
}

func logOf(statement string) string {
	line := "2026-01-01 10:00:00.000 UTC [1] app@shop LOG:  duration: 900.000 ms  statement: " + statement + "\n"
	return strings.Repeat(line, 20)
}

// TestNoMistakeShowsItsSecret: nor does it in a report or another file that is written
// by the way.
func TestNoMistakeShowsItsSecret(t *testing.T) {
	dsn, _ := database(t)
	for _, m := range mistakes {
		t.Run(strings.ReplaceAll(m.args, "/", "|"), func(t *testing.T) {
			dir := t.TempDir()
			put := strings.NewReplacer("SECRET", slips.Canary, "DIR", dir, "DSN", dsn)
			given := map[string]bool{}
			for name, text := range map[string]string{"a.sql": "", "b.sql": bad} {
				given[file(t, dir, name, text)] = true
			}
			for name, text := range m.files {
				given[file(t, dir, name, put.Replace(text))] = true
			}
			if name, value, ok := strings.Cut(m.env, "="); ok {
				t.Setenv(name, put.Replace(value))
			}
			t.Chdir(dir)
			var args []string
			for _, word := range strings.Split(m.args, " ") {
				args = append(args, put.Replace(strings.ReplaceAll(word, "_", " ")))
			}
			reported := append(args[:len(args):len(args)], "--report", "json="+dir+"/report.json", "--report", "html="+dir+"/report.html")
			for _, args := range [][]string{args, reported} {
				r := run(t, args...)
				if slips.Shown(r.out+r.errors, slips.Canary) {
					t.Errorf("%s\n%s%s", args, r.out, r.errors)
				}
			}
			filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() || given[path] || strings.HasPrefix(path, filepath.Join(dir, "m")+"/") {
					return err
				}
				text, err := os.ReadFile(path)
				if slips.Shown(path[len(dir):]+string(text), slips.Canary) {
					t.Errorf("%s\n%s", path, text)
				}
				return err
			})
		})
	}
}
