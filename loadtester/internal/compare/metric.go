package compare

import (
	"math"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// kind is how a metric's values are written and compared.
type kind int

const (
	latency    kind = iota // seconds; less is better; changes are relative
	throughput             // answers per second; more is better; changes are relative
	errorShare             // 0 to 1; less is better; changes are in percentage points
)

// metric is one figure of a run.
type metric struct {
	key   string
	label string
	kind  kind
	q     float64 // of a latency; 0 is the mean
}

func metrics() []metric {
	return []metric{
		{"mean", "Mean", latency, 0},
		{"p50", "p50", latency, 0.5},
		{"p90", "p90", latency, 0.9},
		{"p95", "p95", latency, 0.95},
		{"p99", "p99", latency, 0.99},
		{"p99.9", "p99.9", latency, 0.999},
		{"throughput", "Throughput", throughput, 0},
		{"errors", "Errors", errorShare, 0},
	}
}

// exact is the metric's value from the whole run.
func (m metric) exact(r *result.Result) float64 {
	switch m.kind {
	case throughput:
		return r.Throughput()
	case errorShare:
		return share(r.Record.Failed, r.Record.Succeeded+r.Record.Failed)
	}
	if m.q == 0 {
		return r.Record.Latency.Mean().Seconds()
	}
	return r.Record.Latency.Quantile(m.q).Seconds()
}

// of is the value in a sum of blocks, n of them.
func (m metric) of(c *record.Cell, n int, width time.Duration) float64 {
	switch m.kind {
	case throughput:
		return float64(c.Count()) / (float64(n) * width.Seconds())
	case errorShare:
		return share(c.Failed, c.Succeeded+c.Failed)
	}
	if m.q == 0 {
		return c.Mean().Seconds()
	}
	return c.Quantile(m.q).Seconds()
}

func share(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// change is how b differs from a on the scale that is judged: the logarithm of
// the ratio, or the difference of shares.
func (m metric) change(a, b float64) float64 {
	if m.kind == errorShare {
		return b - a
	}
	if a <= 0 || b <= 0 {
		return math.NaN()
	}
	return math.Log(b / a)
}

// shown turns a change on the judged scale into what is reported: +0.1 is 10 %
// more, or 10 percentage points more.
func (m metric) shown(change float64) float64 {
	if m.kind == errorShare {
		return change
	}
	return math.Expm1(change)
}

// tail is how many answers lie beyond the metric's quantile.
func (m metric) tail(r *result.Result) float64 {
	return (1 - m.q) * float64(r.Record.Latency.Count())
}

// write formats a value.
func (m metric) write(v float64) string {
	switch m.kind {
	case throughput:
		return report.Significant(v) + "/s"
	case errorShare:
		if v == 0 {
			return "0%"
		}
		return report.Percent(v, 1)
	}
	return report.Significant(v*1e3) + " ms"
}

// writeChange formats a change: "+4.2%", or "+0.5 pp" for shares.
func (m metric) writeChange(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	text := report.Significant(math.Abs(100 * v))
	if math.Abs(100*v) < 0.005 {
		text = "0"
	}
	unit := "%"
	if m.kind == errorShare {
		unit = " pp"
	}
	switch {
	case text == "0":
		return "0" + unit
	case v < 0:
		return "-" + text + unit
	}
	return "+" + text + unit
}

func find(key string) (metric, bool) {
	key = strings.ToLower(key)
	for _, m := range metrics() {
		if m.key == key {
			return m, true
		}
	}
	return metric{}, false
}
