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
	Word    string   // "VALID", "GENERATOR-LIMITED", "INTERRUPTED"
	Reasons []string // why the generator was the limit
}

// The bounds beyond which the generator itself is part of what was measured.
const (
	// A request that leaves later than this share of the latency of most...
	lagShare = 0.1
	// ...and later than this in absolute time blurs the figures.
	lagFloor = 2 * time.Millisecond
	// So much of the run without the CPU that it wanted.
	starvedShare = 0.1
	// A loop that is this busy has nothing left.
	busyShare = 0.95
)

// Judge looks at the generator's own figures.
func Judge(r *result.Result) Verdict {
	var reasons []string
	g, rec := &r.Generator, r.Record
	if !r.Run.Closed() {
		lag, typical := rec.Pacing.Quantile(0.99), rec.Latency.Quantile(0.5)
		if lag > lagFloor && float64(lag) > lagShare*float64(typical) {
			reasons = append(reasons, fmt.Sprintf("1 %% of the requests left more than %s late although a connection was free (median latency %s)",
				report.Duration(lag), report.Duration(typical)))
		}
	}
	wall := r.Run.Elapsed.Seconds() * float64(max(g.Loops, 1))
	if wall > 0.5 && g.Starved > starvedShare*wall {
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
	case !v.Valid:
		v.Word = "GENERATOR-LIMITED"
	case r.Run.Interrupted:
		v.Word = "INTERRUPTED"
	}
	return v
}
