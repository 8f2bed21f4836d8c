package cli

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/redact/slips"
	"github.com/seniorbackend/tools/shared/terminal"
)

// A secret in a wrong word, or in a right word at a wrong place, is not shown.
func TestNoSlipShowsItsSecret(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.yaml")
	few := []string{"-n", "1", "--rate", "1000", "--timeout", "1", "--format", "json"}
	with := func(args ...string) []string { return append(append([]string{"run"}, args...), few...) }
	commands := [][]string{
		with(slips.Place), {slips.Place, "-n", "1"}, {"run", server.URL, slips.Place}, with(server.URL, "-H", slips.Place), with(server.URL, "--proxy", slips.Place),
		with(server.URL, "--form", slips.Place), with(server.URL, "--multipart", slips.Place), with(server.URL, "-d", slips.Place), with(server.URL, "--curl", slips.Place),
		with(server.URL, "--openapi", slips.Place), with(server.URL, "--openapi", missing, "--set", slips.Place), with(server.URL, "--resolve", slips.Place),
		with(server.URL, "--targets", slips.Place), with(server.URL, "--har", slips.Place), with(server.URL, "--slo", slips.Place),
		{"compare", slips.Place, server.URL, "-n", "1"}, {"report", slips.Place}, {"merge", slips.Place, missing}, {"--" + slips.Place}, {"run", "--config", slips.Place},
	}
	run := func(args []string) string {
		var out, errs bytes.Buffer
		Main(t.Context(), args, terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: os.Getenv}, "v0")
		return out.String() + errs.String()
	}
	for _, leak := range slips.Leaks(commands, run) {
		t.Error(leak)
	}
	// The same as a file of requests: every line is one that somebody wrote.
	for flag, name := range map[string]string{"--targets": "t.vegeta", "--feed": "f.csv", "--replay": "a.log", "--har": "r.har", "--config": "c.yaml"} {
		path := filepath.Join(dir, name)
		for _, leak := range slips.Leaks([][]string{{slips.Place}}, func(args []string) string {
			if err := os.WriteFile(path, []byte(args[0]+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			return run(with(server.URL, flag, path))
		}) {
			t.Error(name + ": " + leak)
		}
	}
}
