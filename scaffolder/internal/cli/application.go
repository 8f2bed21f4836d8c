package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/tsgen"
)

// isEmbedded says whether the API goes into an application: --output names its routes
// folder, it has a package.json, and no earlier run has made that.
func isEmbedded(where layout, output string, m memory, known bool) bool {
	if known {
		return m.Options.Embedded
	}
	_, err := os.Stat(filepath.Join(where.project, "package.json"))
	return err == nil && filepath.Base(filepath.Clean(output)) == "routes"
}

// mountNotices say how the API gets into the application, and what of its configuration
// stands against that.
func mountNotices(needs tsgen.Needs, where layout) []api.Notice {
	mount := api.Notice{Rule: "mount", Message: "this is an application already: only the API is written. Import from " +
		where.show(where.routes()+"_register.js") + " and mount it with " + needs.Mounting}
	dir := filepath.Join(where.project, where.source)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		dir = where.project
	}
	p, err := project.Open(dir)
	if err != nil {
		return []api.Notice{mount}
	}
	return append([]api.Notice{mount}, moduleNotices(p, dir, needs)...)
}

// moduleNotices say where CommonJS, which TypeScript makes of the code, cannot have what
// the code imports.
func moduleNotices(p *project.Project, dir string, needs tsgen.Needs) []api.Notice {
	compiler, ok := p.CompilerOf(dir)
	if !ok || !compiler.CommonJS {
		return nil
	}
	var out []api.Notice
	warn := func(message, hint string) {
		out = append(out, api.Notice{Rule: "commonjs", Warning: true, At: api.Position{File: show(compiler.File)}, Message: message, Hint: hint})
	}
	if compiler.Verbatim {
		warn("verbatimModuleSyntax forbids import and export in CommonJS, and the generated code has them",
			`leave it out, or set "type": "module" in package.json`)
	}
	for _, one := range needs.Packages {
		if one.ESOnly && (compiler.Module == "node16" || compiler.Module == "node18") {
			warn(one.Name+` is an ES module, which "module": "`+compiler.Module+`" does not let CommonJS import`,
				`set "module": "nodenext" (Node.js 20.19 or later), or "type": "module" in package.json`)
		}
		if one.NoDefault && !compiler.Interop {
			warn(one.Name+" has no default export without esModuleInterop, and the generated code imports it", `set "esModuleInterop": true`)
		}
	}
	return out
}

// show is a path as the user would write it: relative to the working directory where it
// is below that.
func show(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return path
	}
	return filepath.ToSlash(rel)
}
