package goproxy

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

	"github.com/seniorbackend/tools/scripts/house"
)

// First is the version that the tools' go.mod files ask of shared, and that each
// module has in a rehearsal that says nothing else.
const First = "v0.1.0"

// Modules lists the published modules, each a folder of the repository.
func Modules() []string { return append([]string{"shared"}, house.Tools()...) }

// A Rehearsal is a proxy that serves the modules of a work tree, uncommitted
// changes included. While it is open no other rehearsal runs on this machine:
// the module cache is emptied of our modules, since go believes that a version
// never changes.
type Rehearsal struct {
	Env []string // for go commands: the whole environment

	dir    string
	unlock func()
}

// Publish opens a rehearsal of the checkout at root. versions says which
// versions a module has, by its folder's name; a module that it does not name
// has the first one.
func Publish(root string, versions map[string][]string) (*Rehearsal, error) {
	path, err := modulePath(root)
	if err != nil {
		return nil, err
	}
	unlock, err := cleanCache(path)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "rehearse-")
	if err != nil {
		unlock()
		return nil, err
	}
	r := &Rehearsal{dir: dir, unlock: unlock}
	if err := fill(dir, root, path, versions); err != nil {
		r.Close()
		return nil, err
	}
	usual, err := output("", "go", "env", "GOPROXY")
	if err != nil {
		r.Close()
		return nil, err
	}
	// Go remembers what a version's folder held (goindex), as no version ever
	// changes; ours do, from rehearsal to rehearsal.
	r.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0", "GODEBUG=goindex=0",
		"GOPROXY=file://"+filepath.ToSlash(dir)+","+usual, "GONOSUMDB="+path, "GONOPROXY=", "GOPRIVATE=")
	return r, nil
}

// Close removes the proxy.
func (r *Rehearsal) Close() error {
	r.unlock()
	return os.RemoveAll(r.dir)
}

// modulePath is what our module paths have in common, read from shared/go.mod:
// an owner may rename them.
func modulePath(root string) (string, error) {
	data, err := os.ReadFile(filepath.Join(root, "shared", "go.mod"))
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(modfile.ModulePath(data), "/shared"), nil
}

func fill(dir, root, path string, versions map[string][]string) error {
	revision, err := snapshot(root)
	if err != nil {
		return err
	}
	for _, m := range Modules() {
		list := versions[m]
		if len(list) == 0 {
			list = []string{First}
		}
		for _, v := range list {
			if err := serve(dir, root, revision, m, module.Version{Path: path + "/" + m, Version: v}); err != nil {
				return fmt.Errorf("%s: %w", m, err)
			}
		}
		if err := writeList(dir, path+"/"+m, list); err != nil {
			return err
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
	files := map[string][]byte{v.Version + ".info": []byte(info), v.Version + ".mod": mod}
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

// writeList says which versions of a module there are; @latest is the highest.
func writeList(dir, path string, versions []string) error {
	escaped, err := module.EscapePath(path)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, filepath.FromSlash(escaped), "@v", "list")
	return os.WriteFile(name, []byte(strings.Join(versions, "\n")+"\n"), 0o644)
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

// output runs a command and returns what it printed, trimmed.
func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
