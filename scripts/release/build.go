package main

import (
	"debug/buildinfo"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// A binary is the program for one platform.
type binary struct {
	platform
	file string // where it is
}

// name is what the program is called on its platform.
func (b binary) name(tool string) string {
	if b.os == "windows" {
		return tool + ".exe"
	}
	return tool
}

// build makes the programs as go install path@version does, so that they know
// their version and are what a user would get, without the names of this
// machine's folders and without tables for debuggers.
func (r *release) build(work string, platforms []platform) ([]binary, error) {
	if !slices.Contains(platforms, here) {
		return nil, fmt.Errorf("no program of the release would run on this machine (%s/%s)", here.os, here.arch)
	}
	var list []binary
	for _, p := range platforms {
		r.progress("building for %s/%s", p.os, p.arch)
		b := binary{platform: p}
		gopath := filepath.Join(work, "gopath")
		b.file = filepath.Join(gopath, "bin", p.String(), b.name(r.tool))
		if p == here {
			b.file = filepath.Join(gopath, "bin", b.name(r.tool))
		}
		cache, err := r.output("", "go", "env", "GOMODCACHE")
		if err != nil {
			return nil, err
		}
		cmd := exec.Command("go", "install", "-trimpath", "-ldflags=-s -w", r.module+"@"+r.version)
		cmd.Dir = work // outside of the workspace, as a user is
		cmd.Env = append(r.env, "GOOS="+p.os, "GOARCH="+p.arch, "GOPATH="+gopath, "GOBIN=", "GOMODCACHE="+cache, "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build for %s/%s: %w: %s", p.os, p.arch, err, out)
		}
		info, err := buildinfo.ReadFile(b.file)
		if err != nil {
			return nil, err
		}
		if info.Main.Version != r.version {
			return nil, fmt.Errorf("the program for %s/%s says that it is %s", p.os, p.arch, info.Main.Version)
		}
		list = append(list, b)
	}
	return list, nil
}

// here is the platform of this machine, whose program prints pages and
// completions.
var here = platform{runtime.GOOS, runtime.GOARCH}

// removeAll also removes folders that nobody may write into, as go's are.
func removeAll(dir string) {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			os.Chmod(path, 0o755)
		}
		return nil
	})
	os.RemoveAll(dir)
}
