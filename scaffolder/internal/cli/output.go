package cli

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/seniorbackend/tools/shared/pending"
	"github.com/seniorbackend/tools/shared/problem"
)

// layout is where a generated project goes.
type layout struct {
	project string // the output directory of the tree
	source  string // the folder of the sources in it: "src", or "." for itself
}

// inFolder refuses standard output for what is many files.
func inFolder(output string) error {
	if output != "-" {
		return pending.Named(output)
	}
	return problem.New("name a folder; --format json says on standard output what is made", "a server is many files, which standard output cannot take")
}

// layoutOf reads --output. It names the project's directory; but where its last
// element is "routes", it is the routes folder itself: middleware/ and types/
// stand beside it, and where that is in src/, the project is around src/.
func layoutOf(output string) layout {
	clean := filepath.Clean(output)
	if filepath.Base(clean) != "routes" {
		return layout{project: clean, source: "src"}
	}
	source := filepath.Dir(clean)
	if filepath.Base(source) == "src" {
		return layout{project: filepath.Dir(source), source: "src"}
	}
	return layout{project: source, source: "."}
}

// show is the path of a generated file as the user would write it.
func (l layout) show(name string) string {
	shown := filepath.ToSlash(filepath.Join(l.project, filepath.FromSlash(name)))
	if strings.HasSuffix(name, "/") {
		shown += "/"
	}
	return shown
}

// routes is the folder of the routes in the project.
func (l layout) routes() string { return path.Join(l.source, "routes") + "/" }
