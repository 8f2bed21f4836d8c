package pending_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seniorbackend/tools/shared/pending"
)

func TestFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out.txt")
	if err := os.WriteFile(name, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := pending.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "before" {
		t.Errorf("before Commit it holds %q", got)
	}
	if _, err := f.Write([]byte("af")); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit([]byte("ter")); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	if got := read(t, name); got != "after" {
		t.Errorf("after Commit it holds %q", got)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v: it had 0600", info.Mode(), err)
	}
	given, err := pending.Open(filepath.Join(dir, "given-up.txt"))
	if err != nil {
		t.Fatal(err)
	}
	given.Discard()
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	for _, wrong := range []string{
		dir, filepath.Join(dir, "none", "out.txt"), "postgres://u:secret@h/d", "postgres:/u:secret@h/d", filepath.Join(dir, "http://h/x"), filepath.Join(dir, "host=h password=secret"),
	} {
		if _, err := pending.Open(wrong); err == nil {
			t.Errorf("%s can be written", wrong)
		}
	}
	device, err := pending.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	if err := device.Commit([]byte("gone")); err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
