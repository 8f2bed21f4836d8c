//go:build unix

package schemafile

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestIncludeStaysInside: \i reads nothing outside of its file's folder, neither by
// name nor through a link, and does not wait for what is no file.
func TestIncludeStaysInside(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "schema")
	for path, text := range map[string]string{
		filepath.Join(top, "secret.sql"): "SECRET", filepath.Join(dir, "main.sql"): "", filepath.Join(dir, "part.sql"): "PART", filepath.Join(dir, "sub", "deep.sql"): "DEEP",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link.sql": "../secret.sql", "folder": "..", "inner.sql": "part.sql"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo.sql"), 0o644); err != nil {
		t.Fatal(err)
	}
	files, _, err := Read(filepath.Join(dir, "main.sql"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string]string{
		"part.sql": "PART", "sub/deep.sql": "DEEP", "inner.sql": "PART", "sub/../part.sql": "PART",
		"../secret.sql": "", filepath.Join(top, "secret.sql"): "", "link.sql": "", "folder/secret.sql": "", "fifo.sql": "", "/etc/passwd": "", "sub": "",
	} {
		f, err := files[0].include(argument)
		if f.Text != want || (want == "") != (err != nil) {
			t.Errorf("%s: %q, %v", argument, f.Text, err)
		}
	}
	Within(files, top)
	if f, err := files[0].include("../secret.sql"); f.Text != "SECRET" || err != nil {
		t.Errorf("within the folder above: %q, %v", f.Text, err)
	}
	if _, err := files[0].include("/etc/passwd"); err == nil || !strings.Contains(err.Error(), "is outside of") {
		t.Error(err)
	}

	// A folder that is read as a whole has links, too.
	if _, _, err := Read(dir, nil); err == nil || !strings.Contains(err.Error(), "link.sql is outside of") {
		t.Error(err)
	}
	if err := os.Remove(filepath.Join(dir, "link.sql")); err != nil {
		t.Fatal(err)
	}
	all, notes, err := Read(dir, nil)
	if err != nil || len(all) != 4 || len(notes) != 1 || !strings.Contains(notes[0], "fifo.sql is no file") {
		t.Errorf("%d files, %q, %v", len(all), notes, err)
	}
}
