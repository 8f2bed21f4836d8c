//go:build unix

package scratch

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestRootStaysRoot: what root runs and copies belongs to root, and the account of
// the server cannot change it.
func TestRootStaysRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("for root")
	}
	cache := filepath.Join(open755(t), "cache")
	open(t, Options{Mode: Local, Cache: cache})
	found := 0
	err := filepath.Walk(cache, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		found++
		if owner := info.Sys().(*syscall.Stat_t); owner.Uid != 0 || info.Mode().Perm()&0o022 != 0 && info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is of %d, %s", path, owner.Uid, info.Mode())
		}
		return nil
	})
	if err != nil || found < 100 {
		t.Errorf("%d files (%v)", found, err)
	}

	// A folder that somebody else may write in is not used.
	for name, spoil := range map[string]func(string) error{
		"given away":    func(dir string) error { return os.Chown(dir, 65534, 65534) },
		"for everybody": func(dir string) error { return os.Chmod(dir, 0o777) },
	} {
		dir := filepath.Join(open755(t), "cache")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := spoil(dir); err != nil {
			t.Fatal(err)
		}
		if s, err := Open(t.Context(), Options{Mode: Local, Cache: dir}); err == nil {
			s.Close()
			t.Errorf("a folder that was %s is used", name)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(cache, link); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), Options{Mode: Local, Cache: link}); err == nil {
		s.Close()
		t.Error("a link is followed")
	}
}

// TestLinksAreNotFollowed: what another account puts where root writes, reads or
// copies leads nowhere.
func TestLinksAreNotFollowed(t *testing.T) {
	dir, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("SECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	for _, to := range []string{secret, filepath.Dir(secret)} {
		os.Remove(link)
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
		if text, err := readPlain(link); err == nil {
			t.Errorf("reads %q", text)
		}
		if f, err := create(link, nil); err == nil {
			f.Close()
			t.Error("writes")
		}
		if unlock, err := lock(link, false); err == nil {
			unlock()
			t.Error("locks")
		}
		for name, copy := range map[string]func(to string) error{
			"copyTree": func(to string) error { return copyTree(dir, filepath.Join(to, "tree"), nil) },
			"copyBeneath": func(to string) error {
				return between(dir, to, func(a, b *os.Root) error { return copyBeneath(a, b, ".", nil) })
			},
		} {
			out := t.TempDir()
			err := copy(out)
			filepath.Walk(out, func(path string, info os.FileInfo, _ error) error {
				if info.Mode().IsRegular() {
					t.Errorf("%s copies %s", name, path)
				}
				return nil
			})
			if err != nil {
				t.Error(name, err)
			}
		}
	}
	if kept, _ := os.ReadFile(secret); string(kept) != "SECRET" {
		t.Errorf("the secret is %q now", kept)
	}
	// Into a folder that is a link out.
	from, to := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(from, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(secret), filepath.Join(to, "out")); err != nil {
		t.Fatal(err)
	}
	if err := between(from, to, func(a, b *os.Root) error { return copyBeneath(a, b, "out", nil) }); err == nil {
		t.Error("writes beyond a link")
	}
}
