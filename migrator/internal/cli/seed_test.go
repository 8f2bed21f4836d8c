package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The command lines of the tool's first description, as they stood there with
// the tool's name in place of the script's.
func TestFlagForm(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"--connection postgres://localhost/mydb --analyze", "analyze --connection postgres://localhost/mydb"},
		{"--connection $DATABASE_URL --analyze", "analyze --connection $DATABASE_URL"},
		{"--connection postgres://localhost/mydb --compare schema/v2.sql --output migrations/", "diff --from postgres://localhost/mydb --to schema/v2.sql --output migrations/"},
		{"--connection postgres://localhost/mydb --migrate migrations/20240115_add_user_indexes.sql --dry-run", "apply migrations/20240115_add_user_indexes.sql --connection postgres://localhost/mydb --dry-run"},
		{"--connection $DATABASE_URL --suggest-indexes --output migrations/", "suggest-indexes --connection $DATABASE_URL --output migrations/"},
		{"--connection $DATABASE_URL --migrate migrations/add_indexes.sql --dry-run", "apply migrations/add_indexes.sql --connection $DATABASE_URL --dry-run"},
		{"--connection $DATABASE_URL --migrate migrations/add_indexes.sql", "apply migrations/add_indexes.sql --connection $DATABASE_URL"},
		{"--connection $DATABASE_URL --migrate file.sql", "apply file.sql --connection $DATABASE_URL"},
		{"--analyze --connection=dsn --format json", "analyze --connection dsn --format json"},
		{"--version", "--version"},
		{"diff --from a --to b", "diff --from a --to b"},
		{"--connection x", "--connection x"},
		{"", ""},
	} {
		if got := flagForm(strings.Fields(c.line)); !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s\n got %s\nwant %s", c.line, strings.Join(got, " "), c.want)
		}
	}
}

func TestFlagFormDoesNotChangeItsArguments(t *testing.T) {
	args := []string{"--connection", "d", "--migrate", "f", "--dry-run"}
	before := slices.Clone(args)
	flagForm(args)
	if !slices.Equal(args, before) {
		t.Error(args)
	}
}

// Each of them runs.
func TestSeedCommandLines(t *testing.T) {
	dir := t.TempDir()
	schema := file(t, dir, "schema/v2.sql", v2)
	migration := file(t, dir, "migrations/20240115_add_user_indexes.sql", "CREATE INDEX idx_users_email ON users (email);\n")
	output := filepath.Join(dir, "out") + "/"
	for _, c := range []struct {
		line  string
		code  int
		wants string // in its output
	}{
		{"--connection DSN --analyze", 0, "=== Database Analysis Report ==="},
		{"--connection DSN --compare " + schema + " --output " + output, 0, "Generated migration: "},
		{"--connection DSN --migrate " + migration + " --dry-run", 0, "WORKS"},
		{"--connection DSN --suggest-indexes --output " + output, 0, "NOTHING TO ADD"},
		{"--connection DSN --migrate " + migration, 0, "APPLIED"},
	} {
		dsn, _ := database(t, v1)
		r := run(t, strings.Fields(strings.ReplaceAll(c.line, "DSN", dsn))...)
		if r.code != c.code || !strings.Contains(r.out+r.errors, c.wants) {
			t.Errorf("%s: %+v", c.line, r)
		}
	}
}
