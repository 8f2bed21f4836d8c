package cli

import (
	"strings"
	"testing"
)

// managed is what a provider makes in a database, and a table of the user upon it.
const managed = `CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON auth.users FOR EACH ROW EXECUTE FUNCTION touched();
CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users, name text);
`

// Files that stand on what --exclude leaves out are loaded beside a copy of it, and
// the proof has it, also where only the wanted schema needs it.
func TestFilesUponWhatIsLeftOut(t *testing.T) {
	dsn, _ := database(t, managed)
	dir := t.TempDir()
	to := file(t, dir, "to.sql", `CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users, name text, age int);
ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON profiles USING (id = auth.uid());
`)
	r := run(t, "diff", "--from", dsn, "--to", to, "--exclude", "auth")
	if r.code != 0 || !strings.Contains(r.out, "PROVED: 3 changes") || !strings.Contains(r.errors, "to.sql stands on what was left out: it was loaded beside a copy of that (auth; ") {
		t.Error(r)
	}
	if r := run(t, "diff", "--from", to, "--to", dsn, "--exclude", "auth", "--exit-code"); r.code != 1 || !strings.Contains(r.errors, "the schemas differ: 3 changes") {
		t.Error(r)
	}
	// Without the filter nothing is taken from the database, and what the database
	// does not have either stays the first error.
	if r := run(t, "diff", "--from", dsn, "--to", to); r.code != 2 || !strings.Contains(r.errors, `schema "auth" does not exist`) {
		t.Error(r)
	}
	other := file(t, dir, "other.sql", "\nCREATE TABLE x (id uuid REFERENCES storage.objects);")
	if r := run(t, "diff", "--from", dsn, "--to", other, "--exclude", "auth"); r.code != 2 || !strings.Contains(r.errors, `other.sql:2:1: schema "storage" does not exist`) {
		t.Error(r)
	}
}
