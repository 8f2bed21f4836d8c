package action_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// action is what of action.yml is tested.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			ID, Uses, Run, Shell string
			Env                  map[string]string
		}
	}
}

func TestAction(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin+string(filepath.Separator), "./scaffolder", "./migrator")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(root, "action", "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	for _, step := range a.Runs.Steps {
		if step.Uses != "" && !regexp.MustCompile(`^[\w/-]+@[0-9a-f]{40}$`).MatchString(step.Uses) {
			t.Errorf("%s is not pinned by a hash", step.Uses)
		}
	}
	schema := filepath.Join(root, "docs", "example", "schema")
	document := filepath.Join(root, "docs", "example", "openapi.yaml")
	server := filepath.Join(t.TempDir(), "a server")
	if out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "scaffolder"), "generate", document, "--framework", "koa", "--output", server).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checked := map[string]string{"scaffolder": "generate " + document + " --output '" + server + "' --check"}
	for name, c := range map[string]struct {
		inputs  map[string]string
		code    int
		summary []string
		printed string
	}{
		"all is well":            {checked, 0, []string{"# Backend tools: PASS", "Scaffolding Report"}, "::notice"},
		"drift":                  {map[string]string{"scaffolder": checked["scaffolder"], "migrator": "diff --from " + schema + "/v1.sql --to " + schema + "/v2.sql --exit-code"}, 1, []string{"# Backend tools: FAIL", "Scaffolding Report", "Schema Diff Report", "books.blurb"}, "Schema Diff Report"},
		"it cannot run":          {map[string]string{"scaffolder": "generate none.yaml --check"}, 2, []string{"# Backend tools: ERROR", "none.yaml does not exist"}, "::error"},
		"nothing was asked for":  {nil, 2, []string{"# Backend tools: ERROR"}, "::error title=backend tools::nothing was asked for"},
		"arguments run no shell": {map[string]string{"scaffolder": "generate $(touch stolen) --check"}, 2, []string{"# Backend tools: ERROR"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, step := range a.Runs.Steps {
				if step.ID != "check" {
					continue
				}
				run := exec.CommandContext(t.Context(), step.Shell, "-e", "-c", strings.ReplaceAll(step.Run, "${{ github.action_path }}", filepath.Join(root, "action")))
				run.Dir = dir
				run.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"), "GITHUB_OUTPUT="+filepath.Join(dir, "output"))
				for key, value := range step.Env {
					input := strings.TrimSuffix(strings.TrimPrefix(value, "${{ inputs."), " }}")
					given, ok := c.inputs[input]
					if !ok {
						given = a.Inputs[input].Default
					}
					run.Env = append(run.Env, key+"="+given)
				}
				out, err := run.CombinedOutput()
				var exit *exec.ExitError
				if err != nil && !errors.As(err, &exit) {
					t.Fatal(err)
				}
				if run.ProcessState.ExitCode() != c.code || !strings.Contains(string(out), c.printed) {
					t.Errorf("exit %d, want %d:\n%s", run.ProcessState.ExitCode(), c.code, out)
				}
			}
			summary, err := os.ReadFile(filepath.Join(dir, "summary.md"))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.summary {
				if !strings.Contains(string(summary), want) {
					t.Errorf("the page has no %q:\n%s", want, summary)
				}
			}
			if _, err := os.Stat(filepath.Join(dir, "stolen")); err == nil {
				t.Error("a shell ran what stands in the arguments")
			}
		})
	}
}
