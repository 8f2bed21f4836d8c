package cli

import (
	"strings"
	"testing"
)

// What a silent schema would take of privileges and owners is said in a line, with
// the flag that leaves it alone.
func TestDiffSaysWhatIsRevoked(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE a (id int); CREATE TABLE b (id int)")
	if _, err := db.Exec("DROP ROLE IF EXISTS someone; CREATE ROLE someone; GRANT SELECT, INSERT ON a TO someone; ALTER TABLE b OWNER TO someone"); err != nil {
		t.Fatal(err)
	}
	to := file(t, t.TempDir(), "to.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);")
	r := run(t, "diff", "--from", dsn, "--to", to)
	for _, want := range []string{
		"note: 2 privileges are revoked: INSERT of someone on table public.a, and 1 more; --no-privileges leaves privileges alone\n",
		"note: 1 object gets another owner: table public.b goes from someone to ", "; --no-owners leaves owners alone\n",
	} {
		if !strings.Contains(r.errors, want) {
			t.Errorf("%q is missing in %+v", want, r)
		}
	}
	if !strings.Contains(r.out, "permissions: someone loses INSERT, SELECT on public.a") {
		t.Errorf("no hazard: %+v", r)
	}
	if r := run(t, "diff", "--from", dsn, "--to", to, "--no-privileges", "--no-owners"); r.errors != "" || !strings.Contains(r.out, "EQUAL") {
		t.Errorf("%+v", r)
	}
}

// What a dump gives to another role is referenced and altered afterwards, as
// pg_dump writes it: whoever loads it is that role, too, whoever made the role.
func TestSchemaOfAnotherOwner(t *testing.T) {
	const tables = `
CREATE TABLE a (id int PRIMARY KEY);
ALTER TABLE a OWNER TO app_owner;
CREATE TABLE b (a int);
ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a;
ALTER TABLE a ADD COLUMN c int;
CREATE VIEW v AS SELECT * FROM a;
`
	dir := t.TempDir()
	for name, make := range map[string]string{
		"missing.sql": "", "made.sql": "CREATE ROLE app_owner;", "user.sql": "CREATE USER app_owner;", "do.sql": "DO $$BEGIN CREATE ROLE app_owner; END$$;",
	} {
		if r := run(t, "inspect", file(t, dir, name, make+tables)); r.code != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// What is given to a role that could not make it where it is (no CREATE on the
// schema or the database, no USAGE on the wrapper): a superuser's dump says so, and
// it loads.
func TestOwnersWithoutRights(t *testing.T) {
	const before = `
CREATE SCHEMA app;
CREATE TABLE t (a int);
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER away FOREIGN DATA WRAPPER far;
CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
`
	for _, statements := range []string{
		"CREATE PUBLICATION x FOR TABLE t; ALTER PUBLICATION x OWNER TO app_owner",
		"ALTER SERVER away OWNER TO app_owner",
		"ALTER SCHEMA app OWNER TO app_owner",
		"CREATE FOREIGN TABLE app.x (id int, b text) SERVER away OPTIONS (table_name 'a'); ALTER FOREIGN TABLE app.x OWNER TO app_owner",
		"CREATE TEXT SEARCH CONFIGURATION app.x (COPY = pg_catalog.simple); ALTER TEXT SEARCH CONFIGURATION app.x OWNER TO app_owner",
		"CREATE TEXT SEARCH DICTIONARY app.x (TEMPLATE = simple); ALTER TEXT SEARCH DICTIONARY app.x OWNER TO app_owner",
		"CREATE STATISTICS app.x ON a, (a + 1) FROM t; ALTER STATISTICS app.x OWNER TO app_owner",
		"CREATE COLLATION app.x (provider = icu, locale = 'de'); ALTER COLLATION app.x OWNER TO app_owner",
		"CREATE CONVERSION app.x FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1; ALTER CONVERSION app.x OWNER TO app_owner",
		"CREATE AGGREGATE app.x(int) (SFUNC = int4pl, STYPE = int); ALTER AGGREGATE app.x(int) OWNER TO app_owner",
		"CREATE OPERATOR app.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int); ALTER OPERATOR app.=== (int, int) OWNER TO app_owner",
		"CREATE OPERATOR FAMILY app.x USING btree; ALTER OPERATOR FAMILY app.x USING btree OWNER TO app_owner",
		"CREATE DOMAIN app.x AS int; ALTER DOMAIN app.x OWNER TO app_owner",
		"CREATE TYPE app.x AS (a int, b text); ALTER TYPE app.x OWNER TO app_owner",
		"CREATE MATERIALIZED VIEW app.x AS SELECT 1 AS a, 2 AS b; ALTER MATERIALIZED VIEW app.x OWNER TO app_owner",
		"CREATE SEQUENCE app.x; ALTER SEQUENCE app.x OWNER TO app_owner",
		"ALTER FUNCTION app.watch() OWNER TO app_owner",
	} {
		if r := run(t, "inspect", file(t, t.TempDir(), "schema.sql", before+statements+";")); r.code != 0 || !strings.Contains(r.out, "OWNER TO app_owner") {
			t.Errorf("%s: %+v", statements, r)
		}
	}
}

// A role that loads a schema is a member of owners and of roles with a grant option:
// it grants and revokes as the owner, whichever PostgreSQL finds first.
func TestGrantOptionsAndOwners(t *testing.T) {
	dir := t.TempDir()
	for _, grantee := range []string{"app_a", "app_b"} {
		owner := map[string]string{"app_a": "app_b", "app_b": "app_a"}[grantee]
		old := "CREATE TABLE t (id int); GRANT SELECT, UPDATE (id) ON t TO " + grantee + " WITH GRANT OPTION; CREATE TYPE e AS ENUM ('a'); GRANT USAGE ON TYPE e TO " + grantee + " WITH GRANT OPTION;"
		now := "CREATE TABLE t (id int); ALTER TABLE t OWNER TO " + owner + "; CREATE TYPE e AS ENUM ('a'); ALTER TYPE e OWNER TO " + owner + "; GRANT USAGE ON TYPE e TO app_c;"
		r := run(t, "diff", "--from", file(t, dir, "old.sql", old), "--to", file(t, dir, "new.sql", now), "--allow", "all")
		if r.code != 0 || !strings.Contains(r.out, "PROVED") {
			t.Errorf("%s: %+v", grantee, r)
		}
	}
}

// An extension moves to another schema, with what belongs to the superuser in it.
func TestExtensionMoves(t *testing.T) {
	dir := t.TempDir()
	r := run(t, "diff", "--from", file(t, dir, "old.sql", "CREATE SCHEMA app; CREATE EXTENSION citext SCHEMA app;"), "--to", file(t, dir, "new.sql", "CREATE SCHEMA app; CREATE EXTENSION citext;"), "--allow", "all")
	if r.code != 0 || !strings.Contains(r.out, "PROVED") || !strings.Contains(r.out, "ALTER EXTENSION citext SET SCHEMA public") {
		t.Errorf("%+v", r)
	}
}
