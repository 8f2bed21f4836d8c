package compare

import (
	"fmt"
	"math"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/plot"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Schema is the name of the JSON form.
const Schema = "loadtester.compare"

// Report shows a comparison and the checks of --fail-if, if any.
func (c *Comparison) Report(checks []expect.Check) *report.Report {
	r := &report.Report{
		Schema: Schema, Version: 1, Tool: c.B.Run.Tool, Title: "Comparison", Date: c.B.Run.Started,
		Head:    c.head(),
		Verdict: c.verdict(checks),
		Method:  c.method(),
		Data:    c.data(checks),
	}
	if len(checks) > 0 {
		r.Checks = expect.Report(checks)
		r.Sections = append(r.Sections, report.Section{Heading: "Expectations", Blocks: []report.Block{expect.Table(checks)}})
	}
	differences := report.Section{Heading: "Differences", Note: "B against A", Blocks: []report.Block{c.table()}}
	for _, p := range plot.Compare(c.A, c.B) {
		differences.Blocks = append(differences.Blocks, p)
	}
	r.Sections = append(r.Sections, differences)
	r.Sections = append(r.Sections, report.Section{Heading: "Requests", Blocks: []report.Block{c.counts()}})
	if len(c.Warnings) > 0 {
		r.Sections = append(r.Sections, report.Section{Heading: "The runs were made differently", Blocks: []report.Block{report.List{Items: c.Warnings}}})
	}
	return r
}

func (c *Comparison) head() [][]report.Fact {
	lines := [][]report.Fact{{{Label: "A", Value: name(c.A)}}, {{Label: "B", Value: name(c.B)}}}
	how := "two runs"
	switch {
	case c.Pairs == nil:
	case c.Pairs.Turns:
		how = fmt.Sprintf("in turns, %s each", report.Count(c.Blocks))
	default:
		how = "interleaved in one run"
	}
	settings := []report.Fact{{Label: "Duration", Value: fmt.Sprintf("%s and %s", seconds(c.A), seconds(c.B))}}
	if c.A.Run.Closed() {
		settings = append(settings, report.Fact{Label: "Concurrency", Value: report.Count(c.A.Run.Concurrency)})
	} else {
		settings = append(settings, report.Fact{Label: "Rate", Value: report.Significant(c.A.Run.Rate) + "/s each"})
	}
	return append(lines, append(settings, report.Fact{Label: "Measured", Value: how}))
}

func seconds(r *result.Result) string { return r.Run.Sending.Round(100 * time.Millisecond).String() }

// name is what a run tested.
func name(r *result.Result) string {
	switch n := len(r.Run.Targets); n {
	case 0:
		return "(nothing)"
	case 1:
		return r.Run.Targets[0]
	default:
		return fmt.Sprintf("%s and %d more", r.Run.Targets[0], n-1)
	}
}

func (c *Comparison) verdict(checks []expect.Check) report.Verdict {
	v := report.Verdict{Status: report.Neutral, Word: "NO DIFFERENCE SHOWN"}
	worst := c.Worst()
	switch worst {
	case Worse:
		v.Word, v.Status = "WORSE", report.Warn
	case Better:
		v.Word, v.Status = "BETTER", report.Pass
	case Unknown:
		v.Word = "NOT JUDGED"
		v.Text = "the runs are too short for an interval"
		if c.Pairs != nil && c.Blocks < fewestSwapped {
			v.Text = "both need 4 seconds or more to be judged"
			if c.Pairs.Turns {
				v.Text = fmt.Sprintf("%s are too few to be judged, %d are needed: run longer", report.Plural(c.Blocks, "turn", "turns"), fewestSwapped)
			}
		}
		if c.Pairs == nil && c.Blocks >= fewest && c.Pieces > 0 && c.Pieces < fewest-2 {
			v.Text = fmt.Sprintf("their %s follow a trend and are worth %s independent ones: run longer, or both at once", report.Plural(c.Blocks, "second", "seconds"), report.Significant(c.Pieces))
		}
	}
	first := ""
	for _, d := range c.Differences {
		if d.Verdict != worst || worst == Unknown {
			continue
		}
		if d.Metric == "p99" || first == "" {
			first = fmt.Sprintf("%s %s, %s", d.metric.label, d.metric.writeChange(d.Change), d.interval())
		}
	}
	if first != "" {
		v.Text = "B against A: " + first
	}
	if expect.Failed(checks) > 0 {
		v.Status = report.Fail
	}
	return v
}

func (c *Comparison) table() report.Table {
	t := report.Table{Columns: []report.Column{{Title: ""}, {Title: "A", Right: true}, {Title: "B", Right: true}, {Title: "Change", Right: true},
		{Title: fmt.Sprintf("%.0f%% interval", 100*Confidence), Right: true}, {Title: "Verdict"}}}
	for _, d := range c.Differences {
		m := d.metric
		verdict := string(d.Verdict)
		switch {
		case d.Verdict == Unknown || d.Note != "":
			verdict = d.Note
		case d.Verdict == NoShown:
			verdict = "none shown" // of a column that is narrow
		}
		status := map[Verdict]report.Status{Better: report.Pass, Worse: report.Fail}[d.Verdict]
		row := report.Row(m.label, m.write(d.A), m.write(d.B), m.writeChange(d.Change), d.interval())
		t.Rows = append(t.Rows, append(row, report.Cell{Text: verdict, Status: status}))
	}
	return t
}

// interval is "+3% to +5%".
func (d *Difference) interval() string {
	m := d.metric
	switch {
	case math.IsNaN(d.Low) || math.IsNaN(d.High):
		return "-"
	case math.IsInf(d.High, 1) && (math.IsInf(d.Low, -1) || m.kind != errorShare && d.Low <= -1):
		return "any" // the pairs refute none
	case math.IsInf(d.High, 1):
		return m.writeChange(d.Low) + " or more"
	}
	return m.writeChange(d.Low) + " to " + m.writeChange(d.High)
}

func (c *Comparison) counts() report.Table {
	t := report.Table{Columns: []report.Column{{Title: ""}, {Title: "Sent", Right: true}, {Title: "Answered", Right: true}, {Title: "Failed", Right: true}, {Title: "Max", Right: true}}}
	for k, r := range []*result.Result{c.A, c.B} {
		rec := r.Record
		t.Rows = append(t.Rows, report.Row([...]string{"A", "B"}[k], report.Count(rec.Sent), report.Count(rec.Answered), report.Count(rec.Failed), report.Duration(rec.Latency.Max())))
	}
	return t
}

func (c *Comparison) method() []report.Fact {
	how := "each second of both is a block; blocks are drawn anew (bootstrap) to see how far each figure moves by itself"
	limit := "a difference below 1% is not called one; eight figures are judged, each wrong in about 1 of 100 equal pairs; what changed between the two runs is not in the intervals"
	blocks := fmt.Sprintf("%s, worth %s independent ones", report.Count(c.Blocks), report.Significant(c.Pieces))
	if c.Pairs != nil {
		limit = "a difference below 1% is not called one; of 100 equal pairs about 1 has any figure called different"
		blocks = report.Count(c.Blocks)
		if c.swaps != nil && len(c.swaps.pairs) < c.Blocks {
			blocks += fmt.Sprintf(", joined to %s", report.Count(len(c.swaps.pairs)))
		}
		how = "requests alternate between A and B in random order; the labels of blocks are swapped"
		if c.Pairs.Turns {
			how = "A and B take turns in random order; the labels of each two turns are swapped"
		}
		how += fmt.Sprintf(" at random (permutation test, %s times) to see how far each figure moves if A and B are equal", report.Count(permutations))
	}
	return []report.Fact{
		{Label: "Measured by", Value: c.B.Run.Tool},
		{Label: "Statistics", Value: how},
		{Label: "Blocks", Value: blocks},
		{Label: "Limits", Value: limit},
	}
}

// Data is the JSON form.
type Data struct {
	A           Run            `json:"a"`
	B           Run            `json:"b"`
	Paired      bool           `json:"paired"` // interleaved in one run
	Turns       bool           `json:"in_turns"`
	Blocks      int            `json:"blocks"`
	Confidence  float64        `json:"confidence"`
	Outcome     string         `json:"outcome"` // better, worse, no_difference_shown, not_judged
	Differences []Row          `json:"differences"`
	Warnings    []string       `json:"warnings"`
	Checks      []expect.Check `json:"checks,omitempty"`
}

// Run names one side.
type Run struct {
	Targets     []string  `json:"targets"`
	Started     time.Time `json:"started"`
	Sent        int64     `json:"sent"`
	Failed      int64     `json:"failed"`
	DurationS   float64   `json:"duration_s"`
	Interrupted bool      `json:"interrupted"`
}

// Row is one difference. A and B are in the unit, changes in percent (of A, or
// percentage points for errors); an interval that does not exist is null.
type Row struct {
	Metric  string   `json:"metric"`
	Unit    string   `json:"unit"` // ms, per_second, percent
	A       float64  `json:"a"`
	B       float64  `json:"b"`
	Change  *float64 `json:"change_percent"`
	Low     *float64 `json:"low_percent"`
	High    *float64 `json:"high_percent"`
	Verdict string   `json:"verdict"`
	Note    string   `json:"note,omitempty"`
}

func (c *Comparison) data(checks []expect.Check) *Data {
	d := &Data{A: side(c.A), B: side(c.B), Paired: c.Pairs != nil && !c.Pairs.Turns, Turns: c.Pairs != nil && c.Pairs.Turns, Blocks: c.Blocks, Confidence: Confidence, Outcome: key(c.Worst()), Warnings: c.Warnings, Checks: checks}
	if d.Warnings == nil {
		d.Warnings = []string{}
	}
	for _, x := range c.Differences {
		unit, scale := "ms", 1e3
		switch x.metric.kind {
		case throughput:
			unit, scale = "per_second", 1
		case errorShare:
			unit, scale = "percent", 100
		}
		d.Differences = append(d.Differences, Row{
			Metric: x.Metric, Unit: unit, A: x.A * scale, B: x.B * scale,
			Change: percent(x.Change), Low: percent(x.Low), High: percent(x.High), Verdict: key(x.Verdict), Note: x.Note,
		})
	}
	return d
}

func side(r *result.Result) Run {
	return Run{r.Run.Targets, r.Run.Started.UTC(), r.Record.Sent, r.Record.Failed, r.Run.Sending.Seconds(), r.Run.Interrupted}
}

func percent(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	v *= 100
	return &v
}

func key(v Verdict) string {
	return map[Verdict]string{Better: "better", Worse: "worse", NoShown: "no_difference_shown", Unknown: "not_judged"}[v]
}
