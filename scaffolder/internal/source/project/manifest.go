package project

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
)

// Manifest is what a package.json says, as far as it matters here.
type Manifest struct {
	Dir         string `json:"-"`
	Name        string
	Version     string
	Description string
	Type        string
	Main        string
	Module      string
	Source      string
	Types       string
	Bin         json.RawMessage
	Exports     json.RawMessage
	Imports     json.RawMessage
	Workspaces  json.RawMessage
	Scripts     map[string]string
	Aliases     map[string]string `json:"_moduleAliases"`

	Dependencies         map[string]string
	DevDependencies      map[string]string
	PeerDependencies     map[string]string
	OptionalDependencies map[string]string
}

// DependsOn is the version range that the manifest asks for; "" where it does not
// name the package.
func (m *Manifest) DependsOn(name string) string {
	if m == nil {
		return ""
	}
	for _, set := range []map[string]string{m.Dependencies, m.DevDependencies, m.PeerDependencies, m.OptionalDependencies} {
		if v, ok := set[name]; ok {
			return v
		}
	}
	return ""
}

// manifestIn reads dir/package.json; nil where there is none that can be read.
func (p *Project) manifestIn(dir string) *Manifest {
	p.mu.Lock()
	m, ok := p.manifests[dir]
	p.mu.Unlock()
	if ok {
		return m
	}
	if file := filepath.Join(dir, "package.json"); p.files.isFile(file) {
		m = readManifest(file)
	}
	p.mu.Lock()
	p.manifests[dir] = m
	p.mu.Unlock()
	return m
}

// readManifest takes what it can: a field of another type than expected is left out.
func readManifest(file string) *Manifest {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &fields) != nil {
		return nil
	}
	m := &Manifest{Dir: filepath.Dir(file)}
	for name, raw := range fields {
		one, _ := json.Marshal(map[string]json.RawMessage{name: raw})
		_ = json.Unmarshal(one, m) // of another type: not ours to complain of
	}
	return m
}

// ManifestOf is the manifest of the package that a directory or file belongs to:
// the nearest one with a name or dependencies; nil where there is none.
func (p *Project) ManifestOf(path string) *Manifest {
	var first *Manifest
	for dir := path; ; dir = filepath.Dir(dir) {
		if m := p.manifestIn(dir); m != nil {
			if m.Name != "" || m.Dependencies != nil {
				return m
			}
			if first == nil {
				first = m // {"type": "module"} alone marks a folder, not a package
			}
		}
		if dir == filepath.Dir(dir) {
			return first
		}
	}
}

// workspacePatterns are the globs that dir declares as workspace members.
func (p *Project) workspacePatterns(dir string) []string {
	var out []string
	if m := p.manifestIn(dir); m != nil && len(m.Workspaces) > 0 {
		var object struct{ Packages []string }
		if json.Unmarshal(m.Workspaces, &out) != nil && json.Unmarshal(m.Workspaces, &object) == nil {
			out = object.Packages
		}
	}
	var file struct {
		Packages []string `yaml:"packages" json:"packages"`
	}
	if data, err := os.ReadFile(filepath.Join(dir, "pnpm-workspace.yaml")); err == nil && yaml.Unmarshal(data, &file) == nil {
		out = append(out, file.Packages...)
	}
	if len(out) == 0 && p.files.isFile(filepath.Join(dir, "lerna.json")) {
		if data, err := os.ReadFile(filepath.Join(dir, "lerna.json")); err == nil && json.Unmarshal(plainJSON(data), &file) == nil {
			out = file.Packages
		}
	}
	return out
}

// findMembers maps the names of packages that are part of the workspace, or that
// a manifest links to by path, to their directories.
func (p *Project) findMembers() map[string]string {
	members := map[string]string{}
	add := func(dir string) {
		if m := p.manifestIn(dir); m != nil && m.Name != "" && members[m.Name] == "" {
			members[m.Name] = dir
		}
	}
	add(p.Package)
	for _, pattern := range p.workspacePatterns(p.Root) {
		if strings.HasPrefix(pattern, "!") {
			continue
		}
		for _, dir := range p.expand(p.Root, strings.Split(strings.Trim(strings.TrimPrefix(pattern, "./"), "/"), "/")) {
			add(dir)
		}
	}
	for _, m := range []*Manifest{p.manifestIn(p.Root), p.manifestIn(p.Package)} {
		if m != nil {
			p.linked(m, add)
		}
	}
	return members
}

// linked adds what a manifest names by path: "file:../shared", "link:…".
func (p *Project) linked(m *Manifest, add func(dir string)) {
	for _, set := range []map[string]string{m.Dependencies, m.DevDependencies} {
		for _, v := range set {
			for _, scheme := range []string{"file:", "link:", "portal:"} {
				if rest, ok := strings.CutPrefix(v, scheme); ok {
					add(filepath.Join(m.Dir, filepath.FromSlash(rest)))
				}
			}
		}
	}
}

// expand finds the directories that a pattern of path elements means.
func (p *Project) expand(dir string, elements []string) []string {
	if len(elements) == 0 {
		return []string{dir}
	}
	first, rest := elements[0], elements[1:]
	if !strings.ContainsAny(first, "*?{[") {
		if !p.files.isDir(filepath.Join(dir, first)) {
			return nil
		}
		return p.expand(filepath.Join(dir, first), rest)
	}
	var out []string
	if first == "**" {
		out = p.expand(dir, rest)
	}
	for _, e := range p.List(dir) {
		if !e.Dir || e.Name == "node_modules" || strings.HasPrefix(e.Name, ".") {
			continue
		}
		if first == "**" {
			out = append(out, p.expand(filepath.Join(dir, e.Name), elements)...)
		} else if matchElement(first, e.Name) {
			out = append(out, p.expand(filepath.Join(dir, e.Name), rest)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
