// Package pending writes files that appear under their names when they are whole,
// or not at all. They are made before the work whose outcome they hold, so that a
// wrong path is said at once.
package pending

import (
	"os"
	"path/filepath"
	"regexp"

	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/redact"
)

// File is a file that has another name until Commit. (renameio does the same, but
// not on Windows.)
type File struct {
	file *os.File
	name string // "": a device, written as it is
	done bool
}

// Named refuses a name that is the address of something else: a connection string
// where a file belongs would leave its password in the names of folders, for others
// to read.
func Named(name string) error {
	if address.MatchString(name) || redact.DSN(name) != name {
		return problem.New("name a file or a folder of this machine", "%s is an address, and no name of a file", redact.Word(name))
	}
	return nil
}

// address is one also where its two slashes became one. C:/ is a drive.
var address = regexp.MustCompile(`(?:^|/)[A-Za-z][A-Za-z0-9+.-]+:/`)

// Open makes one for what shall be called name. Devices and pipes (/dev/stderr) are
// opened as they are. Its errors are problems for users.
func Open(name string) (*File, error) {
	if err := Named(name); err != nil {
		return nil, err
	}
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
			return &File{file: f}, nil
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, unwritable(name, err)
	}
	p := &File{file: f, name: name}
	// Where modes mean nothing this fails, and nothing is lost.
	_ = f.Chmod(mode)
	return p, nil
}

func unwritable(name string, err error) error {
	return problem.Wrap(err, "does the folder exist, and may you write there?", "cannot write %s", name)
}

// Write writes a part of what is too long to be held in memory; Commit writes the
// rest.
func (p *File) Write(b []byte) (int, error) { return p.file.Write(b) }

// Commit writes text and puts the file in its place.
func (p *File) Commit(text []byte) error {
	_, err := p.file.Write(text)
	if err == nil && p.name != "" {
		err = p.file.Sync()
	}
	if cerr := p.file.Close(); err == nil {
		err = cerr
	}
	p.done = true
	if err == nil && p.name != "" {
		err = os.Rename(p.file.Name(), p.name)
	}
	if err != nil {
		if p.name != "" {
			_ = os.Remove(p.file.Name())
		}
		return problem.Wrap(err, "is the disk full?", "cannot write %s: %v", p.name, err)
	}
	return nil
}

// Discard removes a file that was not committed. It may follow Commit, and p may be
// nil.
func (p *File) Discard() {
	if p == nil || p.done {
		return
	}
	_ = p.file.Close()
	if p.name != "" {
		_ = os.Remove(p.file.Name())
	}
}
