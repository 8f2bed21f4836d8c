package house

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

func read(t *testing.T, elements ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// go install path@version refuses a module whose go.mod holds a replace.
func TestNoReplaceInAnyModule(t *testing.T) {
	w := workspace(t)
	for _, m := range Modules() {
		f, err := modfile.Parse(m+"/go.mod", []byte(read(t, w.Root, m, "go.mod")), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Replace) > 0 || len(f.Exclude) > 0 {
			t.Errorf("%s/go.mod holds a replace or an exclude: put it into go.work", m)
		}
		if f.Module.Mod.Path != w.Path+"/"+m {
			t.Errorf("%s is named %s", m, f.Module.Mod.Path)
		}
	}
}

func TestWorkspaceNamesEveryModule(t *testing.T) {
	w := workspace(t)
	f, err := modfile.ParseWork("go.work", []byte(read(t, w.Root, "go.work")), nil)
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	for _, u := range f.Use {
		used = append(used, strings.TrimPrefix(u.Path, "./"))
	}
	want := Modules()
	slices.Sort(want)
	slices.Sort(used)
	if !slices.Equal(used, want) {
		t.Errorf("go.work uses %v, want %v", used, want)
	}
	for _, r := range f.Replace {
		if r.Old.Version == "" {
			t.Errorf("the replace of %s in go.work has no version: go refuses it", r.Old.Path)
		}
	}
}

// What the tools share by copy, because sharing it would bring kong into
// shared, stays the same text but for the tool's name.
func TestTheShellAroundCommandsIsTheSame(t *testing.T) {
	w := workspace(t)
	for _, file := range []string{"kong.go", "commandline.go", "reports.go", "reports_test.go", "signals.go", "usage.go", "usage_test.go", "config.go", "configfile.go", "configfile_test.go", "kong_test.go"} {
		neutral := func(tool string) string {
			text := read(t, w.Root, tool, "internal", "cli", file)
			text = strings.ReplaceAll(text, strings.ToUpper(tool), "TOOL")
			return regexp.MustCompile(`\s+`).ReplaceAllString(strings.ReplaceAll(text, tool, "tool"), " ")
		}
		first := Tools()[0]
		for _, tool := range Tools()[1:] {
			if neutral(tool) != neutral(first) {
				t.Errorf("%s of %s and %s differ in more than the tool's name", file, tool, first)
			}
		}
	}
}

func TestMainIsAFewLines(t *testing.T) {
	w := workspace(t)
	for _, tool := range Tools() {
		if n := strings.Count(read(t, w.Root, tool, "main.go"), "\n"); n > 20 {
			t.Errorf("%s/main.go has %d lines", tool, n)
		}
	}
}

func TestLockFilesNameNoRegistry(t *testing.T) {
	w := workspace(t)
	files, err := w.Files("*package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.Contains(read(t, w.Root, f), `"resolved": "http`) {
			t.Errorf("%s names a registry: write it again with omit-lockfile-registry-resolved=true", f)
		}
	}
}
