package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/seniorbackend/tools/scripts/house"
)

// The rewritten tree builds, vets and passes the tests that need no database
// and no npm.
func TestARenamedTreeIsGreen(t *testing.T) {
	from, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	files, err := from.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		copyFile(t, filepath.Join(from.Root, f), filepath.Join(root, f))
	}
	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=", "GOFLAGS=-buildvcs=false")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
	}
	run("git", "init", "--quiet")
	to := house.Workspace{Root: root, Path: from.Path}
	if err := rewrite(to, "example.org/acme/backend-tools"); err != nil {
		t.Fatal(err)
	}
	for _, m := range house.Modules() {
		run("go", "build", "example.org/acme/backend-tools/"+m+"/...")
	}
	run("go", "test", "example.org/acme/backend-tools/shared/...", "example.org/acme/backend-tools/scripts/house")

	if err := rewrite(to, "not a path"); err == nil {
		t.Error("a malformed path was taken")
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, info.Mode().Perm()); err != nil {
		t.Fatal(err)
	}
}
