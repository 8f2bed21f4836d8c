package refactor

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/parse"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// Workspace are the source files of a project that are its user's.
type Workspace struct {
	dir     string
	project *project.Project
	texts   map[string]string // by path below dir, with slashes
}

// Open reads the source files below a directory, but for the generated ones.
func Open(dir string, generated []string) (*Workspace, error) {
	p, err := project.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the sources of %s: %w", dir, err)
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	w := &Workspace{dir: root, project: p, texts: map[string]string{}}
	return w, filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := w.rel(name)
		if entry.IsDir() {
			if rel != "." && isForeign(entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || !isSource(entry.Name()) || slices.Contains(generated, rel) {
			return nil
		}
		text, err := os.ReadFile(name)
		w.texts[rel] = string(text)
		return err
	})
}

// isForeign says that a folder has no sources of the user's.
func isForeign(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "dist" || name == "build" || name == "coverage"
}

func isSource(name string) bool {
	switch path.Ext(name) {
	case ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs":
		return !strings.HasSuffix(name, ".d.ts")
	}
	return false
}

func (w *Workspace) rel(name string) string {
	rel, err := filepath.Rel(w.dir, name)
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}

func (w *Workspace) clone() *Workspace {
	copied := *w
	copied.texts = maps.Clone(w.texts)
	return &copied
}

func (w *Workspace) paths() []string { return slices.Sorted(maps.Keys(w.texts)) }

// parse reads a file of the workspace as it is now.
func (w *Workspace) parse(name string) (*syntax.File, error) {
	f, problems := parse.File(name, w.texts[name])
	if len(problems) > 0 {
		at := f.Position(problems[0].Range().Start)
		return nil, fmt.Errorf("%s:%d:%d: %s", name, at.Line, at.Column, problems[0].Message)
	}
	if f.Source != w.texts[name] {
		return nil, fmt.Errorf("%s is not UTF-8", name) // offsets would mean other places
	}
	return f, nil
}

// module is the path of the module that a file imports; "" where it is none of the
// project's.
func (w *Workspace) module(from string, source *syntax.StringLiteral) string {
	if source == nil {
		return ""
	}
	if strings.HasPrefix(source.Value, ".") { // also one that was made a moment ago
		name := path.Join(path.Dir(from), source.Value)
		for _, ending := range [][2]string{{".js", ".ts"}, {".mjs", ".mts"}, {"", ".ts"}, {"", ""}} {
			if base, ok := strings.CutSuffix(name, ending[0]); ok {
				if _, there := w.texts[base+ending[1]]; there {
					return base + ending[1]
				}
			}
		}
	}
	r := w.project.Resolve(filepath.Join(w.dir, filepath.FromSlash(from)), source.Value)
	if r.Kind != project.Source {
		return ""
	}
	return w.rel(r.File)
}

// edit is a change of a text.
type edit struct {
	span syntax.Span
	text string
}

func edited(text string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return int(a.span.Start) - int(b.span.Start) })
	var b strings.Builder
	at := syntax.Pos(0)
	for _, e := range edits {
		if e.span.Start < at {
			panic(fmt.Sprintf("two changes of one place: %q", e.text))
		}
		b.WriteString(text[at:e.span.Start] + e.text)
		at = e.span.End
	}
	return b.String() + text[at:]
}
