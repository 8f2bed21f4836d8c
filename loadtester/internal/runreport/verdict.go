package runreport

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Verdict says whether the figures are the server's, or the generator's own.
type Verdict struct {
	Valid   bool
	Word    string   // "VALID", "GENERATOR-LIMITED", "INTERRUPTED", "ABORTED"
	Reasons []string // why the generator was the limit
}

// The bounds beyond which the generator itself is part of what was measured. Its
// own lag is a part of the latency (which counts from the intended time), so what
// matters is its share; the floors keep microseconds from mattering beside
// microseconds.
const (
	lagShare     = 0.25
	fewest       = 10 // requests that lateness can be a rule of
	medianFloor  = time.Millisecond
	tailFloor    = 10 * time.Millisecond
	starvedShare = 0.5  // of a closed loop without the CPU that it wanted
	busyShare    = 0.95 // a loop that is this busy has nothing left
)

// Judge looks at the generator's own figures.
func Judge(r *result.Result) Verdict {
	var reasons []string
	g, rec := &r.Generator, r.Record
	if !r.Run.Closed() {
		reasons = append(reasons, late(rec)...)
	}
	wall := r.Run.Elapsed.Seconds() * float64(max(g.Loops, 1))
	// A closed loop has nothing to be late for, and its latency hides starving. In
	// an open loop the lag above shows it, but not where responses lay unread for
	// so long that requests waited for their connections.
	if (r.Run.Closed() || lagging(rec, rec.SendLag, 0.5, medianFloor)) && wall > 0.5 && g.Starved > starvedShare*wall {
		reasons = append(reasons, fmt.Sprintf("other processes held its processors for %s of the time that it could have run", report.Percent(g.Starved, wall)))
	}
	if busy := g.CPUSeconds - g.Spin; !r.Run.Closed() && wall > 0.5 && r.Record.Shortfall > 0 && busy > busyShare*wall {
		reasons = append(reasons, fmt.Sprintf("its event loops were busy for %s of the time", report.Percent(min(busy, wall), wall)))
	}
	for _, class := range []record.Class{record.PortsExhausted, record.FilesExhausted} {
		if n := rec.Errors[class]; n > 0 {
			reasons = append(reasons, fmt.Sprintf("%s (%s)", class, report.Plural(n, "request", "requests")))
		}
	}
	v := Verdict{Valid: len(reasons) == 0, Word: "VALID", Reasons: reasons}
	switch {
	case r.Run.Aborted != "": // that is why there is no more of it, whatever else is said
		v.Word = "ABORTED"
	case !v.Valid:
		v.Word = "GENERATOR-LIMITED"
	case r.Run.Interrupted:
		v.Word = "INTERRUPTED"
	}
	return v
}

// late says where the requests' latency is the generator's own lateness.
func late(rec *record.Record) []string {
	// The first is late on any machine that has other work; and lateness is a share
	// of a latency that was measured.
	if rec.Pacing.Count() < fewest || rec.Latency.Count() == 0 {
		return nil
	}
	tail, words := 0.99, "1 %"
	if rec.Pacing.Count() < 1000 {
		tail, words = 0.9, "10 %"
	}
	for _, at := range []struct {
		q     float64
		floor time.Duration
		words string
	}{{0.5, medianFloor, "half"}, {tail, tailFloor, words}} {
		if lagging(rec, rec.Pacing, at.q, at.floor) {
			return []string{fmt.Sprintf("%s of the requests left %s late or later although a connection was free (latency there: %s)",
				at.words, report.Duration(rec.Pacing.Quantile(at.q)), report.Duration(rec.Latency.Quantile(at.q)))}
		}
	}
	return nil
}

// lagging says that a lag matters at the quantile q.
func lagging(rec *record.Record, lag *record.Histogram, q float64, floor time.Duration) bool {
	late := lag.Quantile(q)
	return late > floor && float64(late) > lagShare*float64(rec.Latency.Quantile(q))
}
