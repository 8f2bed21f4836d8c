package project

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// files answers what is on disk, asking once for each directory. Links are followed.
type files struct {
	mu   sync.Mutex
	dirs map[string]map[string]bool // directory -> name -> is a directory
}

func newFiles() *files { return &files{dirs: map[string]map[string]bool{}} }

// list is the directory's entries; nil where there is no such directory.
func (f *files) list(dir string) map[string]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if have, ok := f.dirs[dir]; ok {
		return have
	}
	var names map[string]bool
	if entries, err := os.ReadDir(dir); err == nil {
		names = make(map[string]bool, len(entries))
		for _, e := range entries {
			isDir := e.IsDir()
			if e.Type()&os.ModeSymlink != 0 {
				info, err := os.Stat(filepath.Join(dir, e.Name()))
				isDir = err == nil && info.IsDir()
			}
			names[e.Name()] = isDir
		}
	}
	f.dirs[dir] = names
	return names
}

func (f *files) isFile(path string) bool {
	isDir, ok := f.list(filepath.Dir(path))[filepath.Base(path)]
	return ok && !isDir
}

func (f *files) isDir(path string) bool { return f.list(path) != nil }

// Entry is a name in a directory.
type Entry struct {
	Name string
	Dir  bool
}

// List is what stands in a directory, by name; nil where there is none.
func (p *Project) List(dir string) []Entry {
	names := p.files.list(filepath.Clean(dir))
	out := make([]Entry, 0, len(names))
	for name, isDir := range names {
		out = append(out, Entry{name, isDir})
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// IsFile says whether path is a file.
func (p *Project) IsFile(path string) bool { return p.files.isFile(filepath.Clean(path)) }

// IsDir says whether path is a directory.
func (p *Project) IsDir(path string) bool { return p.files.isDir(filepath.Clean(path)) }

// Read is the content of a file of the project; it may be no longer than limit bytes.
func (p *Project) Read(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > limit {
		return nil, &os.PathError{Op: "read", Path: path, Err: errTooLong}
	}
	return os.ReadFile(path)
}
