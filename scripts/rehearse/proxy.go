package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// modulePath is what our module paths have in common, read from shared/go.mod:
// an owner may rename them.
func modulePath(root string) (string, error) {
	data, err := os.ReadFile(filepath.Join(root, "shared", "go.mod"))
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(modfile.ModulePath(data), "/shared"), nil
}

// fill lays out dir as a module proxy (go.dev/ref/mod#goproxy-protocol) that
// serves each of our modules in the rehearsed version.
func fill(dir, root, path string) error {
	revision, err := snapshot(root)
	if err != nil {
		return err
	}
	for _, m := range modules {
		version := module.Version{Path: path + "/" + m, Version: rehearsed}
		if err := serve(dir, root, revision, m, version); err != nil {
			return fmt.Errorf("%s: %w", m, err)
		}
	}
	return nil
}

func serve(dir, root, revision, sub string, v module.Version) error {
	escaped, err := module.EscapePath(v.Path)
	if err != nil {
		return err
	}
	base := filepath.Join(dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return err
	}
	mod, err := os.ReadFile(filepath.Join(root, sub, "go.mod"))
	if err != nil {
		return err
	}
	info := fmt.Sprintf("{\"Version\":%q,\"Time\":%q}\n", v.Version, time.Unix(0, 0).UTC().Format(time.RFC3339))
	files := map[string][]byte{"list": []byte(v.Version + "\n"), v.Version + ".info": []byte(info), v.Version + ".mod": mod}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(base, name), data, 0o644); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(base, v.Version+".zip"))
	if err != nil {
		return err
	}
	// From the version control system, not from the folder: only so the root's
	// LICENSE is in it, and the hash is that of the published module.
	if err := zip.CreateFromVCS(f, v, vcsRoot(root), revision, sub); err != nil {
		return err
	}
	return f.Close()
}

// snapshot is a commit object that holds the work tree as it is, with new files
// and without ignored ones. No branch and no index learns of it.
func snapshot(root string) (string, error) {
	index, err := os.CreateTemp("", "rehearse-index-")
	if err != nil {
		return "", err
	}
	index.Close()
	os.Remove(index.Name())
	defer os.Remove(index.Name())
	git := func(args ...string) (string, error) {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Stderr = root, os.Stderr
		cmd.Env = append(os.Environ(), "GIT_INDEX_FILE="+index.Name(),
			"GIT_AUTHOR_NAME=rehearse", "GIT_AUTHOR_EMAIL=rehearse@localhost", "GIT_AUTHOR_DATE=@0 +0000",
			"GIT_COMMITTER_NAME=rehearse", "GIT_COMMITTER_EMAIL=rehearse@localhost", "GIT_COMMITTER_DATE=@0 +0000")
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("git %s: %w", args[0], err)
		}
		return strings.TrimSpace(string(out)), nil
	}
	if _, err := git("add", "--all"); err != nil {
		return "", err
	}
	tree, err := git("write-tree")
	if err != nil {
		return "", err
	}
	return git("commit-tree", "-m", "rehearsal", tree)
}

// cleanCache forgets earlier rehearsals: the module cache believes that a
// version never changes. The lock keeps two rehearsals from each other's way.
func cleanCache(path string) (unlock func(), err error) {
	cache, err := output("", "go", "env", "GOMODCACHE")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(cache, "rehearse.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	for _, dir := range []string{filepath.Join(cache, path), filepath.Join(cache, "cache", "download", path)} {
		filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				os.Chmod(p, 0o755)
			}
			return nil
		})
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	return func() { lock.Close() }, nil
}

// vcsRoot is the work tree that holds the repository: the zip library does not
// know linked ones (git worktree), which share its objects.
func vcsRoot(root string) string {
	dir, err := output(root, "git", "rev-parse", "--path-format=absolute", "--git-common-dir")
	if err != nil || filepath.Base(dir) != ".git" {
		return root
	}
	return filepath.Dir(dir)
}
