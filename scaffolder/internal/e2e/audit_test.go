package e2e

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestAudit: npm knows of no vulnerability in what a project runs on. It is skipped, and
// says why, where the registry does not answer such questions (mirrors often do not).
func TestAudit(t *testing.T) {
	packages(t) // npm is there
	if _, problem := audit(t, "testdata/npm"); problem != "" {
		t.Skipf("npm audit gets no answer: %s", problem)
	}
	for _, framework := range frameworks {
		for name, flags := range map[string][]string{"plain": nil, "zod": {"--validator", "zod"}} {
			dir := filepath.Join(t.TempDir(), framework+"-"+name)
			generate(t, append([]string{"generate", "testdata/attacks/service.yaml", "--framework", framework, "--output", dir}, flags...)...)
			run(t, limit, dir, "npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
			found, problem := audit(t, dir)
			if problem != "" {
				t.Fatalf("%s, %s: %s", framework, name, problem)
			}
			for dependency, severity := range found {
				t.Errorf("%s, %s: %s has a vulnerability: %s", framework, name, dependency, severity)
			}
		}
	}
}

// audit lists the vulnerable packages that a project runs on, with their severity; problem
// is why there is no answer.
func audit(t *testing.T, dir string) (found map[string]string, problem string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "npm", "audit", "--omit=dev", "--json")
	cmd.Dir = dir
	out, _ := cmd.Output() // findings are an exit code, too
	var answer struct {
		Message         string
		AuditVersion    int `json:"auditReportVersion"`
		Vulnerabilities map[string]struct{ Severity string }
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		return nil, err.Error()
	}
	if answer.AuditVersion == 0 {
		return nil, answer.Message
	}
	found = map[string]string{}
	for name, v := range answer.Vulnerabilities {
		found[name] = v.Severity
	}
	return found, ""
}
