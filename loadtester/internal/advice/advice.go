package advice

import (
	"slices"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// DefaultGoal is the p99 that a run is measured by when nothing else is asked.
const DefaultGoal = 200 * time.Millisecond

// For gives the findings of a run. goal is the wanted p99; 0 is DefaultGoal.
func For(r *result.Result, goal time.Duration) []report.Finding {
	if goal <= 0 {
		goal = DefaultGoal
	}
	v := view{Result: r, rec: r.Record, goal: goal}
	rules := []func(*view) (report.Finding, bool){
		connectFailures, generatorFailures, tlsFailures, timeouts, brokenConnections, resetStreams, malformed, serverErrors, rateLimited, authorization, clientErrors,
		saturation, rising, stalls, queueing, slowTail, bimodal, slowStart,
		keepAliveRefused, churn, slowHandshake, slowDNS, largeBodies,
		closedLoop, fewSamples,
	}
	var found []report.Finding
	if r.Record.Sent == 0 {
		return nil
	}
	for _, rule := range rules {
		if f, ok := rule(&v); ok {
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b report.Finding) int { return int(a.Severity) - int(b.Severity) })
	return found
}

// view is a run with what several rules ask of it.
type view struct {
	*result.Result
	rec  *record.Record
	goal time.Duration
}

// share is n of all requests that ended.
func (v *view) share(n int64) float64 {
	return float64(n) / float64(max(v.rec.Succeeded+v.rec.Failed, 1))
}

func (v *view) failed(classes ...record.Class) int64 {
	var n int64
	for _, c := range classes {
		n += v.rec.Errors[c]
	}
	return n
}

func (v *view) statuses(from, to int) int64 {
	var n int64
	for s := from; s <= to; s++ {
		n += v.rec.Statuses[s]
	}
	return n
}

func (v *view) latency(q float64) time.Duration { return v.rec.Latency.Quantile(q) }

// cells are those with enough answers to have a median, and their positions.
func (v *view) cells() (cells []*record.Cell, at []int) {
	for i, c := range v.rec.Series.Cells {
		if c != nil && c.Count() >= 5 {
			cells, at = append(cells, c), append(at, i)
		}
	}
	return cells, at
}

// steady says that the plan's rate does not change, so that a change over time
// is the server's.
func (v *view) steady() bool {
	cells, _ := v.cells()
	if len(cells) < 6 {
		return false
	}
	if v.Run.Closed() {
		return true
	}
	inner := cells[1 : len(cells)-1]
	low, high := inner[0].Sent, inner[0].Sent
	for _, c := range inner {
		low, high = min(low, c.Sent), max(high, c.Sent)
	}
	return float64(high) <= 1.3*float64(low)+10
}

func of(n, whole int64) string {
	return report.Count(n) + " (" + report.Percent(float64(n), float64(whole)) + ")"
}

func ended(v *view) int64 { return v.rec.Succeeded + v.rec.Failed }
