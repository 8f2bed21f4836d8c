package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/scripts/goproxy"
	"github.com/seniorbackend/tools/scripts/house"
)

// Each published module builds as a release does: alone, from the hashes that
// its go.sum holds. A change of shared that was not tidied fails here and
// nowhere else.
func TestEveryModuleBuildsAlone(t *testing.T) {
	if err := run(true, []string{"go", "build", "./..."}); err != nil {
		t.Fatalf("%v (run scripts/tidy and commit what it changes)", err)
	}
}

// go install gives a program that knows its version.
func TestGoInstall(t *testing.T) {
	w, err := house.Find()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	t.Setenv("GOBIN", bin)
	t.Chdir(t.TempDir()) // outside of the workspace, as a user is
	for _, tool := range house.Tools() {
		if err := rehearse(w.Root, []string{"go", "install", w.Path + "/" + tool + "@" + goproxy.First}, ""); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(filepath.Join(bin, tool), "--version").Output()
		if err != nil || !strings.HasPrefix(string(out), tool+" "+goproxy.First+" ") {
			t.Errorf("%s --version: %q, %v", tool, out, err)
		}
	}
	if entries, err := os.ReadDir(bin); err != nil || len(entries) != len(house.Tools()) {
		t.Errorf("installed %v, %v", entries, err)
	}
}
