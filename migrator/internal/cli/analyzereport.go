package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/shared/report"
)

// report prints what was found.
func (a *analysis) report() error {
	return a.session.publishTo(a.Output, a.Format, func(w io.Writer, form string, o report.Options) error {
		return report.Write(w, a.model(report.Format(form)), report.Format(form), o)
	})
}

// model is the report, in no particular form.
func (a *analysis) model(format report.Format) *report.Report {
	r := &report.Report{
		Schema: "migrator.analyze", Version: 1, Tool: a.session.info.Short(), Title: "Database Analysis Report",
		Head:    a.head(),
		Verdict: a.verdict(), FindingsTitle: "Health", Method: a.method(), Data: a.data(),
	}
	r.Sections = slices.Concat(a.progressSections(), a.indexSections(), a.riskSections(), a.migrationSections(), a.largest(), a.queries(), a.unjudged())
	r.Findings = a.findings(format)
	return r
}

func (a *analysis) head() [][]report.Fact {
	if a.seen == nil {
		return [][]report.Fact{{{Label: "Log", Value: a.target}}}
	}
	return [][]report.Fact{
		{{Label: "Database", Value: a.target}, {Label: "Server", Value: "PostgreSQL " + a.seen.Server}},
		{{Label: "Tables", Value: report.Count(a.seen.Tables)}},
		{{Label: "Total rows", Value: report.Count(a.seen.Rows)}},
	}
}

func (a *analysis) verdict() report.Verdict {
	high, medium, low := a.health.Count(analyze.High), a.health.Count(analyze.Medium), a.health.Count(analyze.Low)
	v := report.Verdict{Status: report.Pass, Word: "HEALTHY", Text: "no rule found anything"}
	if high+medium+low > 0 {
		v.Word, v.Text = "FINDINGS", fmt.Sprintf("%d high, %d medium, %d low", high, medium, low)
		v.Status = report.Warn
	}
	if high > 0 {
		v.Status = report.Fail
	}
	return v
}

// findings are the health findings; of one rule's many, those beyond --show are
// counted in one that stands for them.
func (a *analysis) findings(format report.Format) []report.Finding {
	var all []report.Finding
	shown, hidden := map[string]int{}, map[string]int{}
	total := map[string]int{}
	for _, f := range a.health.Findings {
		total[f.Rule]++
	}
	for _, f := range a.health.Findings {
		if shown[f.Rule]++; a.Show > 0 && shown[f.Rule] > a.Show && format != report.JSON && total[f.Rule] > a.Show+1 {
			hidden[f.Rule]++
			if shown[f.Rule] == total[f.Rule] {
				all = append(all, report.Finding{
					Rule: f.Rule, Severity: reportSeverity(f.Severity), Label: label(f.Severity),
					Title:  fmt.Sprintf("%s more of %s", report.Count(hidden[f.Rule]), f.Rule),
					Advice: "--show 0 shows them, --format json has all of them.",
				})
			}
			continue
		}
		all = append(all, report.Finding{
			Rule: f.Rule, Severity: reportSeverity(f.Severity), Label: label(f.Severity), Title: f.Title,
			Evidence: append([]string{"rule: " + f.Rule}, f.Evidence...), Advice: sentences(f.Why, f.Advice), Command: f.Mend, Language: "sql",
		})
	}
	return all
}

func sentences(why, advice string) string {
	if advice == "" {
		return why
	}
	return why + " " + advice
}

func reportSeverity(s analyze.Severity) report.Severity {
	return [...]report.Severity{analyze.High: report.Error, analyze.Medium: report.Warning, analyze.Low: report.Notice}[s]
}

func label(s analyze.Severity) string {
	return [...]string{analyze.High: "High", analyze.Medium: "Medium", analyze.Low: "Low"}[s]
}

// largest are the largest tables.
func (a *analysis) largest() []report.Section {
	if a.seen == nil || len(a.seen.Largest) == 0 {
		return nil
	}
	t := report.Table{Columns: []report.Column{
		{Title: "Table"}, {Title: "Rows", Right: true}, {Title: "Size", Right: true}, {Title: "Seq scans", Right: true}, {Title: "Index scans", Right: true}, {Title: "Dead rows", Right: true},
	}}
	for _, l := range a.seen.Largest {
		t.Rows = append(t.Rows, []report.Cell{
			{Text: l.Name}, {Text: report.Count(l.Rows)}, {Text: report.Bytes(uint64(l.Bytes)), Share: float64(l.Bytes) / float64(a.seen.Largest[0].Bytes)},
			{Text: report.Count(l.SequentialScans)}, {Text: report.Count(l.IndexScans)}, {Text: report.Count(l.DeadRows)},
		})
	}
	return []report.Section{{Heading: "Largest tables", Note: report.Bytes(uint64(a.seen.Bytes)) + " in all", Blocks: []report.Block{t}}}
}

// unjudged says which rules did not speak, and why.
func (a *analysis) unjudged() []report.Section {
	rules := map[string]string{} // by reason
	var reasons []string
	for _, u := range a.health.Unjudged {
		if rules[u.Reason] == "" {
			reasons = append(reasons, u.Reason)
			rules[u.Reason] = u.Rule
		} else {
			rules[u.Reason] += ", " + u.Rule
		}
	}
	var items []string
	for _, reason := range reasons {
		items = append(items, rules[reason]+": "+reason)
	}
	if h := a.hint(); h != "" {
		items = append(items, h)
	}
	if len(items) == 0 {
		return nil
	}
	return []report.Section{{Heading: "Not judged", Note: report.Count(len(items)), Blocks: []report.Block{report.List{Items: items}}}}
}

func (a *analysis) method() []report.Fact {
	if a.seen == nil {
		return []report.Fact{{Label: "Queries", Value: a.window()}, {Label: "Tables", Value: "as the statements name them; --connection tells their keys"}, {Label: "Tool", Value: a.session.info.Short()}}
	}
	since := "unknown"
	if !a.seen.Since.IsZero() {
		since = a.seen.Since.UTC().Format("2006-01-02 15:04:05 UTC")
		if !a.seen.Exact {
			since += " or earlier"
		}
	}
	facts := []report.Fact{
		{Label: "Statistics since", Value: since},
		{Label: "Queries", Value: a.window()},
		{Label: "Rows and sizes", Value: "the server's own estimates; no table was read"},
		{Label: "Tool", Value: a.session.info.Short()},
	}
	if a.advice != nil {
		facts = append(facts, report.Fact{Label: "Gain of indexes", Value: a.advice.Method})
	}
	return facts
}

// window says which queries the report is about, and where loops were looked for
// in a part of them only.
func (a *analysis) window() string {
	text := a.asked()
	if kept, all := a.log.Kept(); kept < all {
		text += fmt.Sprintf("; N+1 queries were looked for in the first %s of %s", report.Count(kept), report.Count(all))
	}
	return text
}

func (a *analysis) asked() string {
	w := a.work.whole
	switch {
	case w == nil:
		return "none: " + a.work.missing
	case a.Watch > 0:
		text := fmt.Sprintf("those of %s, in %s", report.Duration(w.Until.Sub(w.Since)), report.Plural(len(a.work.windows), "window", "windows"))
		if a.work.resets > 0 {
			text += "; the statistics were reset meanwhile, and what was counted between a reading and the reset is lost"
		}
		return text
	case w.Since.IsZero():
		return w.Source
	}
	return w.Source + ", since " + w.Since.UTC().Format("2006-01-02 15:04:05 UTC")
}
