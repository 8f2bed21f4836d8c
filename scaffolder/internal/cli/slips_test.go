package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/redact/slips"
	"github.com/seniorbackend/tools/shared/terminal"
)

// A secret in a wrong word, or in a right word at a wrong place, is not shown.
func TestNoSlipShowsItsSecret(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.yaml")
	commands := [][]string{
		{slips.Place}, {"generate", slips.Place}, {"generate", missing, slips.Place}, {"generate", missing, "--framework", slips.Place},
		{"generate", missing, "--templates", slips.Place}, {"--from-db", slips.Place}, {"database", slips.Place}, {"database", "a", slips.Place},
		{"spec", slips.Place}, {slips.Place, "--generate-spec"}, {"--" + slips.Place}, {"generate", "--config", slips.Place},
	}
	for _, leak := range slips.Leaks(commands, func(args []string) string {
		var out, errs bytes.Buffer
		Main(t.Context(), args, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}, "v1")
		return out.String() + errs.String()
	}) {
		t.Error(leak)
	}
}
