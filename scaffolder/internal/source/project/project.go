package project

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// limit is the longest source file that is read, in bytes.
const limit = 16 << 20

var errTooLong = errors.New("longer than 16 MiB")

// Project is a package with the workspace around it. It is safe for use by
// several goroutines.
type Project struct {
	// Root is the directory of the workspace: the outermost directory whose
	// manifest says that the package is part of it; otherwise the package's own.
	Root string
	// Package is the directory of the package around the path that was opened.
	Package string
	// Base is the directory that paths are shown relative to: the package's, unless
	// somebody who stands elsewhere sets it.
	Base string

	files *files

	mu        sync.Mutex
	manifests map[string]*Manifest // by directory; nil: none there
	configs   map[string]*tsconfig // by file
	nearest   map[string]*tsconfig // by directory
	members   map[string]string    // workspace packages: name -> directory
	resolved  map[[2]string]Resolution
}

// Open finds the project around a file or directory, which must be there.
func Open(path string) (*Project, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", path, err)
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	dir := abs
	if !info.IsDir() {
		dir = filepath.Dir(abs)
	}
	p := &Project{
		files: newFiles(), manifests: map[string]*Manifest{}, configs: map[string]*tsconfig{},
		nearest: map[string]*tsconfig{}, resolved: map[[2]string]Resolution{},
	}
	p.Package = dir
	if m := p.ManifestOf(dir); m != nil {
		p.Package = m.Dir
	}
	p.Base = p.Package
	p.Root = p.workspaceRoot(p.Package)
	p.members = p.findMembers()
	return p, nil
}

// workspaceRoot is the nearest directory at or above dir that declares workspaces,
// or dir.
func (p *Project) workspaceRoot(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if len(p.workspacePatterns(at)) > 0 {
			return at
		}
		if at == filepath.Dir(at) || p.files.isDir(filepath.Join(at, ".git")) {
			return dir
		}
	}
}

// Rel is the path as it is shown: relative to Base, with slashes.
func (p *Project) Rel(path string) string {
	if rel, err := filepath.Rel(p.Base, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(path)
}

// Within says whether a path as it is shown stands below a directory.
func (p *Project) Within(shown, dir string) bool {
	path := filepath.FromSlash(shown)
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.Base, path)
	}
	return strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}

// Shown is a text with the paths of files in the workspace as they are shown.
func (p *Project) Shown(text string) string {
	for _, dir := range []string{p.Package, p.Root} {
		shown := p.Rel(dir) + "/"
		if shown == "./" {
			shown = ""
		}
		for _, before := range []string{"file://", ""} {
			text = strings.ReplaceAll(text, before+filepath.ToSlash(dir)+"/", shown)
		}
	}
	return text
}

// inModules says whether the path stands below a node_modules folder.
func inModules(path string) bool {
	return strings.Contains(filepath.ToSlash(path)+"/", "/node_modules/")
}
