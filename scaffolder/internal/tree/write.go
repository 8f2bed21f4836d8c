package tree

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/shared/problem"
)

// Write does what the plan says. All new contents are on the disk under
// temporary names before the first file is replaced, so that a full disk leaves
// everything as it was.
func (p *Plan) Write() error {
	if len(p.Edited) > 0 && !p.force {
		return p.refusal()
	}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return problem.Wrap(err, "", "cannot make the directory %s: %v", p.dir, cause(err))
	}
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		return problem.Wrap(err, "", "cannot open the directory %s: %v", p.dir, cause(err))
	}
	defer root.Close()

	w := &writer{root: root}
	defer w.clean()
	for _, c := range p.Changes {
		if c.Action == Create || c.Action == Update || c.Action == Append || c.Action == Edit {
			if err := w.stage(c.Path, c.After); err != nil {
				return err
			}
		}
	}
	if text := p.after.encode(); !bytes.Equal(text, p.before.encode()) || len(p.before.Files) == 0 {
		if err := w.stage(ManifestName, text); err != nil {
			return err
		}
	}
	if err := w.commit(); err != nil {
		return err
	}
	return p.remove(root)
}

// refusal says which files stop the run.
func (p *Plan) refusal() error {
	files := p.Edited
	more := ""
	if len(files) > 5 {
		more = fmt.Sprintf(" and %d more", len(files)-5)
		files = files[:5]
	}
	return problem.New("--diff shows what would be lost; --force overwrites; your own code belongs into user-owned files",
		"edited since it was generated: %s%s", strings.Join(files, ", "), more)
}

// remove deletes files of which nothing is left: tool-owned ones that are not generated
// any more, and user-owned ones whose contents went elsewhere; and the directories that they leave empty.
func (p *Plan) remove(root *os.Root) error {
	for _, c := range p.Changes {
		if c.Action != Remove {
			continue
		}
		name := filepath.FromSlash(c.Path)
		if err := root.Remove(name); err != nil {
			return problem.Wrap(err, "", "cannot remove %s: %v", c.Path, cause(err))
		}
		for dir := filepath.Dir(name); dir != "."; dir = filepath.Dir(dir) {
			if root.Remove(dir) != nil { // not empty
				break
			}
		}
	}
	return nil
}

// writer replaces many files: first all are staged, then all renamed.
type writer struct {
	root   *os.Root
	staged []staged
}

type staged struct{ temporary, name string }

func (w *writer) stage(path string, content []byte) error {
	name := filepath.FromSlash(path)
	dir := filepath.Dir(name)
	if err := w.root.MkdirAll(dir, 0o755); err != nil {
		return problem.Wrap(err, "", "cannot make the directory %s: %v", filepath.ToSlash(dir), cause(err))
	}
	var random [6]byte
	_, _ = rand.Read(random[:]) // never fails
	temporary := filepath.Join(dir, ".scaffolder-"+hex.EncodeToString(random[:])+".tmp")
	w.staged = append(w.staged, staged{temporary, name})
	if err := w.root.WriteFile(temporary, content, w.mode(name)); err != nil {
		return problem.Wrap(err, "", "cannot write %s: %v", path, cause(err))
	}
	return nil
}

// mode keeps the permissions of a file that is there.
func (w *writer) mode(name string) os.FileMode {
	if info, err := w.root.Stat(name); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

func (w *writer) commit() error {
	for len(w.staged) > 0 {
		s := w.staged[0]
		if err := w.root.Rename(s.temporary, s.name); err != nil {
			return problem.Wrap(err, "", "cannot write %s: %v", filepath.ToSlash(s.name), cause(err))
		}
		w.staged = w.staged[1:]
	}
	return nil
}

// clean removes what was staged and not renamed.
func (w *writer) clean() {
	for _, s := range w.staged {
		_ = w.root.Remove(s.temporary) // nothing more can be done
	}
}
