package analyze

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
	"github.com/seniorbackend/tools/shared/report"
)

const groupQueries = "Queries"

func queryRules() []Rule { return []Rule{misestimatedRows(), planningCost()} }

func planningCost() Rule {
	return Rule{
		ID: "planning-cost", Group: groupQueries, Worst: Medium,
		Says:   "A statement takes longer to plan than to run.",
		Why:    "It is planned at each call: the driver does not prepare it, or the plan is thrown away; many partitions, joins or indexes make planning long.",
		Mend:   "-- prepare the statement once for each connection, or let the pooler keep prepared statements",
		Judged: "Low below medium_ms of planning in all. Needs pg_stat_statements with track_planning = on, which costs a little.",
		Limits: []Limit{{"min_calls", 100, "calls"}, {"min_ms", 50, "ms of planning"}, {"medium_ms", 10000, "ms of planning"}},
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
					Advice: "Prepare it once for each connection (most drivers can), with plan_cache_mode = auto.",
				})
			}
			return found
		},
	}
}
