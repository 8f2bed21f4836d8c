package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
)

// Passwords that a schema holds are in the migration, which needs them, and in
// nothing that is told about it.
func TestNoPasswordOfASchemaIsTold(t *testing.T) {
	const schema = `CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE FOREIGN DATA WRAPPER w OPTIONS (api_key 'Nsecret');
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h');
CREATE SERVER ws FOREIGN DATA WRAPPER w OPTIONS (host 'h', token 'Nsecret, too');
CREATE USER MAPPING FOR postgres SERVER s OPTIONS (user 'u', password 'Nsecret');
CREATE FOREIGN TABLE ft (id int) SERVER ws OPTIONS (url 'x', secret 'Nsecret ''quoted''');
CREATE SUBSCRIPTION keys CONNECTION 'host=h password=Nsecret' PUBLICATION p WITH (connect = false);
CREATE SUBSCRIPTION url CONNECTION 'postgres://u:Nsecret@h/db' PUBLICATION p WITH (connect = false);
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'host=h password=Nsecret' $$;
`
	dir := t.TempDir()
	files := map[string]string{"nothing": file(t, dir, "0.sql", "SELECT 1;")}
	for _, n := range []string{"old", "new"} {
		files[n] = file(t, dir, n+".sql", strings.ReplaceAll(schema, "Nsecret", n+"secret"))
	}
	for _, way := range [][2]string{{"nothing", "new"}, {"old", "new"}, {"new", "nothing"}} {
		for _, format := range []string{"text", "json", "markdown", "html", "junit", "github"} {
			r := run(t, "diff", "--from", files[way[0]], "--to", files[way[1]], "--format", format)
			if told := r.out + r.errors; r.code != 0 || strings.Contains(told, "secret'") || strings.Contains(told, "oldsecret") || strings.Contains(told, "newsecret") {
				t.Errorf("%v %s: %v", way, format, r)
			}
		}
	}
	up := dir + "/up.sql"
	if r := run(t, "diff", "--from", files["old"], "--to", files["new"], "--up", up, "--down", dir+"/down.sql"); r.code != 0 || strings.Contains(r.out+r.errors, "secret'") {
		t.Fatal(r)
	}
	text, err := os.ReadFile(up)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(text); strings.Count(text, "newsecret") < 7 || strings.Contains(text, "***") {
		t.Errorf("the migration has not all it needs:\n%s", text)
	}
	dsn, _ := database(t, strings.ReplaceAll(schema, "Nsecret", "oldsecret"))
	for _, args := range [][]string{{"--dry-run"}, {"--dry-run", "--format", "json"}, {}, {"--format", "json"}} {
		r := run(t, append([]string{"apply", up, "--connection", dsn}, args...)...)
		if r.code != 0 || strings.Contains(r.out+r.errors, "newsecret") {
			t.Errorf("apply %v: %v", args, r)
		}
	}
}

// What a proof that fails shows is no exception.
func TestNoPasswordOfAFailureIsTold(t *testing.T) {
	id := catalog.ID{Kind: catalog.KindUserMapping, Name: "s", Sub: "u"}
	failure := &proof.Failure{
		Direction: proof.Up,
		Residue:   []catalog.Difference{{ID: id, Field: catalog.FieldOptions, Old: "user=u, password=a secret", New: "password=secret"}},
		Plan:      &plan.Plan{Segments: []plan.Segment{{Statements: []plan.Statement{{SQL: "ALTER USER MAPPING FOR u SERVER s OPTIONS (SET password 'secret')"}}}}},
	}
	var out bytes.Buffer
	writeFailure(&out, failure)
	if text := out.String(); strings.Contains(text, "secret") || strings.Count(text, "***") != 3 {
		t.Error(text)
	}
}

func TestShown(t *testing.T) {
	for sql, want := range map[string]string{
		`ALTER ROLE r PASSWORD 'x'`:                              `ALTER ROLE r PASSWORD '***'`,
		`CREATE ROLE r LOGIN ENCRYPTED PASSWORD E'a\'b' INHERIT`: `CREATE ROLE r LOGIN ENCRYPTED PASSWORD '***' INHERIT`,
		`ALTER ROLE r PASSWORD NULL; SELECT 'x'`:                 `ALTER ROLE r PASSWORD NULL; SELECT 'x'`,
		`OPTIONS (SET "password" 'x', ADD user 'y')`:             `OPTIONS (SET "password" '***', ADD user 'y')`,
		`SELECT f(password => $$x$$, name => 'y')`:               `SELECT f(password => '***', name => 'y')`,
		`DO $x$ BEGIN ALTER ROLE r PASSWORD 'x'; END $x$`:        `DO $x$ BEGIN ALTER ROLE r PASSWORD '***'; END $x$`,
		`SELECT dblink('host=h password=''a b'' user=u')`:        `SELECT dblink('host=h password=*** user=u')`,
		`CONNECTION 'postgres://u:p@h/db'`:                       `CONNECTION 'postgres://u:***@h/db'`,
		`COMMENT ON COLUMN t.password IS 'hashed'`:               `COMMENT ON COLUMN t.password IS 'hashed'`,
		`CHECK (password <> '')`:                                 `CHECK (password <> '')`,
		`INSERT INTO t (password) VALUES ('x')`:                  `INSERT INTO t (password) VALUES ('x')`,
		`SELECT 'it''s', E'\n', $$ $$`:                           `SELECT 'it''s', E'\n', $$ $$`,
	} {
		if got := shown(sql); got != want {
			t.Errorf("%s\n got %s\nwant %s", sql, got, want)
		}
	}
}
