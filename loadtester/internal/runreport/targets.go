package runreport

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Target is one of several targets in the JSON form. Its latencies are read from
// a coarser distribution than the run's: to about 3 %.
type Target struct {
	Name      string           `json:"name"`
	Target    string           `json:"target"`
	Completed int64            `json:"completed"` // ended, with a response or without
	Succeeded int64            `json:"succeeded"`
	Failed    int64            `json:"failed"`
	MeanMS    float64          `json:"mean_ms"`
	P50MS     float64          `json:"p50_ms"`
	P90MS     float64          `json:"p90_ms"`
	P99MS     float64          `json:"p99_ms"`
	MaxMS     float64          `json:"max_ms"`
	Statuses  map[string]int64 `json:"statuses"`
	Errors    map[string]int64 `json:"errors,omitempty"`
}

// targets are those of the run, in its order; none where they were not told apart.
func targets(r *result.Result) []Target {
	if len(r.Record.Targets) != len(r.Run.Names) || len(r.Run.Targets) != len(r.Run.Names) {
		return nil
	}
	list := make([]Target, 0, len(r.Record.Targets))
	for k := range r.Record.Targets {
		t := &r.Record.Targets[k]
		out := Target{
			Name: r.Run.Names[k], Target: r.Run.Targets[k], Completed: t.Sent, Succeeded: t.Succeeded, Failed: t.Failed,
			MeanMS: ms(t.Mean()), P50MS: ms(t.Quantile(.5)), P90MS: ms(t.Quantile(.9)), P99MS: ms(t.Quantile(.99)), MaxMS: ms(t.Max()),
			Statuses: map[string]int64{},
		}
		for _, s := range t.Statuses {
			if s.Count > 0 {
				out.Statuses[statusName(s.Status)] = s.Count
			}
		}
		for class, n := range t.Errors {
			if c := record.Class(class); n > 0 && c < record.Status429 {
				if out.Errors == nil {
					out.Errors = map[string]int64{}
				}
				out.Errors[c.Key()] = int64(n)
			}
		}
		list = append(list, out)
	}
	return list
}

func statusName(status int) string {
	if status == 0 {
		return "other"
	}
	return strconv.Itoa(status)
}

// mostRows bounds the table; the JSON form has all.
const mostRows = 20

// byTarget is the table of the targets: those with failures first.
func byTarget(r *result.Result) report.Section {
	list := targets(r)
	if len(list) == 0 {
		return report.Section{}
	}
	if len(list) > mostRows {
		slices.SortStableFunc(list, func(a, b Target) int { return -cmp.Compare(a.Failed, b.Failed) })
	}
	t := report.Table{Columns: []report.Column{{Title: "Target"}, {Title: "Requests", Right: true}, {Title: "Failed", Right: true}, {Title: "P50", Right: true}, {Title: "P99", Right: true}, {Title: "Answers"}}}
	for _, row := range list[:min(len(list), mostRows)] {
		cells := report.Row(row.Name, report.Count(row.Completed), report.Count(row.Failed), report.Significant(row.P50MS), report.Significant(row.P99MS), answers(&row))
		if row.Failed > 0 {
			cells[2].Status = report.Fail
		}
		t.Rows = append(t.Rows, cells)
	}
	s := report.Section{Heading: "Targets", Note: "times in ms", Blocks: []report.Block{t}}
	if rest := list[min(len(list), mostRows):]; len(rest) > 0 {
		failed := 0
		for _, row := range rest {
			if row.Failed > 0 {
				failed++
			}
		}
		s.Blocks = append(s.Blocks, report.Prose(fmt.Sprintf("And %s more, %s of them with failures: all are in --format json.", report.Count(len(rest)), report.Count(failed))))
	}
	return s
}

// answers are a target's statuses and causes of failure in a few words.
func answers(t *Target) string {
	var parts []string
	for _, counts := range []map[string]int64{t.Statuses, t.Errors} {
		var keys []string
		for key := range counts {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			word := strings.ReplaceAll(key, "_", " ")
			if len(t.Statuses)+len(t.Errors) > 1 {
				word += fmt.Sprintf(" (%s)", report.Count(counts[key]))
			}
			parts = append(parts, word)
		}
	}
	return strings.Join(parts, ", ")
}
