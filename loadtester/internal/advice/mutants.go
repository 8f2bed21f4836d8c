package advice

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Mutants is the finding of a run that sent requests which break one rule each:
// those that the service took all the same.
func Mutants(r *result.Result) (report.Finding, bool) {
	if len(r.Record.Targets) != len(r.Run.Names) {
		return report.Finding{}, false
	}
	var taken []int
	sent := 0
	for k := range r.Record.Targets {
		t := &r.Record.Targets[k]
		if t.Sent > 0 {
			sent++
		}
		if s := t.Statuses[0]; s.Count > 0 && s.Status < 400 {
			taken = append(taken, k)
		}
	}
	f := report.Finding{
		Rule: "mutants-accepted", Severity: report.Error,
		Title:  fmt.Sprintf("%s of %s that break a rule of the document %s accepted", report.Count(len(taken)), report.Plural(sent, "request", "requests"), was(len(taken))),
		Advice: "The service does not check these rules, or the document says more than the service means: let one of the two follow the other.",
	}
	slices.SortStableFunc(taken, func(a, b int) int { return cmp.Compare(r.Run.Names[a], r.Run.Names[b]) })
	for _, k := range taken[:min(len(taken), 5)] {
		f.Evidence = append(f.Evidence, fmt.Sprintf("%s: HTTP %d", r.Run.Names[k], r.Record.Targets[k].Statuses[0].Status))
	}
	if more := len(taken) - len(f.Evidence); more > 0 {
		f.Evidence = append(f.Evidence, fmt.Sprintf("and %s more: the table of targets has them", report.Count(more)))
	}
	return f, len(taken) > 0
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
