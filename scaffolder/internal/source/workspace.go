package source

import (
	"slices"
	"strings"

	"github.com/seniorbackend/tools/scaffolder/internal/source/eval"
	"github.com/seniorbackend/tools/scaffolder/internal/source/project"
	"github.com/seniorbackend/tools/scaffolder/internal/source/syntax"
)

// mostServers is how many packages of a workspace are read to find the one with routes.
const mostServers = 6

// readWorkspace reads the packages of a workspace that are servers, where its root is none,
// and takes the one with most operations. That others have some too is said.
func readWorkspace(p *project.Project, o Options) (*Result, error) {
	var best *Result
	var with []string
	dirs := p.Servers()
	for _, dir := range dirs[:min(len(dirs), mostServers)] {
		member, err := project.Open(dir)
		if err != nil {
			return nil, err
		}
		member.Base = p.Base
		r, err := readDirectory(member, member.Package, o)
		if err != nil || len(r.API.Operations) == 0 {
			continue // one that does not serve
		}
		with = append(with, p.Rel(dir))
		if best == nil || len(r.API.Operations) > len(best.API.Operations) {
			best = r
		}
	}
	if best == nil {
		return nil, ErrNoEntry
	}
	others := slices.DeleteFunc(with, func(dir string) bool { return dir == p.Rel(best.Root) })
	for _, dir := range dirs[min(len(dirs), mostServers):] {
		others = append(others, p.Rel(dir))
	}
	if len(others) > 0 {
		best.Diagnostics = append(best.Diagnostics, eval.Diagnostic{
			Rule: "several-servers", At: syntax.Position{File: p.Rel(best.Root) + "/package.json", Line: 1, Column: 1},
			Message: "the workspace has several servers, and this is the one with most operations; others are in " + strings.Join(others, ", "),
			Hint:    "give the directory of the one that is meant",
		})
	}
	return best, nil
}
