package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/shared/report"
)

// report prints the advice. With -o - standard output is the migration's.
func (a *advice) report() error {
	w := a.session.Out
	if a.Output == "-" {
		w = a.session.Err
	}
	if a.Format == string(report.Text) {
		for _, f := range a.written {
			fmt.Fprintf(w, "Generated %s: %s\n", f.Kind, f.Path)
		}
		if len(a.written) > 0 {
			fmt.Fprintln(w)
		}
	}
	return a.session.publish(w, a.Format, func(w io.Writer, form string, o report.Options) error {
		return report.Write(w, a.model(report.Format(form)), report.Format(form), o)
	})
}

func (a *advice) model(format report.Format) *report.Report {
	r := &report.Report{
		Schema: "migrator.suggest-indexes", Version: 1, Tool: a.session.info.Short(), Title: "Index Advice",
		Head:    [][]report.Fact{{{Label: "Database", Value: a.db.Target.String()}}, {{Label: "Workload", Value: a.source()}}},
		Data:    a.data(),
		Verdict: report.Verdict{Status: report.Pass, Word: "NOTHING TO ADD", Text: a.summary()},
	}
	switch {
	case len(a.result.Suggestions) > 0:
		r.Head = append(r.Head, []report.Fact{{Label: "Room", Value: a.room()}})
		r.Verdict.Status, r.Verdict.Word = report.Warn, "INDEXES MISSING"
	case a.blind():
		r.Verdict.Status, r.Verdict.Word = report.Warn, "NOT JUDGED"
	}
	for n, g := range a.result.Suggestions {
		r.Sections = append(r.Sections, a.section(n+1, g))
	}
	if format != report.Text && format != report.Markdown && format != report.HTML {
		for _, g := range a.result.Suggestions { // the other forms have no sections
			r.Findings = append(r.Findings, report.Finding{
				Rule: analyze.MissingIndex, Severity: report.Warning, Title: fmt.Sprintf("an index on %s is missing", g.Index.Table),
				Evidence: modelled(g, "saves "+a.saved(g), "size: about "+report.Bytes(uint64(g.Size))), Command: g.SQL() + ";", Language: "sql",
			})
		}
	}
	a.rest(r)
	r.Method = append(r.Method, report.Fact{Label: "Costs", Value: a.result.Method})
	return r
}

// room is what all suggestions take, beside the tables.
func (a *advice) room() string {
	sum := int64(0)
	for _, g := range a.result.Suggestions {
		sum += g.Size
	}
	return fmt.Sprintf("about %s for %s; the tables take %s", report.Bytes(uint64(sum)), report.Plural(len(a.result.Suggestions), "index", "indexes"), report.Bytes(uint64(a.result.Tables)))
}

// rest shows the indexes that could go, what was not looked at, and notes.
func (a *advice) rest(r *report.Report) {
	if list := a.unneeded(); len(list) > 0 {
		var rows [][]report.Cell
		for _, u := range list {
			rows = append(rows, report.Row(u.Index.Name, u.Table.String(), report.Bytes(uint64(u.Index.Bytes)), u.Reason))
		}
		r.Sections = append(r.Sections, report.Section{Heading: "Indexes that could go", Note: report.Count(len(list)), Blocks: []report.Block{
			report.Table{Columns: []report.Column{{Title: "Index"}, {Title: "Table"}, {Title: "Size", Right: true}, {Title: "Why"}}, Rows: rows},
		}})
	}
	if list := a.result.Refused; len(list) > 0 {
		var rows [][]report.Cell
		const most = 10
		for i, u := range list {
			if i == most {
				rows = append(rows, report.Row("", fmt.Sprintf("and %d more", len(list)-most)))
				break
			}
			rows = append(rows, report.Row(sqlLine(u.Statement.SQL, 80), u.Reason))
		}
		r.Sections = append(r.Sections, report.Section{Heading: "Not looked at", Note: report.Count(len(list)), Folded: true, Blocks: []report.Block{
			report.Table{Columns: []report.Column{{Title: "Statement"}, {Title: "Why"}}, Rows: rows},
		}})
	}
	if len(a.notes) > 0 {
		r.Sections = append(r.Sections, report.Section{Heading: "Notes", Blocks: []report.Block{report.List{Items: a.notes}}})
	}
}

// unneeded are the indexes that could go.
func (a *advice) unneeded() []advise.Unneeded { return a.result.Unneeded() }

// source says where the workload comes from, and since when.
func (a *advice) source() string {
	w := a.workload
	text := fmt.Sprintf("%s, %s", w.Source, report.Plural(len(w.Statements), "statement", "statements"))
	if !w.Since.IsZero() {
		text += ", since " + w.Since.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return text
}

// section shows one suggestion.
func (a *advice) section(n int, g *advise.Suggestion) report.Section {
	facts := report.Facts{
		{Label: "Saves", Value: a.saved(g)},
		{Label: "Size", Value: "about " + report.Bytes(uint64(g.Size))},
	}
	if g.Modelled != "" {
		facts = append(facts, report.Fact{Label: "Saving and size", Value: g.Modelled})
	}
	if g.Upkeep > 0 {
		facts = append(facts, report.Fact{Label: "Costs", Value: "about " + period(g.Upkeep) + " when rows are written"})
	}
	blocks := []report.Block{
		facts,
		report.Code{Language: "sql", Text: g.SQL() + ";\n"},
	}
	if g.Index.Table.Kind == advise.Partitioned {
		blocks = append(blocks, report.Prose(partitionedLock))
	}
	blocks = append(blocks, a.servedTable(g))
	if a.Explain {
		blocks = append(blocks, plans(g)...)
	}
	return report.Section{Heading: fmt.Sprintf("Suggestion %d", n), Note: g.Index.Table.String(), Blocks: blocks}
}

// servedTable are the queries that a suggestion serves, with the planner's cost as
// things are and with the index.
func (a *advice) servedTable(g *advise.Suggestion) report.Table {
	t := report.Table{Columns: []report.Column{{Title: "Calls", Right: true}, {Title: "Mean ms", Right: true}, {Title: "Cost", Right: true}, {Title: "With it", Right: true}, {Title: "Query"}}}
	row := func(calls, mean, before, after, query string) {
		if a.result.Timed {
			t.Rows = append(t.Rows, report.Row(calls, mean, before, after, query))
		} else {
			t.Rows = append(t.Rows, report.Row(calls, before, after, query))
		}
	}
	if !a.result.Timed {
		t.Columns = slices.Delete(t.Columns, 1, 2)
	}
	const most = 5
	for i, s := range g.Served {
		if i == most {
			row("", "", "", "", fmt.Sprintf("and %d more", len(g.Served)-most))
			break
		}
		row(report.Count(s.Query.Statement.Calls), report.Significant(milliseconds(s.Query.Statement.Mean())), report.Significant(s.Before), report.Significant(s.After), sqlLine(s.Query.Statement.SQL, 200))
	}
	return t
}

// plans are those of the query that gains most, before and after.
func plans(g *advise.Suggestion) []report.Block {
	s := g.Served[0]
	return []report.Block{
		report.Prose("Before: " + sqlLine(s.Query.Statement.SQL, 200)), report.Code{Language: "text", Text: shown(s.PlanBefore) + "\n"},
		report.Prose("After:"), report.Code{Language: "text", Text: shown(s.PlanAfter) + "\n"},
	}
}

func (a *advice) saved(g *advise.Suggestion) string {
	text := fmt.Sprintf("%s of the workload's time", report.Percent(g.Saved, a.result.Before))
	if a.result.Timed {
		text = period(g.Saved) + ", " + text
	}
	return text
}

// partitionedLock is what the plain statement costs on a partitioned table.
const partitionedLock = "As one statement it keeps writers out of all partitions while it is built; --output writes a migration that builds them one by one"

// modelled adds to what is said of an index that a model reckoned it, where one did.
func modelled(g *advise.Suggestion, said ...string) []string {
	if g.Modelled == "" {
		return said
	}
	return append(said, g.Modelled)
}

// period is a time that is given in milliseconds.
func period(ms float64) string { return report.Duration(time.Duration(ms * float64(time.Millisecond))) }

// reasons are the lines of a migration that say why it is there.
func (a *advice) reasons() []string {
	var lines []string
	for _, g := range a.result.Suggestions {
		lines = append(lines, strings.Join(modelled(g, fmt.Sprintf("%s: saves %s, about %s", g.Name, a.saved(g), report.Bytes(uint64(g.Size)))), ", "))
	}
	return lines
}
