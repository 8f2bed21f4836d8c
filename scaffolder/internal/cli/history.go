package cli

import (
	"bytes"
	"path"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/spec"
	"github.com/seniorbackend/tools/scaffolder/internal/tree"
)

// historyFolder holds a copy of the document that was generated from last, so
// that the next run can say what a change of it breaks.
const historyFolder = ".scaffolder"

// history is the copy, as a file of the tree.
func history(in spec.Input) tree.File {
	name := "document.yaml"
	if trimmed := bytes.TrimSpace(in.Data); len(trimmed) > 0 && trimmed[0] == '{' {
		name = "document.json"
	}
	return tree.File{Path: path.Join(historyFolder, name), Content: in.Data, Owner: tree.Tool, Record: true}
}

// breaking lists what the document changed for its callers since the last run.
// That it cannot be told is a notice, and stops nothing.
func breaking(in spec.Input, plan *tree.Plan, where layout) ([]spec.Change, []api.Notice) {
	for _, c := range plan.Changes {
		if !strings.HasPrefix(c.Path, historyFolder+"/") || c.Before == nil || bytes.Equal(c.Before, in.Data) {
			continue
		}
		changes, err := spec.Breaking(spec.Input{Name: where.show(c.Path), Data: c.Before}, in)
		if err != nil {
			return nil, []api.Notice{{Rule: "not-compared", Message: "what the document breaks for its callers cannot be told: " + err.Error()}}
		}
		return changes, nil
	}
	return nil, nil
}
