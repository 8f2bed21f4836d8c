package project

import (
	"path/filepath"
	"strings"
)

// Kind says what a specifier means.
type Kind int

const (
	Missing  Kind = iota // a file that should be there, and is not
	Source               // a file of the project
	Builtin              // a module of node itself
	External             // a package that is not of the project
	Declared             // a file of declarations: types, and values that nobody sees
)

// Resolution is what a specifier means.
type Resolution struct {
	Kind Kind
	File string // of a Source or Declared: its path
	// Package and Subpath name a Builtin or External: "@koa/router", "." or
	// "./dist/x". A Builtin has no "node:" in front.
	Package string
	Subpath string
}

// Resolve finds what a specifier means in a file.
func (p *Project) Resolve(from, specifier string) Resolution {
	dir := filepath.Dir(from)
	key := [2]string{dir, specifier}
	p.mu.Lock()
	r, ok := p.resolved[key]
	p.mu.Unlock()
	if ok {
		return r
	}
	r = p.resolve(dir, specifier)
	p.mu.Lock()
	p.resolved[key] = r
	p.mu.Unlock()
	return r
}

func (p *Project) resolve(dir, specifier string) Resolution {
	specifier, _, _ = strings.Cut(specifier, "?") // a bundler's query
	switch {
	case specifier == "" || strings.HasPrefix(specifier, "data:") || strings.Contains(specifier, "://"):
		return Resolution{Kind: Missing}
	case strings.HasPrefix(specifier, "node:"):
		return Resolution{Kind: Builtin, Package: specifier[len("node:"):], Subpath: "."}
	case isRelative(specifier):
		return p.relative(dir, specifier)
	case filepath.IsAbs(specifier):
		return p.source(p.File(specifier))
	case strings.HasPrefix(specifier, "#"):
		if file := p.subpathImport(dir, specifier); file != "" {
			return p.source(file)
		}
	}
	return p.bare(dir, specifier)
}

func isRelative(specifier string) bool {
	return specifier == "." || specifier == ".." || strings.HasPrefix(specifier, "./") || strings.HasPrefix(specifier, "../")
}

func (p *Project) relative(dir, specifier string) Resolution {
	target := filepath.Join(dir, filepath.FromSlash(specifier))
	if strings.HasSuffix(specifier, "/") || specifier == "." || specifier == ".." {
		if file := p.inDirectory(target); file != "" {
			return p.source(file)
		}
	}
	if file := p.File(target); file != "" {
		return p.source(file)
	}
	if file := p.unbuilt(target); file != "" {
		return p.source(file)
	}
	if c := p.configFor(dir); c != nil { // one tree laid over several directories
		for _, from := range c.rootDirs {
			rel, err := filepath.Rel(from, target)
			if err != nil || strings.HasPrefix(rel, "..") {
				continue
			}
			for _, to := range c.rootDirs {
				if file := p.File(filepath.Join(to, rel)); file != "" {
					return p.source(file)
				}
			}
		}
	}
	return p.declared(target)
}

// declared finds a file of declarations where there is no source.
func (p *Project) declared(path string) Resolution {
	bare := strings.TrimSuffix(path, filepath.Ext(path))
	for _, file := range []string{path + ".d.ts", path + ".d.mts", filepath.Join(path, "index.d.ts"), bare + ".d.ts", bare + ".d.mts", bare + ".d.cts"} {
		if p.files.isFile(file) {
			return Resolution{Kind: Declared, File: file}
		}
	}
	return Resolution{Kind: Missing}
}

// bare resolves a name that is no path: a mapping of the project, a workspace
// package, node's own, or a package from outside.
func (p *Project) bare(dir, specifier string) Resolution {
	for _, c := range p.configsFor(dir) {
		if file := p.mapped(c, specifier); file != "" {
			return p.source(file)
		}
	}
	if file := p.aliased(dir, specifier); file != "" {
		return p.source(file)
	}
	name, sub := packageName(specifier)
	if member, ok := p.members[name]; ok && !p.isOwnDependency(dir, name) {
		if file := p.packageFile(member, sub); file != "" {
			return p.source(file)
		}
	}
	if isBuiltin(specifier) {
		return Resolution{Kind: Builtin, Package: specifier, Subpath: "."}
	}
	if file := p.belowBase(dir, specifier); file != "" {
		return p.source(file)
	}
	return Resolution{Kind: External, Package: name, Subpath: sub}
}

// isOwnDependency says whether a package depends on another one of its own name: a server
// that is called fastify means the framework by it.
func (p *Project) isOwnDependency(dir, name string) bool {
	m := p.ManifestOf(dir)
	return m != nil && m.Name == name && m.DependsOn(name) != ""
}

// belowBase finds a name below baseUrl; or below the package's directory or its
// src/, as NODE_PATH and its like do, unless it is a dependency's name.
func (p *Project) belowBase(dir, specifier string) string {
	for _, c := range p.configsFor(dir) {
		if c.baseURL != "" {
			if file := p.File(filepath.Join(c.baseURL, filepath.FromSlash(specifier))); file != "" {
				return file
			}
		}
	}
	name, _ := packageName(specifier)
	m := p.ManifestOf(dir)
	if m == nil || m.DependsOn(name) != "" || !strings.Contains(specifier, "/") {
		return ""
	}
	for _, base := range []string{m.Dir, filepath.Join(m.Dir, "src")} {
		if first, _, _ := strings.Cut(specifier, "/"); p.files.isDir(filepath.Join(base, first)) {
			if file := p.File(filepath.Join(base, filepath.FromSlash(specifier))); file != "" {
				return file
			}
		}
	}
	return ""
}

// configsFor is the configuration of a directory, then those that it refers to.
func (p *Project) configsFor(dir string) []*tsconfig {
	c := p.configFor(dir)
	if c == nil {
		return nil
	}
	out := []*tsconfig{c}
	for _, ref := range c.refs {
		if r := p.config(ref, 0); r != nil {
			out = append(out, r)
		}
	}
	return out
}

// mapped applies the paths of a tsconfig: an exact name first, then the pattern
// with the longest text in front of its star.
func (p *Project) mapped(c *tsconfig, specifier string) string {
	best, found := pathMapping{}, false
	for _, m := range c.paths {
		prefix, suffix, star := strings.Cut(m.pattern, "*")
		switch {
		case !star && m.pattern == specifier:
			return p.firstTarget(c.pathsDir, m, "")
		case star && strings.HasPrefix(specifier, prefix) && strings.HasSuffix(specifier, suffix) &&
			len(specifier) >= len(prefix)+len(suffix):
			if before, _, _ := strings.Cut(best.pattern, "*"); !found || len(prefix) > len(before) {
				best, found = m, true
			}
		}
	}
	if !found {
		return ""
	}
	prefix, suffix, _ := strings.Cut(best.pattern, "*")
	return p.firstTarget(c.pathsDir, best, specifier[len(prefix):len(specifier)-len(suffix)])
}

func (p *Project) firstTarget(dir string, m pathMapping, star string) string {
	for _, target := range m.targets {
		path := filepath.Join(dir, filepath.FromSlash(strings.Replace(target, "*", star, 1)))
		if inModules(path) {
			continue
		}
		if file := p.File(path); file != "" {
			return file
		}
		if file := p.unbuilt(path); file != "" {
			return file
		}
	}
	return ""
}

// aliased applies _moduleAliases of package.json (module-alias).
func (p *Project) aliased(dir, specifier string) string {
	m := p.ManifestOf(dir)
	if m == nil {
		return ""
	}
	for alias, target := range m.Aliases {
		if specifier != alias && !strings.HasPrefix(specifier, alias+"/") {
			continue
		}
		path := filepath.Join(m.Dir, filepath.FromSlash(target), filepath.FromSlash(specifier[len(alias):]))
		if file := p.File(path); file != "" {
			return file
		}
		if file := p.unbuilt(path); file != "" {
			return file
		}
	}
	return ""
}

func (p *Project) source(file string) Resolution {
	switch {
	case file == "":
		return Resolution{Kind: Missing}
	case inModules(file):
		_, rest, _ := strings.Cut(filepath.ToSlash(file), "/node_modules/")
		name, sub := packageName(rest)
		return Resolution{Kind: External, Package: name, Subpath: sub}
	}
	return Resolution{Kind: Source, File: file}
}

// packageName splits "@scope/name/sub/path" into the package and "./sub/path" or ".".
func packageName(specifier string) (name, sub string) {
	parts := strings.SplitN(specifier, "/", 3)
	n := 1
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		n = 2
	}
	name = strings.Join(parts[:n], "/")
	if rest := strings.TrimPrefix(specifier[len(name):], "/"); rest != "" {
		return name, "./" + rest
	}
	return name, "."
}
