package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/shared/buildinfo"
	"github.com/seniorbackend/tools/shared/terminal"
)

// configProbe prints what it was given.
type configProbe struct {
	Run  configRun `cmd:""`
	Stop configRun `cmd:""`
	globals
}

type configRun struct {
	Rate   string
	Count  int
	Share  float64
	Plain  bool
	Wait   seconds
	Header []string `sep:"none"`
	Port   []int
}

func (c configRun) Run(s *session) error {
	fmt.Fprintf(s.Out, "%s|%d|%g|%t|%d|%q|%d", c.Rate, c.Count, c.Share, c.Plain, c.Wait, c.Header, c.Port)
	return nil
}

func TestConfigurationFile(t *testing.T) {
	for _, c := range []struct{ file, out, errs string }{
		{"", `|0|0|false|0|[]|[]`, ""},
		{"# nothing yet\n", `|0|0|false|0|[]|[]`, ""},
		{"rate: 500\n", `500|0|0|false|0|[]|[]`, ""},
		{"rate: 500\nrun:\n  rate: 600\n", `600|0|0|false|0|[]|[]`, ""},
		{"stop:\n  rate: 600\n", `|0|0|false|0|[]|[]`, ""},
		{"rate: null\n", `|0|0|false|0|[]|[]`, ""},
		{"header: ['a: 1', 'b: 2, 3']\n", `|0|0|false|0|["a: 1" "b: 2, 3"]|[]`, ""},
		{"header: 'a: 1, 2'\n", `|0|0|false|0|["a: 1, 2"]|[]`, ""},
		{"count: 3\nshare: 0.5\nplain: true\nwait: 30\nport: [1, 2]\n", `|3|0.5|true|30000000000|[]|[1 2]`, ""},
		{"run:\n  raet: 500\n", "", "FILE:2:3: unknown key raet of run|hint: did you mean rate?"},
		{"no_color: true\n", "", "FILE:1:1: unknown key no_color|hint: did you mean no-color?"},
		{"colour: never\n", "", "FILE:1:1: unknown key colour|hint: the keys are the flags' names without dashes"},
		{"run: 5\n", "", `FILE:1:1: run is a command: its value is a list of flags|hint: write the command's flags below it`},
		{"rate:\n  a: 5\n", "", "FILE:2:3: rate takes a value or a list|hint: write rate: VALUE"},
		{"rate: [1, 2]\n", "", "FILE:1:7: --rate takes one value, not a list|hint: write one value"},
		{"count: many\n", "", `--count: "many" is no whole number ()|hint: see probe run --help`},
		{"- rate\n", "", "FILE:1:1: a configuration file is a list of key: value|hint: it is YAML: one flag a line, e.g. no-color: true"},
		{"rate: 1\nrate: 2\n", "", "FILE:2:1: the key rate stands here a second time|hint: write it once"},
		{"rate: [\n", "", "FILE: line 1: did not find expected node content|hint: it is YAML: one flag a line, e.g. no-color: true"},
	} {
		file := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(file, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		var g configProbe
		execute(t.Context(), []string{"run", "--config", file}, terminal.Streams{Out: &out, Err: &errs}, buildinfo.Info{Tool: "probe", Version: "v1"}, &g, &g.globals)
		said := strings.TrimPrefix(strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(errs.String()), file, "FILE"), "\n", "|"), "error: ")
		if out.String() != c.out || !strings.HasPrefix(said, c.errs) || (c.errs == "") != (said == "") {
			t.Errorf("%q:\n got %q, %s\nwant %q, %s", c.file, out.String(), said, c.out, c.errs)
		}
	}
}

func TestMissingConfigurationFile(t *testing.T) {
	var out, errs bytes.Buffer
	var g configProbe
	file := filepath.Join(t.TempDir(), "missing.yaml")
	code := execute(t.Context(), []string{"run", "--config", file}, terminal.Streams{Out: &out, Err: &errs}, buildinfo.Info{Tool: "probe", Version: "v1"}, &g, &g.globals)
	if want := "error: the configuration file " + file + " does not exist\nhint: write --config FILE, or leave it out\n"; code != 2 || errs.String() != want {
		t.Errorf("exit %d, %s", code, errs.String())
	}
}
