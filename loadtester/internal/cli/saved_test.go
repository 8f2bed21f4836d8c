package cli

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// A saved run keeps what was expected of it, and is judged again without load:
// by its own expectations, or by others.
func TestSavedRunIsJudgedAgain(t *testing.T) {
	url, hits := echo(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(400) })
	file := filepath.Join(t.TempDir(), "r.ltr")
	if code, stdout, stderr := tool(t, url, "--requests", "20", "-c", "2", "-q", "--expect-status", "200", "--slo", "p99<9s", "--save", file); code != 1 {
		t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
	}
	sent := hits.Load()
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"its own":     {nil, 1, "FAILED: 1 of 2 expectations missed"},
		"annotations": {[]string{"--format", "github"}, 1, "::error title=status 200::status 200: wanted every status one of 200, got 20 others: 400 (20)"},
		"JUnit":       {[]string{"--format", "junit", "--slo", "errors<1%"}, 1, `<testcase name="errors&lt;1%"`},
		"status":      {[]string{"--expect-status", "400"}, 0, "every status one of 400"},
		"slo":         {[]string{"--expect-status", "400", "--slo", "p50<1ns"}, 1, "p50<1ns"},
		"wrong":       {[]string{"--slo", "speed<1"}, 2, ""},
	} {
		code, stdout, stderr := tool(t, append([]string{"report", file}, c.args...)...)
		if code != c.code || !strings.Contains(stdout, c.want) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", name, code, c.code, c.want, stdout, stderr)
		}
	}
	if hits.Load() != sent {
		t.Errorf("report has sent %d requests", hits.Load()-sent)
	}
}

// A run that failed whole is not headed VALID, also without an expectation.
func TestSavedRunThatFailedWhole(t *testing.T) {
	url, _ := echo(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) })
	file := filepath.Join(t.TempDir(), "r.ltr")
	tool(t, url, "--requests", "5", "-c", "1", "-q", "--save", file)
	if _, stdout, _ := tool(t, "report", file); !strings.Contains(stdout, "FAILED: ") || strings.Contains(stdout, "VALID: ") {
		t.Error(stdout)
	}
}
