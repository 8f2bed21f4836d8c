package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/nplusone"
	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

// topQueries is how many rows the tables of queries have.
const topQueries = 10

// queries are the slowest and the most-called ones: tables, and no findings.
func (a *analysis) queries() []report.Section {
	w := a.work.whole
	if w == nil || len(w.Statements) == 0 {
		return nil
	}
	total := w.Total()
	return []report.Section{
		queryTable("Queries by total time", report.Duration(total)+" in all", w.Statements, total, func(a, b *workload.Statement) int { return cmp.Compare(b.Exec, a.Exec) }),
		queryTable("Slowest queries", "by mean time", w.Statements, total, func(a, b *workload.Statement) int { return cmp.Compare(b.Mean(), a.Mean()) }),
		queryTable("Most-called queries", report.Count(len(w.Statements))+" different ones", w.Statements, total, func(a, b *workload.Statement) int { return cmp.Compare(b.Calls, a.Calls) }),
	}
}

func queryTable(heading, note string, statements []*workload.Statement, total time.Duration, order func(a, b *workload.Statement) int) report.Section {
	sorted := slices.Clone(statements)
	slices.SortStableFunc(sorted, order)
	t := report.Table{Columns: []report.Column{{Title: "Calls", Right: true}, {Title: "Mean ms", Right: true}, {Title: "Total ms", Right: true}, {Title: "Share", Right: true}, {Title: "Query"}}}
	for _, s := range sorted[:min(topQueries, len(sorted))] {
		t.Rows = append(t.Rows, []report.Cell{
			{Text: report.Count(s.Calls)}, {Text: report.Significant(ms(s.Mean()))}, {Text: report.Significant(ms(s.Exec)), Share: share(s.Exec, total)},
			{Text: report.Percent(float64(s.Exec), float64(total))}, {Text: sqlLine(s.SQL, 120)},
		})
	}
	return report.Section{Heading: heading, Note: note, Blocks: []report.Block{t}}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func share(part, whole time.Duration) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// riskSections list the loops: those that count, and apart from them what only
// may be one.
func (a *analysis) riskSections() []report.Section {
	var sure, possible []string
	for _, r := range a.risks {
		line := fmt.Sprintf("%s (no eager loading) - %s queries for each list, %s calls", relationship(r), report.Significant(r.FanOut), report.Count(r.Calls))
		if r.Time > 0 {
			line += ", " + report.Duration(r.Time)
		}
		line += ", " + r.Confidence.String()
		if r.Confidence == nplusone.Possible {
			possible = append(possible, line)
		} else {
			sure = append(sure, line)
		}
	}
	var sections []report.Section
	if len(sure) > 0 {
		sections = append(sections, report.Section{Heading: "N+1 query risks", Note: report.Count(len(sure)) + " found", Blocks: []report.Block{report.List{Items: sure}}})
	}
	if len(possible) > 0 {
		sections = append(sections, report.Section{Heading: "Possible N+1 queries", Note: report.Count(len(possible)) + ", which count for nothing", Blocks: []report.Block{report.List{Items: possible}}})
	}
	return sections
}

// relationship is the pair as the report's readers know it: users -> orders.
func relationship(r nplusone.Risk) string {
	return strings.TrimPrefix(r.ParentTable, "public.") + " -> " + strings.TrimPrefix(r.ChildTable, "public.") + " relationship"
}

// riskFindings are the loops as findings: those that are sure enough to count.
func riskFindings(risks []nplusone.Risk) []analyze.Finding {
	var all []analyze.Finding
	for _, r := range risks {
		if r.Confidence == nplusone.Possible {
			continue
		}
		f := analyze.Finding{
			Severity: analyze.Medium, Object: r.ChildTable, Queries: []string{r.Parent.ID, r.Child.ID},
			Title: fmt.Sprintf("%s of %s run for each list of %s", report.Significant(r.FanOut)+" queries", strings.TrimPrefix(r.ChildTable, "public."), strings.TrimPrefix(r.ParentTable, "public.")),
			Evidence: append(append([]string{"confidence: " + r.Confidence.String()}, r.Evidence...),
				"the list: "+sqlLine(r.Parent.SQL, 300), "the loop: "+sqlLine(r.Child.SQL, 300)),
			Advice: eagerly(r),
		}
		if s := r.Saved(); s > 0 {
			f.Evidence = append(f.Evidence, "to save: about "+report.Duration(s)+" of the server's time, and the round trips")
		}
		all = append(all, f)
	}
	return all
}

// eagerly says what to load at once.
func eagerly(r nplusone.Risk) string {
	child, column := strings.TrimPrefix(r.ChildTable, "public."), strings.Join(r.Link.Columns, ", ")
	parent := strings.TrimPrefix(r.ParentTable, "public.")
	if r.Link.Kind == nplusone.HasMany {
		return fmt.Sprintf("Load %s with %s: WHERE %s IN (the ids of the list), a join, or the ORM's eager loading (include, preload, relations).", child, parent, column)
	}
	if r.Link.Kind == nplusone.Reload && r.ChildTable == r.ParentTable {
		return fmt.Sprintf("Read all of %s that is wanted with the list, instead of each row again by %s.", parent, column)
	}
	return fmt.Sprintf("Load %s with %s: join it, WHERE %s IN (…), or the ORM's eager loading (include, preload, relations).", child, parent, column)
}

// hint says in one line what more could be seen.
func (a *analysis) hint() string {
	if a.work.missing == "" {
		return ""
	}
	return a.work.missing + ": with it come queries, N+1 risks and indexes. Set shared_preload_libraries = 'pg_stat_statements' (on RDS, Cloud SQL, Azure and Supabase it is loaded, or a parameter of the instance), restart, and CREATE EXTENSION pg_stat_statements;"
}
