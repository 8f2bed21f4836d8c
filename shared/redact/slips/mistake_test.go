package slips

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A tool that shows a secret is found, wherever it does, and one that does not is not.
func TestDriverSees(t *testing.T) {
	m := Mistake{Args: "run SECRET a_b", Files: map[string]string{"in/given": "SECRET"}, Env: "SLIPS_TOKEN=SECRET"}
	for name, c := range map[string]struct {
		run  func(dir string, args []string) string
		want string
	}{
		"silent":  {func(string, []string) string { return "***" }, ""},
		"output":  {func(_ string, args []string) string { return args[1] }, "run"},
		"encoded": {func(string, []string) string { return "dTpLYW5hcmkwMDdacQ==" }, "run"},
		"a file": {func(dir string, args []string) string {
			os.WriteFile(filepath.Join(dir, "out"), []byte(args[1]), 0o600)
			return ""
		}, "out"},
		"a name": {func(dir string, args []string) string {
			os.MkdirAll(filepath.Join(dir, "d", args[1]), 0o700)
			return ""
		}, Canary},
		"only in one form": {func(dir string, args []string) string {
			for _, a := range args {
				if path, ok := strings.CutPrefix(a, "junit="); ok {
					os.WriteFile(path, []byte(os.Getenv("SLIPS_TOKEN")), 0o600)
				}
			}
			return ""
		}, "report.junit"},
		"a program": {func(_ string, args []string) string {
			exec.Command("sh", "-c", "sleep 0.2; exit", args[1]).Run()
			return ""
		}, "a program was started with: sh"},
	} {
		if name == "a program" && runtime.GOOS != "linux" {
			continue
		}
		dir := t.TempDir()
		d := Driver{Dir: dir, Setenv: t.Setenv, Run: func(args []string) string { return c.run(dir, args) }}
		leaks, err := d.Leaks(m)
		if err != nil {
			t.Fatal(err)
		}
		if found := len(leaks) > 0 && strings.Contains(strings.Join(leaks, "\n"), c.want); found != (c.want != "") || c.want == "" && len(leaks) > 0 {
			t.Errorf("%s: %q", name, leaks)
		}
	}
	d := Driver{Dir: t.TempDir(), Setenv: t.Setenv, Names: []string{"URL", "http://h"}, Files: map[string]string{"a": "URL"}, More: func(args []string) []string { return append(args, "more") }}
	var first []string
	d.Run = func(args []string) string {
		if first == nil {
			first = args
		}
		return ""
	}
	if _, err := d.Leaks(Mistake{Args: "run URL a_b"}); err != nil || strings.Join(first, "|") != "run|http://h|a b|more" {
		t.Errorf("%q, %v", first, err)
	}
	if text, _ := os.ReadFile(filepath.Join(d.Dir, "a")); string(text) != "http://h" {
		t.Errorf("%q", text)
	}
}
