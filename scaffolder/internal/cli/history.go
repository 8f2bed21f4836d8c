package cli

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/breaking"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

// historyFolder holds a copy of the document that was generated from last, so
// that the next run can say what a change of it breaks.
const historyFolder = ".scaffolder"

// record is the copy of a document.
type record struct {
	files []tree.File
	// document is the path of the copy, where it has no name of its own: a document of
	// several files keeps theirs.
	document string
	notices  []api.Notice
}

// recordOf copies a document. The files of one that has several stand to each other as
// they do where it was read.
func recordOf(files []spec.File) record {
	if len(files) == 1 || !storable(files) {
		r := record{files: []tree.File{recorded(soleName(files[0].Data), files[0].Data)}}
		if len(files) > 1 {
			r.notices = []api.Notice{{Rule: "not-compared", Message: "the next run cannot tell what the document breaks: the names of its files are not ones that every system has"}}
		}
		return r
	}
	r := record{document: path.Join("document", files[0].Path)}
	for _, f := range files {
		r.files = append(r.files, recorded(path.Join("document", f.Path), f.Data))
	}
	return r
}

func recorded(name string, data []byte) tree.File {
	return tree.File{Path: path.Join(historyFolder, name), Content: data, Owner: tree.Tool, Record: true}
}

// soleName is what the copy of a document of one file is called.
func soleName(data []byte) string {
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		return "document.json"
	}
	return "document.yaml"
}

func storable(files []spec.File) bool {
	seen := map[string]bool{}
	for _, f := range files {
		folded := strings.ToLower(f.Path)
		if seen[folded] || !tree.IsPortable(f.Path) {
			return false
		}
		seen[folded] = true
	}
	return true
}

// lastDocument reads the copy that a project has; nil where it has none.
func lastDocument(project string, m memory) (*api.API, error) {
	folder := filepath.Join(project, historyFolder)
	root, names := folder, []string{"document.yaml", "document.json"}
	if m.Document != "" {
		root, names = filepath.Join(folder, "document"), []string{m.Document}
	}
	for _, name := range names {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if _, err := os.Stat(file); err != nil {
			continue
		}
		o := spec.Options{Root: root, Lenient: true}
		input, err := spec.Load(file, nil, o)
		if err != nil {
			return nil, err
		}
		model, err := spec.Read(input, o)
		if err == nil && m.Options.BasePath != nil {
			model.BasePath = spec.BasePath(*m.Options.BasePath)
		}
		return model, err
	}
	return nil, nil
}

// previous is the API of the last run, where its document has changed since; nil: it has
// not, or there was none. That it cannot be read is a notice, and stops nothing.
func previous(m memory, plan *tree.Plan, where layout) (*api.API, []api.Notice) {
	changed := slices.ContainsFunc(plan.Changes, func(c tree.Change) bool {
		return strings.HasPrefix(c.Path, historyFolder+"/") && c.Action != tree.Keep
	})
	if !changed {
		return nil, nil
	}
	before, err := lastDocument(where.project, m)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, []api.Notice{{Rule: "not-compared", Message: "what the document breaks for its callers cannot be told: " + first}}
	}
	return before, nil
}

// compare lists what has to be followed of the change since the last run.
func compare(before, now *api.API) []breaking.Change {
	if before == nil {
		return nil
	}
	return breaking.Compare(before, now)
}
