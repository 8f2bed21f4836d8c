package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/observe"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/problem"
	"github.com/seniorbackend/tools/shared/report"
)

// readPast reads the analysis that --since names.
func readPast(path string) (*analyze.Past, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, problem.Wrap(err, "name a file that migrator analyze --format json has written", "cannot read %s: %v", path, reason(err))
	}
	var head struct {
		Schema  string
		Version int
		analyzeData
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, problem.Wrap(err, "name a file that migrator analyze --format json has written", "%s is no analysis: %v", path, err)
	}
	if head.Schema != "migrator.analyze" || head.Version != 1 {
		return nil, problem.New("name a file that migrator analyze --format json has written", "%s is no analysis: its schema is %q, version %d", path, head.Schema, head.Version)
	}
	return head.past(), nil
}

// compare says what changed since an earlier analysis.
func (a *analysis) compare(db *pgdb.DB, past *analyze.Past) error {
	now := a.work.whole
	if a.Watch <= 0 && past.Counters != nil && a.work.latest != nil {
		var err error
		if now, err = a.work.latest.After(past.Counters); err != nil {
			return err
		}
	}
	indexes, err := observe.Indexes(a.session.ctx, db)
	if err != nil {
		return err
	}
	a.progress = analyze.CompareWith(past, analyze.Present{
		Work: now, Indexes: indexes, Rules: analyze.Rules(), Judged: a.health.Judged, Findings: a.health.Findings, Within: a.health.Within,
		CountersReset: a.seen.Exact && a.seen.Since.After(past.At),
	})
	a.sinceNotes = sinceNotes(past, now)
	return nil
}

// sinceNotes say how far the queries of two analyses can be compared.
func sinceNotes(past *analyze.Past, now *workload.Workload) []string {
	switch {
	case past.Source == "":
		return []string{"the earlier analysis knew no queries, so nothing is said of those"}
	case now == nil:
		return []string{"this analysis knows no queries, so nothing is said of what they cost now"}
	}
	var notes []string
	if past.Source != now.Source {
		notes = append(notes, fmt.Sprintf("the queries of then are from %s, those of now from %s: they are matched by their text", past.Source, now.Source))
	}
	if now.Since.Before(past.At) && !now.Since.IsZero() && now.Source == workload.Statistics && past.Counters == nil {
		notes = append(notes, "what is said of now is since "+now.Since.UTC().Format("2006-01-02 15:04:05 UTC")+", before the earlier analysis")
	}
	return notes
}

// progressSections are what became of the advice of an earlier analysis.
func (a *analysis) progressSections() []report.Section {
	p := a.progress
	if p == nil {
		return nil
	}
	sections := []report.Section{{Heading: "Since " + p.Since.UTC().Format("2006-01-02 15:04:05 UTC"), Blocks: []report.Block{report.List{Items: a.progressLines()}}}}
	if len(p.Queries) > 0 {
		t := report.Table{Columns: []report.Column{{Title: "Before ms", Right: true}, {Title: "After ms", Right: true}, {Title: "Change", Right: true}, {Title: "Runs", Right: true}, {Title: "Query"}}}
		for _, q := range p.Queries[:min(topQueries, len(p.Queries))] {
			after, change := "-", report.Cell{Text: "-"}
			if q.Runs > 0 {
				after, change = report.Significant(ms(q.After)), changed(q.Before, q.After)
			}
			t.Rows = append(t.Rows, []report.Cell{{Text: report.Significant(ms(q.Before))}, {Text: after}, change, {Text: report.Count(q.Runs)}, {Text: sqlLine(q.Statement.SQL, 120)}})
		}
		sections = append(sections, report.Section{Heading: "Queries before and after", Note: "mean time of one run", Blocks: []report.Block{t}})
	}
	return sections
}

// changed is how many times faster or slower something is.
func changed(before, after time.Duration) report.Cell {
	switch b, n := float64(before), float64(after); {
	case b <= 0 || n <= 0:
		return report.Cell{Text: "-"}
	case n < 0.9*b:
		return report.Cell{Text: report.Significant(b/n) + "x faster", Status: report.Pass}
	case n > 1.1*b:
		return report.Cell{Text: report.Significant(n/b) + "x slower", Status: report.Warn}
	}
	return report.Cell{Text: "the same"}
}

// progressLines say of each suggestion what became of it, and count the findings.
func (a *analysis) progressLines() []string {
	p := a.progress
	var lines []string
	for _, i := range p.Indexes {
		line := fmt.Sprintf("index on %s(%s): %s", strings.TrimPrefix(i.Suggested.Table, "public."), strings.Join(i.Suggested.Columns, ", "), i.Verdict())
		if i.Index != nil {
			line += fmt.Sprintf(" (%s, %s, %s)", strings.TrimPrefix(i.Index.Name, "public."), report.Plural(i.Index.Scans, "scan", "scans"), report.Bytes(uint64(i.Index.Bytes)))
		}
		if i.Runs > 0 && i.Before > 0 {
			line += fmt.Sprintf("; its queries took %s each, and take %s", report.Duration(i.Before), report.Duration(i.After))
		}
		if i.Index != nil && i.Index.Valid && i.Index.Scans == 0 && i.Runs > 0 {
			line += "; drop it again: DROP INDEX CONCURRENTLY " + i.Index.Name
		}
		lines = append(lines, line)
	}
	counts := fmt.Sprintf("findings mended: %d, new: %d", len(p.Mended), len(p.New))
	if n := len(p.Unclear); n > 0 {
		counts += fmt.Sprintf(", not looked for again: %d", n)
	}
	lines = append(lines, counts)
	for _, f := range p.Unclear {
		lines = append(lines, "not known whether it is mended: "+f.Title+" ("+f.Reason+")")
	}
	for _, f := range p.New {
		lines = append(lines, "new: "+f.Title)
	}
	lines = append(lines, a.sinceNotes...)
	if p.Reset {
		lines = append(lines, "the statistics were reset in between: what is said of now begins there")
	}
	return lines
}

// readLog reads the queries and loops of a server's log. db is nil where no
// connection was given: tables are known then by the statements alone.
func (a *analysis) readLog(db *pgdb.DB) error {
	in := a.session.In
	if a.Log != "-" {
		f, err := os.Open(a.Log)
		if err != nil {
			return problem.Wrap(err, "name a log of the server: text, csv or JSON", "cannot read %s: %v", a.Log, reason(err))
		}
		defer f.Close()
		in = f
	}
	said := a.session.working("reading " + a.Log)
	defer said.end()
	o := workload.LogOptions{Each: a.log.Add}
	if db != nil {
		o.Database = db.Target.Database()
	}
	w, err := workload.ReadLog(in, "the log "+a.Log, o)
	if err != nil {
		return problem.Wrap(err, "set log_min_duration_statement = 0 for a while; log_line_prefix = '%m [%p] %d ' has what is needed", "%s: %v", a.Log, err)
	}
	a.work.whole, a.work.windows = w, []*workload.Workload{w}
	return nil
}
