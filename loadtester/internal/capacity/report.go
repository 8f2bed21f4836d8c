package capacity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/plot"
	"github.com/seniorbackend/tools/shared/report"
)

// Schema is the name of the JSON form.
const Schema = "loadtester.capacity"

// Report shows what was found.
func (o *Outcome) Report() *report.Report {
	r := &report.Report{
		Schema: Schema, Version: 1, Title: "Capacity", Head: o.head(), Verdict: o.verdict(),
		FindingsTitle: "Recommendation", Findings: o.findings(),
		Sections: []report.Section{{Heading: "Steps", Blocks: []report.Block{o.table()}}},
		Method: []report.Fact{
			{Label: "Search", Value: "the rate is doubled until the objective is missed, then bisected; a step that is missed narrowly is tried twice; one that the machine's other work disturbed is judged by the rest of it, or tried again"},
			{Label: "Kept", Value: fmt.Sprintf("all of the objective, %.0f%% of the rate answered, nothing left unsent", 100*sustained)},
			{Label: "Limits", Value: "it is the capacity for these requests, from this machine, in this state of caches and data; leave room for peaks and for a failed node"},
		},
		Data: o.data(),
	}
	if p, ok := plot.Capacity(o.points(), plot.Goals(o.Objective.Bounds()), o.Rate); ok {
		r.Sections[0].Blocks = append(r.Sections[0].Blocks, p)
	}
	return r
}

func (o *Outcome) head() [][]report.Fact {
	lines := [][]report.Fact{}
	if len(o.Steps) > 0 {
		for _, t := range o.Steps[0].Result.Run.Targets {
			lines = append(lines, []report.Fact{{Label: "Target", Value: t}})
		}
	}
	return append(lines, []report.Fact{{Label: "Objective", Value: o.Objective.String()}, {Label: "Steps", Value: report.Count(len(o.Steps))}})
}

func (o *Outcome) verdict() report.Verdict {
	switch {
	case o.Interrupted:
		return report.Verdict{Status: report.Warn, Word: "INTERRUPTED", Text: fmt.Sprintf("%s/s kept the objective so far", report.Significant(o.Rate))}
	case o.Rate == 0 && o.Limited != "":
		return report.Verdict{Status: report.Fail, Word: "GENERATOR-LIMITED", Text: o.Limited}
	case o.Rate == 0:
		return report.Verdict{Status: report.Fail, Word: "NONE", Text: fmt.Sprintf("no rate keeps %s", o.Objective)}
	}
	v := report.Verdict{Status: report.Pass, Word: "CAPACITY", Text: fmt.Sprintf("%s requests a second keep %s", report.Significant(o.Rate), o.Objective)}
	if o.Above > 0 {
		v.Text += fmt.Sprintf("; %s do not", report.Significant(o.Above))
	}
	switch {
	case o.Limited != "":
		v.Status, v.Word = report.Warn, "AT LEAST"
		v.Text += "; above it the generator was the limit: " + o.Limited
	case !o.Confirmed:
		v.Status = report.Warn
		v.Text += "; a longer run did not confirm it"
	case o.Above == 0:
		v.Word = "AT LEAST"
		v.Text += "; the search ended there"
	}
	return v
}

// findings says which condition broke first above the capacity; a step below it
// that was missed has been tried again and kept.
func (o *Outcome) findings() []report.Finding {
	var broke *Step
	for i := range o.Steps {
		s := &o.Steps[i]
		if !s.Kept && !s.Repeated && s.Limited == "" && s.Rate > o.Rate && (broke == nil || s.Rate < broke.Rate) {
			broke = s
		}
	}
	if broke == nil {
		return nil
	}
	var evidence []string
	for _, c := range broke.Checks {
		if !c.Pass {
			evidence = append(evidence, fmt.Sprintf("%s: %s", c.Name, c.Got))
		}
	}
	r := broke.Result
	if r.Throughput() < sustained*broke.Rate {
		evidence = append(evidence, fmt.Sprintf("answered %s of %s requests a second", report.Significant(r.Throughput()), report.Significant(broke.Rate)))
	}
	evidence = append(evidence, fmt.Sprintf("time of the request itself p50 %s, with the wait for a connection %s", report.Duration(r.Record.Service.Quantile(.5)), report.Duration(r.Record.Latency.Quantile(.5))))
	f := report.Finding{
		Rule: "first-to-break", Severity: report.Notice, Title: fmt.Sprintf("at %s requests a second the objective breaks", report.Significant(broke.Rate)),
		Evidence: evidence,
		Advice:   "Look at what is full at that rate: CPU, a pool of connections or workers, a lock. Plan for about 70% of the capacity, for queues grow fast above it.",
	}
	return []report.Finding{f}
}

// sorted are the steps by rate.
func (o *Outcome) sorted() []Step {
	list := slices.Clone(o.Steps)
	slices.SortStableFunc(list, func(a, b Step) int { return cmp.Compare(a.Rate, b.Rate) })
	return list
}

func (o *Outcome) table() report.Table {
	t := report.Table{Columns: []report.Column{{Title: "Rate", Right: true}, {Title: "Answered", Right: true}, {Title: "p50 ms", Right: true}, {Title: "p99 ms", Right: true}, {Title: "Errors", Right: true}, {Title: "Objective"}}}
	for _, s := range o.sorted() {
		rec := s.Result.Record
		word, status := s.word()
		row := report.Row(report.Significant(s.Rate)+"/s", report.Significant(s.Result.Throughput())+"/s", ms(rec.Latency.Quantile(.5)), ms(rec.Latency.Quantile(.99)), percent(s))
		t.Rows = append(t.Rows, append(row, report.Cell{Text: word, Status: status}))
	}
	return t
}

// word says what came of a step.
func (s *Step) word() (string, report.Status) {
	word, status := "kept", report.Pass
	switch {
	case s.Repeated && s.Disturbed > 0:
		word, status = "disturbed, tried again", report.Neutral
	case s.Repeated:
		word, status = "missed narrowly, tried again", report.Neutral
	case !s.Kept:
		word, status = "missed: "+s.why(), report.Fail
	}
	if s.Quiet {
		word += ", without disturbed time"
	}
	if s.Confirmation {
		word += " (confirmation)"
	}
	return word, status
}

// why names what a step missed.
func (s *Step) why() string {
	var list []string
	for _, c := range s.Checks {
		if !c.Pass {
			list = append(list, c.Name)
		}
	}
	switch {
	case s.Limited != "":
		return "the generator was the limit"
	case len(list) == 0:
		return "the rate was not sustained"
	}
	return strings.Join(list, ", ")
}

func ms(d time.Duration) string { return report.Significant(float64(d) / 1e6) }

func errorShare(s Step) float64 {
	rec := s.Result.Record
	return float64(rec.Failed) / float64(max(rec.Failed+rec.Succeeded, 1))
}

func percent(s Step) string {
	if s.Result.Record.Failed == 0 {
		return "0%"
	}
	return report.Percent(errorShare(s), 1)
}

func (o *Outcome) points() []plot.Step {
	var list []plot.Step
	for _, s := range o.sorted() {
		list = append(list, plot.Step{
			Rate: s.Rate, Achieved: s.Result.Throughput(), P50: s.Result.Record.Latency.Quantile(.5), P99: s.Result.Record.Latency.Quantile(.99),
			Errors: errorShare(s), Kept: s.Kept, Repeated: s.Repeated,
		})
	}
	return list
}

// Data is the JSON form.
type Data struct {
	Objective   string   `json:"objective"`
	Capacity    *float64 `json:"capacity_per_second"` // null: no rate keeps the objective
	MissedAt    *float64 `json:"missed_at_per_second"`
	Confirmed   bool     `json:"confirmed"`
	Limited     string   `json:"generator_limited,omitempty"`
	Interrupted bool     `json:"interrupted"`
	Steps       []Tried  `json:"steps"`
}

// Tried is one step.
type Tried struct {
	Rate         float64        `json:"rate"`
	Answered     float64        `json:"answered_per_second"`
	P50MS        float64        `json:"p50_ms"`
	P99MS        float64        `json:"p99_ms"`
	MaxMS        float64        `json:"max_ms"`
	ErrorPercent float64        `json:"error_percent"`
	DurationS    float64        `json:"duration_s"`
	Kept         bool           `json:"kept"`
	Confirmation bool           `json:"confirmation"`
	DisturbedS   float64        `json:"disturbed_s"` // the generator itself was late
	Quiet        bool           `json:"judged_without_disturbed"`
	Repeated     bool           `json:"repeated"` // nothing was concluded from it
	Checks       []expect.Check `json:"checks"`
}

func (o *Outcome) data() *Data {
	d := &Data{Objective: o.Objective.String(), Confirmed: o.Confirmed, Limited: o.Limited, Interrupted: o.Interrupted, Steps: []Tried{}}
	if o.Rate > 0 {
		d.Capacity = &o.Rate
	}
	if o.Above > 0 {
		d.MissedAt = &o.Above
	}
	for _, s := range o.Steps {
		rec := s.Result.Record
		d.Steps = append(d.Steps, Tried{
			Rate: s.Rate, Answered: s.Result.Throughput(), P50MS: float64(rec.Latency.Quantile(.5)) / 1e6, P99MS: float64(rec.Latency.Quantile(.99)) / 1e6,
			MaxMS: float64(rec.Latency.Max()) / 1e6, ErrorPercent: 100 * errorShare(s), DurationS: s.Result.Run.Sending.Seconds(),
			Kept: s.Kept, Confirmation: s.Confirmation, DisturbedS: s.Disturbed.Seconds(), Quiet: s.Quiet, Repeated: s.Repeated, Checks: s.Checks,
		})
	}
	return d
}
