package analyze

import (
	"fmt"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

const groupQueries = "Queries"

// Rules whose findings are made of what the advice and the search for loops say.
const (
	MissingIndex     = "missing-index"
	NPlusOne         = "n-plus-one"
	MisestimatedRows = "misestimated-rows"
)

func queryRules() []Rule {
	return []Rule{missingIndexes(), nPlusOne(), misestimatedRows(), planningCost()}
}

func missingIndexes() Rule {
	return Rule{
		ID: MissingIndex, Group: groupQueries, Worst: High, FromQueries: true,
		Says:   "Queries would take less time with an index that is not there.",
		Why:    "Without it the server reads far more rows than the queries want.",
		Mend:   "CREATE INDEX CONCURRENTLY name ON schema.table (columns);",
		Judged: "Medium, low where it saves less than 5 % of the workload's time; where it also mends the finding of another rule, as bad as that. The limits are those of suggest-indexes without flags.",
	}
}

func nPlusOne() Rule {
	return Rule{
		ID: NPlusOne, Group: groupQueries, Worst: Medium, FromQueries: true,
		Says:   "A query is sent again for each row of a list.",
		Why:    "Each query of a loop pays a round trip, and the page waits for all of them: one query can fetch what belongs to every row.",
		Mend:   "-- load what belongs to the rows with the list: a join, IN (…), or the ORM's eager loading",
		Judged: "Confirmed and likely loops are findings; possible ones are listed apart. --watch or --log tells most.",
	}
}

func planningCost() Rule {
	return Rule{
		ID: "planning-cost", Group: groupQueries, Worst: Medium, FromQueries: true,
		Says:   "A statement takes longer to plan than to run.",
		Why:    "It is planned at each call: the driver does not prepare it, or the plan is thrown away; many partitions, joins or indexes make planning long.",
		Mend:   "-- prepare the statement once for each connection, or let the pooler keep prepared statements",
		Judged: "Low below medium_ms of planning in all. Needs pg_stat_statements with track_planning = on, which costs a little.",
		Limits: []Limit{{"min_calls", 100, "calls"}, {"min_ms", 50, "ms of planning"}, {"medium_ms", 10000, "ms of planning"}},
		unable: func(w *workload.Workload) string {
			if slices.ContainsFunc(w.Statements, func(s *workload.Statement) bool { return s.Plans > 0 }) {
				return ""
			}
			return "the time of planning is not counted (pg_stat_statements.track_planning)"
		},
		judge: func(w *workload.Workload, l limits) []Finding {
			var found []Finding
			for _, s := range w.Statements {
				ms := float64(s.Plan) / float64(time.Millisecond)
				if s.Plans == 0 || s.Plan <= s.Exec || float64(s.Calls) < l["min_calls"] || ms < l["min_ms"] {
					continue
				}
				severity := Low
				if ms >= l["medium_ms"] {
					severity = Medium
				}
				found = append(found, Finding{
					Severity: severity, Object: "query " + s.ID, Title: "planning takes longer than running: " + oneLine(s.SQL, 60),
					Evidence: []string{fmt.Sprintf("planning: %s in all, running: %s, calls: %s, planned: %s",
						report.Duration(s.Plan), report.Duration(s.Exec), report.Count(s.Calls), report.Plural(s.Plans, "time", "times")), oneLine(s.SQL, 500)},
					Queries: []string{s.ID},
					Advice:  "Prepare it once for each connection (most drivers can), with plan_cache_mode = auto.",
				})
			}
			return found
		},
	}
}
