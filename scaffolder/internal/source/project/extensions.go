package project

import (
	"path/filepath"
	"strings"
)

// extensions are tried in this order where a specifier has none. A declaration
// file is never the source.
func extensions() []string {
	return []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"}
}

// instead are the extensions of the source that a built file comes from.
func instead(ext string) []string {
	switch ext {
	case ".js":
		return []string{".ts", ".tsx"}
	case ".jsx":
		return []string{".tsx"}
	case ".mjs":
		return []string{".mts"}
	case ".cjs":
		return []string{".cts"}
	}
	return nil
}

// IsSource says whether a file name is one of TypeScript or JavaScript.
func IsSource(name string) bool {
	if strings.HasSuffix(name, ".d.ts") || strings.HasSuffix(name, ".d.mts") || strings.HasSuffix(name, ".d.cts") {
		return false
	}
	switch filepath.Ext(name) {
	case ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs":
		return true
	}
	return false
}

// File finds the file that a path without regard to extension or index means;
// "" where there is none.
func (p *Project) File(path string) string {
	path = filepath.Clean(path)
	if p.files.isFile(path) {
		return path
	}
	ext := filepath.Ext(path)
	for _, other := range instead(ext) {
		if file := strings.TrimSuffix(path, ext) + other; p.files.isFile(file) {
			return file
		}
	}
	for _, ext := range extensions() {
		if file := path + ext; p.files.isFile(file) {
			return file
		}
	}
	return p.inDirectory(path)
}

// inDirectory finds the file that a directory means: the main of its manifest, or
// its index.
func (p *Project) inDirectory(dir string) string {
	if !p.files.isDir(dir) {
		return ""
	}
	if m := p.manifestIn(dir); m != nil {
		for _, main := range []string{m.Source, m.Main, m.Module} {
			if main == "" {
				continue
			}
			target := filepath.Join(dir, filepath.FromSlash(main))
			if target == filepath.Clean(dir) {
				continue
			}
			if file := p.File(target); file != "" {
				return file
			}
			if file := p.unbuilt(target); file != "" {
				return file
			}
		}
	}
	for _, ext := range extensions() {
		if file := filepath.Join(dir, "index"+ext); p.files.isFile(file) {
			return file
		}
	}
	return ""
}

// unbuilt finds the source of a file that a build would make: the output directory
// of the configuration is its root directory, or a folder with a name that builds
// use is the one with the sources.
func (p *Project) unbuilt(path string) string {
	return p.mapBuilt(path, p.File)
}

// SourceDir is the directory of the sources that a directory of a build comes
// from; the directory itself where it is there.
func (p *Project) SourceDir(dir string) string {
	dir = filepath.Clean(dir)
	if p.files.isDir(dir) {
		return dir
	}
	return p.mapBuilt(dir, func(path string) string {
		if p.files.isDir(path) {
			return path
		}
		return ""
	})
}

func (p *Project) mapBuilt(path string, find func(string) string) string {
	m := p.ManifestOf(path)
	if m == nil {
		return ""
	}
	for _, c := range p.configsFor(m.Dir) {
		rel, err := filepath.Rel(c.outDir, path)
		if c.outDir == "" || err != nil || strings.HasPrefix(rel, "..") {
			continue
		}
		for _, root := range []string{c.rootDir, filepath.Join(m.Dir, "src"), m.Dir} {
			if root == "" {
				continue
			}
			if file := find(filepath.Join(root, rel)); file != "" {
				return file
			}
		}
	}
	rel, err := filepath.Rel(m.Dir, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return ""
	}
	return p.guessSource(m.Dir, strings.Split(filepath.ToSlash(rel), "/"), find)
}

// guessSource puts the usual names of source folders where a usual name of a build
// folder stands: dist/cjs/x.js may be src/x.ts.
func (p *Project) guessSource(dir string, parts []string, find func(string) string) string {
	for i, part := range parts[:max(len(parts)-1, 1)] {
		if !isBuildFolder(part) {
			continue
		}
		behind := i + 1
		for {
			for _, name := range []string{"src", "", "lib", "source", "app", "server"} {
				path := append(append([]string{dir}, parts[:i]...), name)
				if file := find(filepath.Join(append(path, parts[behind:]...)...)); file != "" {
					return file
				}
			}
			if behind >= len(parts)-1 || !isBuildFolder(parts[behind]) && parts[behind] != "src" {
				break
			}
			behind++
		}
	}
	return ""
}

func isBuildFolder(name string) bool {
	switch name {
	case "dist", "build", "lib", "out", "output", ".build", "built", "es", "esm", "cjs", "commonjs", "compiled", "dist-cjs", "dist-esm", "js", "target":
		return true
	}
	return false
}
