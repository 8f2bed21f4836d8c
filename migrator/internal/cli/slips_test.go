package cli

import (
	"path/filepath"
	"testing"

	"github.com/seniorbackend/tools/shared/redact/slips"
)

// A secret in a wrong word, or in a right word at a wrong place, is not shown.
func TestNoSlipShowsItsSecret(t *testing.T) {
	dir := t.TempDir()
	schema := file(t, dir, "s.sql", "CREATE TABLE t (id int);")
	missing := filepath.Join(dir, "missing.sql")
	commands := [][]string{
		{slips.Place}, {"inspect", slips.Place}, {"inspect", "--scratch=" + slips.Place, missing}, {"inspect", missing, slips.Place},
		{"diff", slips.Place, schema}, {"diff", "--from", slips.Place, "--to", missing}, {"diff", "--from", missing, "--to", slips.Place, "--format", "json"},
		{"diff", "--from", missing, "--to", schema, "--scratch", slips.Place, "--format", "github"}, {"diff", "--rename", slips.Place, "--from", missing, "--to", schema},
		{"apply", slips.Place}, {"apply", schema, slips.Place}, {"apply", schema, "--connection", slips.Place, "--dry-run", "--format", "junit"},
		{"--connection", slips.Place, "--analyze"}, {"--connection", slips.Place, "--compare", schema}, {"--migrate", schema, slips.Place}, {"scratch", "--load", slips.Place},
		{slips.Place, "inspect"}, {"--" + slips.Place}, {"inspect", "--config", slips.Place},
	}
	for _, leak := range slips.Leaks(commands, func(args []string) string {
		r := run(t, args...)
		return r.out + r.errors
	}) {
		t.Error(leak)
	}
}
