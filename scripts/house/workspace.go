package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// Modules are the workspace's modules, each a folder below the root.
func Modules() []string { return append(Tools(), "shared", "scripts") }

// Tools are the modules that are programs.
func Tools() []string { return []string{"scaffolder", "migrator", "loadtester"} }

// Workspace is the checkout that the tests look at.
type Workspace struct {
	Root string // absolute
	Path string // what the module paths have in common, without a final slash
}

// Find is the workspace around the current folder.
func Find() (Workspace, error) {
	dir, err := os.Getwd()
	if err != nil {
		return Workspace{}, err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			return Workspace{}, errors.New("no go.work above the current folder")
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "shared", "go.mod"))
	if err != nil {
		return Workspace{}, err
	}
	return Workspace{Root: dir, Path: strings.TrimSuffix(modfile.ModulePath(data), "/shared")}, nil
}

// Package is what go list says of a package.
type Package struct {
	ImportPath string
	Dir        string
	Standard   bool
	Imports    []string
	Deps       []string
}

// List lists the packages of one of our modules.
func (w Workspace) List(module string) ([]Package, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Standard,Imports,Deps", "./...")
	cmd.Dir = filepath.Join(w.Root, module)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", module, err, stderr.String())
	}
	var list []Package
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := d.Decode(&p); err == io.EOF {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
}

// Room is a package's place in its module: "internal/report" of
// github.com/…/loadtester/internal/report; "." is the root.
func (w Workspace) Room(module string, p Package) string {
	room := strings.TrimPrefix(p.ImportPath, w.Path+"/"+module)
	if room == "" {
		return "."
	}
	return strings.TrimPrefix(room, "/")
}

// Files lists the files that git tracks or would track, with slashes, relative
// to the root.
func (w Workspace) Files(patterns ...string) ([]string, error) {
	cmd := exec.Command("git", append([]string{"ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"}, patterns...)...)
	cmd.Dir = w.Root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	var files []string
	for _, f := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(w.Root, f)); f != "" && err == nil {
			files = append(files, f)
		}
	}
	return files, nil
}
