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
