package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// A saved run is judged by what it was asked to be, and again by other bounds.
func TestReportJudgesAgain(t *testing.T) {
	url := shop(t)
	saved := filepath.Join(t.TempDir(), "run.ltr")
	code, _, stderr := toolEnvCheck(t, "run", url+"/bad", "-n", "20", "--rate", "100", "--expect-status", "200", "--slo", "errors<1%", "--save", saved, "-q", "--allow-generator-limited")
	if code != 1 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, c := range []struct {
		flags string
		code  int
		want  []string
	}{
		{"--format text", 1, []string{"FAILED: 2 of 2 expectations missed", "status 200", "errors<1%"}},
		{"--format github", 1, []string{"::error title=status 200", "::error title=errors<1%25"}},
		{"--format junit", 1, []string{`<testcase name="status 200"`, `<failure message="errors&lt;1%: wanted below 1%, got 100%"`}},
		{"--expect-status 500 --slo p99<9m", 0, []string{"status 500", "every status one of 500", "p99<9m"}},
		{"--expect-status 500 --slo p99<1us", 1, []string{"FAILED: 1 of 2 expectations missed"}},
	} {
		code, stdout, stderr := toolEnvCheck(t, append([]string{"report", saved}, strings.Fields(c.flags)...)...)
		for _, want := range c.want {
			if !strings.Contains(stdout, want) {
				t.Errorf("%s: %q is not in:\n%s%s", c.flags, want, stdout, stderr)
			}
		}
		if code != c.code {
			t.Errorf("%s: exit %d, want %d: %s", c.flags, code, c.code, stderr)
		}
	}
	if code, _, stderr := toolEnvCheck(t, "report", saved, "--slo", "p99"); code != 2 || !strings.Contains(stderr, "p99") {
		t.Errorf("a bad objective: exit %d, %s", code, stderr)
	}
}

// A result goes down a pipe, and the report to those who look.
func TestSaveToStandardOutput(t *testing.T) {
	url := shop(t)
	code, packed, report := toolEnvCheck(t, "run", url+"/", "-n", "5", "--rate", "100", "--save", "-", "-q", "--allow-generator-limited")
	if code != 0 || !strings.Contains(report, "=== Load Test Results ===") || strings.Contains(packed, "===") {
		t.Fatalf("exit %d, report %q", code, report)
	}
	saved := writeFile(t, "run.ltr", packed)
	if code, stdout, stderr := toolEnvCheck(t, "report", saved); code != 0 || !strings.Contains(stdout, "5 of 5 requests sent") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}
