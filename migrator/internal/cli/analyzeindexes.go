package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/analyze"
	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/whatif"
	"github.com/seniorbackend/tools/shared/report"
)

// advise looks for the indexes that the queries lack.
func (a *analysis) advise(db *pgdb.DB) error {
	planner, err := whatif.Open(a.session.ctx, db, whatif.Options{})
	if err != nil {
		return err
	}
	a.advice, err = advise.Run(a.session.ctx, planner, a.work.whole, advise.Options{})
	return errors.Join(err, planner.Close())
}

// estimates are what the planner expects of the statements that read one table and
// return what they find.
func (a *analysis) estimates() []analyze.Estimate {
	var all []analyze.Estimate
	for _, q := range a.advice.Queries {
		if q.Verb != "select" || len(q.Mentions) != 1 || q.Before == nil {
			continue
		}
		use, table := q.Mentions[0].Use, q.Mentions[0].Table
		if use.Limit || len(use.Group) > 0 || use.Level > 0 || table == nil {
			continue
		}
		e := analyze.Estimate{Statement: q.Statement, Table: catalog.Quote(table.Schema) + "." + catalog.Quote(table.Name), Rows: q.Before.Rows}
		for _, c := range use.EqualColumns() {
			e.Columns = append(e.Columns, catalog.Quote(c))
		}
		all = append(all, e)
	}
	return all
}

// suggestions are the indexes to make, the most worthy first.
func (a *analysis) suggestions() []*advise.Suggestion {
	if a.advice == nil {
		return nil
	}
	return a.advice.Suggestions
}

// indexSections are the missing indexes, as the queries feel them.
func (a *analysis) indexSections() []report.Section {
	if len(a.suggestions()) == 0 {
		return nil
	}
	var items []string
	for _, g := range a.suggestions() {
		t := served(g)
		line := fmt.Sprintf("%s.%s - ", tableName(g), strings.Join(keys(g), ", "))
		if a.advice.Timed {
			line += fmt.Sprintf("%s avg query time, ADD INDEX recommended: %s, %s in all, saves %s of all query time", period(t.mean()), report.Plural(t.calls, "call", "calls"), period(t.ms), report.Percent(g.Saved, a.advice.Before))
		} else {
			line += fmt.Sprintf("ADD INDEX recommended: %s, saves %s of the planner's cost", report.Plural(t.calls, "call", "calls"), report.Percent(g.Saved, a.advice.Before))
		}
		items = append(items, strings.Join(modelled(g, line), ", "))
	}
	return []report.Section{{Heading: "Missing indexes", Note: report.Count(len(items)) + " found", Blocks: []report.Block{report.List{Items: items}}}}
}

// migrationSections are the statements that would make them.
func (a *analysis) migrationSections() []report.Section {
	if len(a.suggestions()) == 0 {
		return nil
	}
	var items []string
	var sql strings.Builder
	for _, g := range a.suggestions() {
		kind := "index"
		if len(g.Index.Keys) > 1 {
			kind = "composite index"
		}
		items = append(items, fmt.Sprintf("Add %s on %s(%s), about %s", kind, tableName(g), strings.Join(keys(g), ", "), report.Bytes(uint64(g.Size))))
		sql.WriteString(g.SQL() + ";\n")
	}
	return []report.Section{{Heading: "Suggested migrations", Blocks: []report.Block{
		report.List{Ordered: true, Items: items}, report.Code{Language: "sql", Text: sql.String()},
		report.Prose("migrator suggest-indexes --output migrations/ writes them as a migration with its rollback."),
	}}}
}

func tableName(g *advise.Suggestion) string {
	if g.Index.Table.Schema == "public" {
		return g.Index.Table.Name
	}
	return g.Index.Table.Schema + "." + g.Index.Table.Name
}

// keys are what an index is ordered by, without what it only carries.
func keys(g *advise.Suggestion) []string {
	var all []string
	for _, k := range g.Index.Keys {
		if k.Column != "" {
			all = append(all, k.Column)
		} else {
			all = append(all, k.Expr)
		}
	}
	return all
}

// calls are the runs of the queries that an index serves.
type calls struct {
	calls int64
	ms    float64
}

func (c calls) mean() float64 { return c.ms / float64(max(c.calls, 1)) }

func served(g *advise.Suggestion) calls {
	var c calls
	for _, s := range g.Served {
		c.calls += s.Query.Statement.Calls
		c.ms += ms(s.Query.Statement.Exec)
	}
	return c
}

// indexFindings are the missing indexes as findings. What a health rule says of the
// same index becomes part of them.
func (a *analysis) indexFindings() []analyze.Finding {
	var all []analyze.Finding
	for _, g := range a.suggestions() {
		f := analyze.Finding{
			Severity: analyze.Medium, Object: object(g),
			Title:  fmt.Sprintf("queries of %s lack an index on (%s)", tableName(g), strings.Join(keys(g), ", ")),
			Mend:   g.SQL() + ";",
			Advice: "suggest-indexes --explain shows the plans before and after.",
		}
		if g.Index.Table.Kind == advise.Partitioned {
			f.Advice = "As one statement it keeps writers out of all partitions while it is built; suggest-indexes --output writes a migration that builds them one by one."
		}
		if a.advice.Before > 0 && g.Saved < 0.05*a.advice.Before {
			f.Severity = analyze.Low
		}
		f.Evidence = modelled(g, fmt.Sprintf("saves %s of the workload, size: about %s", report.Percent(g.Saved, a.advice.Before), report.Bytes(uint64(g.Size))))
		for _, s := range g.Served {
			f.Queries = append(f.Queries, s.Query.Statement.ID)
		}
		const most = 3
		for i, s := range g.Served {
			if i == most {
				f.Evidence = append(f.Evidence, fmt.Sprintf("and %d more queries", len(g.Served)-most))
				break
			}
			f.Evidence = append(f.Evidence, fmt.Sprintf("%s, cost %s -> %s: %s", report.Plural(s.Query.Statement.Calls, "call", "calls"),
				report.Significant(s.Before), report.Significant(s.After), sqlLine(s.Query.Statement.SQL, 200)))
		}
		for _, o := range a.mended(g) {
			f.Severity = min(f.Severity, o.Severity) // the worse one
			f.Evidence = append(append(f.Evidence, o.Title), o.Evidence...)
			f.Why += " " + o.Why
		}
		all = append(all, f)
	}
	return all
}

// mended are the findings of the health rules that a suggested index mends too.
func (a *analysis) mended(g *advise.Suggestion) []analyze.Finding {
	if g.Index.Partial() || g.Index.Method != "btree" {
		return nil
	}
	keys := make([]string, len(g.Index.Keys))
	for n, k := range g.Index.Keys {
		if k.Column != "" {
			keys[n] = catalog.Quote(k.Column)
		}
	}
	return a.health.Mended(object(g), keys)
}

// object is the name of a suggestion's table, as findings have it.
func object(g *advise.Suggestion) string {
	return catalog.Quote(g.Index.Table.Schema) + "." + catalog.Quote(g.Index.Table.Name)
}
