package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// hazardKinds are the words of --allow.
var hazardKinds = []lint.Kind{
	lint.DataLoss, lint.Rewrite, lint.Scan, lint.BlocksReads, lint.BlocksWrites, lint.IndexBuild,
	lint.Correctness, lint.Permissions, lint.MayFail, lint.Irreversible,
}

func joinKinds(kinds []lint.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

// hazardOf is a hazard with the statement that has it.
type hazardOf struct {
	lint.Hazard
	statement plan.Statement
}

func hazards(p *plan.Plan) []hazardOf {
	var all []hazardOf
	for _, s := range p.Segments {
		for _, st := range s.Statements {
			for _, h := range st.Hazards {
				all = append(all, hazardOf{h, st})
			}
		}
	}
	return all
}

// notAllowed are the hazards that need a word from the user: what loses data.
func notAllowed(p *plan.Plan, allowed []string) []hazardOf {
	if slices.Contains(allowed, "all") || slices.Contains(allowed, string(lint.DataLoss)) {
		return nil
	}
	var found []hazardOf
	for _, h := range hazards(p) {
		if h.Kind == lint.DataLoss {
			found = append(found, h)
		}
	}
	return found
}

// refused is a migration that is not written because of its hazards.
func refused(blocked []hazardOf) error {
	first := blocked[0]
	more := ""
	if n := len(blocked) - 1; n > 0 {
		more = fmt.Sprintf(" (and %s more)", report.Count(int64(n)))
	}
	object := first.statement.Object
	if losses := first.statement.Losses(); len(losses) > 0 {
		object = losses[0]
	}
	return problem.New("if that is meant, add --allow data-loss", "the migration would lose data: %s: %s%s; nothing was written",
		object, first.Message, more).Exit(problem.Failed)
}

// oneWay is a migration that is not written because its rollback does not undo
// all of it.
func oneWay(why []string) error {
	more := ""
	if n := len(why) - 1; n > 0 {
		more = fmt.Sprintf(" (and %s more)", report.Count(int64(n)))
	}
	return problem.New("if that is meant, add --allow irreversible", "the migration holds, but its rollback does not undo all of it: %s%s; nothing was written",
		why[0], more).Exit(problem.Failed)
}
