package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A full disk is an error that says so; the run itself was fine.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Log("this system has no /dev/full")
		return
	}
	url, _ := echo(t, nil)
	for _, flag := range []string{"--save", "--output"} {
		code, _, stderr := tool(t, url, "--rate", "100", "--requests", "10", flag, "/dev/full")
		if code != 2 || !strings.Contains(stderr, "is the disk full?") {
			t.Errorf("%s: exit %d, %s", flag, code, stderr)
		}
	}
}

// A disk that fills up in the middle of a file: none is left behind, and one that
// was there before is as it was.
func TestDiskFillsUp(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("Windows has no limit of a file's size")
		return
	}
	const variable = "LOADTESTER_TEST_LIMITED_FOLDER"
	dir := os.Getenv(variable)
	if dir == "" {
		dir = t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "old.html"), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		child := exec.Command("sh", "-c", `ulimit -f 8 && exec "$0" -test.run='^TestDiskFillsUp$'`, os.Args[0])
		child.Env = append(os.Environ(), variable+"="+dir)
		if out, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	url, _ := echo(t, nil)
	for _, name := range []string{"new.html", "old.html"} {
		code, _, stderr := tool(t, url, "--rate", "100", "--requests", "10", "--format", "html", "--output", filepath.Join(dir, name))
		if code != 2 || !strings.Contains(stderr, "is the disk full?") {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "old.html")); err != nil || string(text) != "old" {
		t.Errorf("%q, %v", text, err)
	}
}
