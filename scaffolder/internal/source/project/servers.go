package project

import (
	"path/filepath"
	"slices"
)

// frameworks are the packages that a server depends on.
func frameworks() []string {
	return []string{"express", "fastify", "koa", "ultimate-express", "routing-controllers", "inversify-express-utils", "fastify-decorators"}
}

// Servers are the directories of the workspace's other packages that depend on one of the
// frameworks to run.
func (p *Project) Servers() []string {
	var out []string
	for _, dir := range p.members {
		m := p.manifestIn(dir)
		if m == nil || filepath.Clean(dir) == filepath.Clean(p.Package) {
			continue
		}
		if slices.ContainsFunc(frameworks(), func(name string) bool { return m.Dependencies[name] != "" }) {
			out = append(out, dir)
		}
	}
	slices.Sort(out)
	return out
}
