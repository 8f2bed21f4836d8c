package cli

import (
	"flag"
	"os"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/shell"
)

var update = flag.Bool("update", false, "rewrite the wanted outputs")

// Each command line of testdata/wrong.txt is wrong: it says so in one line with a
// hint, on stderr, with exit code 2, and before anything is sent.
func TestWrongCommandLines(t *testing.T) {
	const file = "testdata/wrong.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	url, hits := echo(t, nil)
	var got strings.Builder
	lines := 0
	for line := range strings.Lines(string(text)) {
		command, ok := strings.CutPrefix(line, "$ loadtester ")
		if !ok {
			continue
		}
		lines++
		args, err := shell.Fields(command, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "URL", url+"/")
		}
		code, stdout, stderr := tool(t, args...)
		message := strings.ReplaceAll(stderr, url+"/", "URL")
		parts := strings.Split(strings.TrimSuffix(message, "\n"), "\n")
		if code != 2 || stdout != "" || len(parts) != 2 || !strings.HasPrefix(parts[0], "error: ") || !strings.HasPrefix(parts[1], "hint: ") {
			t.Errorf("%sexit %d, stdout %q, stderr %q", command, code, stdout, stderr)
		}
		got.WriteString("$ loadtester " + command + message + "\n")
	}
	if lines < 70 {
		t.Errorf("only %d command lines", lines)
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests were sent", hits.Load())
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got.String() != string(text) {
		t.Errorf("the messages are no longer those of %s: look at the difference with -update", file)
	}
}
