package compare

import (
	"math"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// Confidence is that of the intervals. It is 99 %, not 95 %, since eight
// figures are judged at once.
const Confidence = 0.99

// Smallest change that is called one, even if it is certain: below it lies the
// resolution of the blocks' distributions.
const smallest = 0.01

// fewest blocks that an interval is made from.
const fewest = 6

// Verdict is what is said of a difference.
type Verdict string

const (
	Better  Verdict = "better"
	Worse   Verdict = "worse"
	NoShown Verdict = "no difference shown"
	Unknown Verdict = "not judged"
)

// Difference is one metric in both runs. Change, Low and High are relative (0.1
// is 10 % more) for times and throughput, and differences of shares for errors.
type Difference struct {
	Metric  string
	A, B    float64 // seconds, per second, or a share
	Change  float64
	Low     float64 // the interval; NaN where there is none
	High    float64
	Verdict Verdict
	Note    string

	metric metric
}

// Comparison is two runs and how B differs from A.
type Comparison struct {
	A, B        *result.Result
	Paired      bool
	Blocks      int     // of the shorter run
	Pieces      float64 // independent ones behind the intervals
	Differences []Difference
	Warnings    []string
}

// Options are how runs are compared. The zero value suits two separate runs.
type Options struct {
	// Paired says that both were interleaved in one run: the same seconds belong
	// together.
	Paired bool
	Seed   uint64
}

// Of compares b with the base a.
func Of(a, b *result.Result, o Options) *Comparison {
	c := &Comparison{A: a, B: b, Paired: o.Paired, Warnings: warnings(a, b, o.Paired)}
	ba, bb := blocksOf(a), blocksOf(b)
	list := metrics()
	c.Blocks = min(len(ba.cells), len(bb.cells))
	errs := make([]float64, len(list))
	for k := range errs {
		errs[k] = math.NaN()
	}
	if c.Blocks >= fewest {
		errs, c.Pieces = spread(ba, bb, list, o.Paired, o.Seed)
	}
	for k, m := range list {
		c.Differences = append(c.Differences, c.judge(m, errs[k]))
	}
	return c
}

// judge makes one metric's row. err is the standard error of its change.
func (c *Comparison) judge(m metric, err float64) Difference {
	d := Difference{Metric: m.key, metric: m, A: m.exact(c.A), B: m.exact(c.B), Low: math.NaN(), High: math.NaN(), Verdict: Unknown}
	change := m.change(d.A, d.B)
	d.Change = m.shown(change)
	if m.kind == errorShare {
		err = max(err, binomial(c.A, c.B))
	}
	switch {
	case m.kind == latency && (c.A.Record.Latency.Count() == 0 || c.B.Record.Latency.Count() == 0):
		d.Note = "no answers"
		return d
	case c.Blocks < fewest || math.IsNaN(err):
		d.Note = "too short to judge"
		return d
	case c.Pieces < fewest-2:
		d.Note = "too short to judge"
		return d
	case m.kind == latency && m.q > 0 && min(m.tail(c.A), m.tail(c.B)) < 10:
		d.Note = "too few beyond it"
		return d
	}
	half := student(0.5+Confidence/2, c.Pieces-1) * err
	d.Low, d.High = m.shown(change-half), m.shown(change+half)
	if m.kind == throughput && !c.A.Run.Closed() && within(d.A, c.A.Run.Rate) && within(d.B, c.B.Run.Rate) {
		d.Verdict, d.Note = NoShown, "as asked in both"
		return d
	}
	d.Verdict = NoShown
	if enough := math.Abs(d.Change) >= smallest || m.kind == errorShare && math.Abs(d.Change) >= 0.0005; enough && (d.Low > 0 || d.High < 0) {
		more := d.Change > 0
		d.Verdict = Worse
		if more == (m.kind == throughput) {
			d.Verdict = Better
		}
	}
	return d
}

// within says that an open loop's throughput is the rate that was asked.
func within(got, asked float64) bool { return asked > 0 && math.Abs(got/asked-1) < 0.01 }

// binomial is the standard error of the difference of two error shares when
// each request fails by itself, with one success and one failure added to each
// (Agresti and Caffo): no failure in 100 requests is not a share of 0 for sure.
func binomial(a, b *result.Result) float64 {
	variance := 0.0
	for _, r := range []*result.Result{a, b} {
		n := float64(r.Record.Succeeded+r.Record.Failed) + 2
		p := (float64(r.Record.Failed) + 1) / n
		variance += p * (1 - p) / n
	}
	return math.Sqrt(variance)
}

// Worst is the verdict in one word: worse if any metric is, else better if any
// is.
func (c *Comparison) Worst() Verdict {
	worst := Unknown
	for _, d := range c.Differences {
		switch {
		case d.Verdict == Worse:
			return Worse
		case d.Verdict == Better, d.Verdict == NoShown && worst == Unknown:
			worst = d.Verdict
		}
	}
	return worst
}

// Duration of the compared part of a run, for the report.
func sending(r *result.Result) time.Duration { return r.Run.Sending }
