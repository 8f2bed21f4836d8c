package project

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// tsconfig is what a tsconfig.json or jsconfig.json, with what it extends, says of
// where modules are.
type tsconfig struct {
	baseURL  string // absolute; "" when there is none
	pathsDir string // what targets of paths are relative to
	paths    []pathMapping
	outDir   string
	rootDir  string
	rootDirs []string
	refs     []string // other configurations whose paths count too

	compiler Compiler
}

type pathMapping struct {
	pattern string
	targets []string
}

// configFor is the configuration of a directory: the nearest one at or above it.
func (p *Project) configFor(dir string) *tsconfig {
	p.mu.Lock()
	c, ok := p.nearest[dir]
	p.mu.Unlock()
	if ok {
		return c
	}
	for _, name := range []string{"tsconfig.json", "jsconfig.json", "tsconfig.base.json"} {
		if file := filepath.Join(dir, name); p.files.isFile(file) {
			c = p.config(file, 0)
			break
		}
	}
	parent := filepath.Dir(dir)
	if c == nil && parent != dir && dir != p.Root {
		c = p.configFor(parent)
	}
	p.mu.Lock()
	p.nearest[dir] = c
	p.mu.Unlock()
	return c
}

// config reads a file, then what it extends; depth guards against circles.
func (p *Project) config(file string, depth int) *tsconfig {
	p.mu.Lock()
	c, ok := p.configs[file]
	p.mu.Unlock()
	if ok || depth > 8 {
		return c
	}
	c = p.readConfig(file, depth)
	p.mu.Lock()
	p.configs[file] = c
	p.mu.Unlock()
	return c
}

func (p *Project) readConfig(file string, depth int) *tsconfig {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var raw struct {
		Extends         json.RawMessage
		References      []struct{ Path string }
		CompilerOptions struct {
			BaseURL  *string `json:"baseUrl"`
			Paths    json.RawMessage
			OutDir   string
			RootDir  string
			RootDirs []string

			Module               *string
			VerbatimModuleSyntax *bool
			ESModuleInterop      *bool `json:"esModuleInterop"`
		}
	}
	if json.Unmarshal(plainJSON(data), &raw) != nil {
		return nil
	}
	dir := filepath.Dir(file)
	c := &tsconfig{}
	for _, base := range stringOrList(raw.Extends) {
		if parent := p.extended(dir, base, depth); parent != nil {
			c.inherit(parent)
		}
	}
	o := raw.CompilerOptions
	c.compiler.take(file, o.Module, o.VerbatimModuleSyntax, o.ESModuleInterop)
	if o.BaseURL != nil {
		c.baseURL = filepath.Join(dir, filepath.FromSlash(*o.BaseURL))
	}
	if paths := orderedPaths(o.Paths); paths != nil {
		c.paths, c.pathsDir = paths, dir
		if c.baseURL != "" {
			c.pathsDir = c.baseURL
		}
	}
	if o.OutDir != "" {
		c.outDir = filepath.Join(dir, filepath.FromSlash(o.OutDir))
	}
	if o.RootDir != "" {
		c.rootDir = filepath.Join(dir, filepath.FromSlash(o.RootDir))
	}
	for _, r := range o.RootDirs {
		c.rootDirs = append(c.rootDirs, filepath.Join(dir, filepath.FromSlash(r)))
	}
	for _, r := range raw.References {
		ref := filepath.Join(dir, filepath.FromSlash(r.Path))
		if p.files.isDir(ref) {
			ref = filepath.Join(ref, "tsconfig.json")
		}
		c.refs = append(c.refs, ref)
	}
	return c
}

// extended finds the configuration that another one extends: a file, or one of a
// workspace package. Those of node_modules say nothing of our paths.
func (p *Project) extended(dir, base string, depth int) *tsconfig {
	if base == "" {
		return nil
	}
	target := filepath.Join(dir, filepath.FromSlash(base))
	if !strings.HasPrefix(base, ".") && !filepath.IsAbs(base) {
		name, sub := packageName(base)
		member, ok := p.members[name]
		if !ok {
			return nil
		}
		target = filepath.Join(member, filepath.FromSlash(strings.TrimPrefix(sub, "./")))
		if sub == "." {
			target = filepath.Join(member, "tsconfig.json")
		}
	}
	for _, file := range []string{target, target + ".json"} {
		if p.files.isFile(file) {
			return p.config(file, depth+1)
		}
	}
	return nil
}

func (c *tsconfig) inherit(from *tsconfig) {
	own := *from
	own.refs = append(c.refs, from.refs...)
	*c = own
}

func stringOrList(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	var many []string
	_ = json.Unmarshal(raw, &many) // neither: there is none
	return many
}

// orderedPaths are the mappings in the order of the file, which decides between
// patterns of one length.
func orderedPaths(raw json.RawMessage) []pathMapping {
	var targets map[string][]string
	if json.Unmarshal(raw, &targets) != nil {
		return nil
	}
	out := make([]pathMapping, 0, len(targets))
	for _, key := range objectKeys(raw) {
		out = append(out, pathMapping{key, targets[key]})
	}
	return out
}
