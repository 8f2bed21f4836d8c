package analyze

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

// Estimate is how many rows the planner expects of a statement that reads one
// table.
type Estimate struct {
	Statement *workload.Statement
	Table     string   // as schema.table, quoted where it must be
	Columns   []string // that its conditions fix, quoted where they must be
	Rows      float64  // expected of one run
}

func misestimatedRows() Rule {
	return Rule{
		ID: MisestimatedRows, Group: groupQueries, Worst: Medium, FromQueries: true,
		Says:   "The planner expects ten times as many rows of a statement as it returns, or a tenth.",
		Why:    "From wrong numbers of rows come wrong plans: loops over thousands of rows, and whole tables read for a few.",
		Mend:   "CREATE STATISTICS schema.name ON column, column FROM schema.table; ANALYZE schema.table;",
		Judged: "Of statements that read one table without LIMIT or GROUP BY. Conditions on several columns that depend on each other want CREATE STATISTICS, those on one a higher statistics target.",
		Limits: []Limit{{"min_calls", 20, "calls"}, {"times", 10, "times off"}, {"min_rows", 100, "rows, expected or returned"}},
		estimates: func(list []Estimate, l limits) []Finding {
			var found []Finding
			for _, e := range list {
				if e.Statement.Calls == 0 {
					continue
				}
				actual := float64(e.Statement.Rows) / float64(e.Statement.Calls)
				less, more := min(actual, e.Rows), max(actual, e.Rows)
				if float64(e.Statement.Calls) < l["min_calls"] || more < l["min_rows"] || more < l["times"]*max(less, 1) {
					continue
				}
				found = append(found, misestimate(e, actual))
			}
			return found
		},
	}
}

func misestimate(e Estimate, actual float64) Finding {
	f := Finding{
		Severity: Medium, Object: e.Table, Title: "the planner expects " + report.Significant(e.Rows) + " rows of a query of " + short(e.Table) + ", and gets " + report.Significant(actual),
		Evidence: []string{report.Plural(e.Statement.Calls, "call", "calls"), oneLine(e.Statement.SQL, 300)},
		Mend:     "ANALYZE " + e.Table + ";", Queries: []string{e.Statement.ID},
	}
	switch {
	case len(e.Columns) > 1:
		schema, _, _ := strings.Cut(e.Table, ".")
		f.Mend = fmt.Sprintf("CREATE STATISTICS %s.%s ON %s FROM %s;\nANALYZE %[4]s;", schema, statisticsName(e), strings.Join(e.Columns, ", "), e.Table)
	case len(e.Columns) == 1:
		f.Mend = fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET STATISTICS 1000;\nANALYZE %[1]s;", e.Table, e.Columns[0])
	}
	return f
}

var odd = regexp.MustCompile(`[^a-z0-9_]+`)

// statisticsName is a name that needs no quotes; versions before 16 want one.
func statisticsName(e Estimate) string {
	_, table, _ := strings.Cut(e.Table, ".")
	name := odd.ReplaceAllString(strings.ToLower(table+"_"+strings.Join(e.Columns, "_")), "")
	return strings.TrimRight(name[:min(len(name), 57)], "_") + "_stats"
}

// Estimates judges what the planner expects, by the rules that are about it.
func (j *Judgement) Estimates(rules []Rule, list []Estimate) {
	for i := range rules {
		if r := &rules[i]; r.estimates != nil {
			j.Judged = append(j.Judged, r.ID)
			for _, f := range r.estimates(list, r.limits()) {
				j.Add([]Finding{r.stamped(f)})
			}
		}
	}
}
