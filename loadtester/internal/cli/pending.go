package cli

import (
	"os"
	"path/filepath"

	"github.com/seniorbackend/tools/shared/problem"
)

// pendingFile is a file that appears under its name when it is whole, or not at
// all. (renameio does the same, but not on Windows.)
type pendingFile struct {
	*os.File
	name string
	done bool
}

// pending makes one. Devices and pipes (/dev/stderr) are opened as they are.
func pending(name string) (*pendingFile, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return nil, problem.New("name a file in it", "%s is a directory", name)
	}
	mode := os.FileMode(0o644)
	if err == nil {
		if !info.Mode().IsRegular() {
			f, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err != nil {
				return nil, unwritable(name, err)
			}
			return &pendingFile{File: f}, nil
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, unwritable(name, err)
	}
	p := &pendingFile{File: f, name: name}
	// Where modes mean nothing this fails, and nothing is lost.
	_ = f.Chmod(mode)
	return p, nil
}

func unwritable(name string, err error) error {
	return problem.Wrap(err, "does the folder exist, and may you write there?", "cannot write %s", name)
}

// commit writes text and puts the file in its place.
func (p *pendingFile) commit(text []byte) error {
	_, err := p.Write(text)
	if err == nil && p.name != "" {
		err = p.Sync()
	}
	if cerr := p.Close(); err == nil {
		err = cerr
	}
	p.done = true
	if err == nil && p.name != "" {
		err = os.Rename(p.File.Name(), p.name)
	}
	if err != nil {
		if p.name != "" {
			_ = os.Remove(p.File.Name())
		}
		return problem.Wrap(err, "is the disk full?", "cannot write %s: %v", p.name, err)
	}
	return nil
}

// discard removes a file that was not committed. It may follow commit.
func (p *pendingFile) discard() {
	if p == nil || p.done {
		return
	}
	_ = p.Close()
	if p.name != "" {
		_ = os.Remove(p.File.Name())
	}
}
