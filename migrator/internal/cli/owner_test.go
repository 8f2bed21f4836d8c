package cli

import "testing"

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
