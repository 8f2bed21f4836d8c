package expect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/problem"
)

// TargetObjective is an objective of one of several targets, or of each of them.
type TargetObjective struct {
	name      string // "*": of each
	objective *Objective
}

const targetHint = "write --slo-for 'GET /users=p99<100ms,errors<1%' with a name of the report's TARGETS, or '*=p99<300ms' for each"

// ParseTargetObjective reads "GET /users=p99<100ms,errors<1%". names are the
// targets that there are.
func ParseTargetObjective(text string, names []string) (*TargetObjective, error) {
	t := &TargetObjective{}
	list := ""
	for _, name := range append([]string{"*"}, names...) {
		// A name may hold a = itself: the longest that fits is meant.
		if rest, ok := strings.CutPrefix(text, name+"="); ok && len(name) > len(t.name) {
			t.name, list = name, rest
		}
	}
	if t.name == "" {
		name, _, ok := strings.Cut(text, "=")
		if !ok {
			return nil, problem.New(targetHint, "--slo-for %q has no NAME=", text)
		}
		return nil, problem.New("the targets are "+few(names), "--slo-for %q: no target is called %q", text, name)
	}
	var err error
	if t.objective, err = ParseObjective(list); err != nil {
		return nil, err
	}
	if !t.objective.OfCells() {
		return nil, problem.New("p50 to p99.99, mean, max, errors and success as a share, rate and throughput are", "--slo-for %q: one of these metrics is not known of each target", text)
	}
	return t, nil
}

// few lists names, some of many.
func few(names []string) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	if len(names) > 8 {
		return strings.Join(names[:8], ", ") + fmt.Sprintf(" and %d more", len(names)-8)
	}
	return strings.Join(names, ", ")
}

// Judge checks the targets that are meant. Their response times are known in
// steps of about 3 %.
func (t *TargetObjective) Judge(r *result.Result) []Check {
	var checks []Check
	for k, name := range r.Run.Names {
		if t.name != "*" && t.name != name {
			continue
		}
		of := r
		switch {
		case len(r.Record.Targets) == len(r.Run.Names):
			of = &result.Result{Run: r.Run, Record: record.OfCells([]*record.Cell{&r.Record.Targets[k].Cell})}
		case len(r.Run.Names) > 1:
			return append(checks, Check{Name: t.name + ": " + t.objective.String(), Want: "kept", Got: "too many targets to tell apart"})
		}
		for _, c := range t.objective.Judge(of) {
			c.Name = name + ": " + c.Name
			checks = append(checks, c)
		}
	}
	if len(checks) == 0 {
		checks = append(checks, Check{Name: t.name + ": " + t.objective.String(), Want: "kept", Got: "the run has no such target"})
	}
	return checks
}
