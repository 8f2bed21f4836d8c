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

	swaps *swaps // of interleaved runs; nil where they are too short
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
	switch {
	case o.Paired:
		judged := make([]bool, len(list))
		for k, m := range list {
			judged[k] = c.unjudged(m) == "" && !c.asAsked(m)
		}
		if c.swaps = permute(ba, bb, list, judged, o.Seed); c.swaps != nil {
			c.Pieces = float64(c.swaps.blocks)
			errs = c.swaps.errs
		}
	case c.Blocks >= fewest:
		errs, c.Pieces = spread(ba, bb, list, o.Seed)
	}
	for k, m := range list {
		c.Differences = append(c.Differences, c.judge(k, m, errs[k]))
	}
	return c
}

// judge makes one metric's row, the k-th. err is the standard error of its change.
func (c *Comparison) judge(k int, m metric, err float64) Difference {
	d := Difference{Metric: m.key, metric: m, A: m.exact(c.A), B: m.exact(c.B), Low: math.NaN(), High: math.NaN(), Verdict: Unknown}
	change := m.change(d.A, d.B)
	d.Change = m.shown(change)
	if m.kind == errorShare && !math.IsNaN(err) {
		err = max(err, binomial(c.A, c.B))
	}
	if d.Note = c.unjudged(m); d.Note != "" {
		return d
	}
	if math.IsNaN(err) || c.Pieces < fewest-2 {
		d.Note = "too short to judge"
		return d
	}
	half := 0.0
	if c.swaps != nil {
		half = c.swaps.bound * err
	} else {
		half = student(0.5+Confidence/2, c.Pieces-1) * err
	}
	d.Verdict = NoShown
	if c.asAsked(m) {
		d.Note = "as asked in both"
		return d
	}
	d.Low, d.High = m.shown(change-half), m.shown(change+half)
	if c.swaps != nil && !c.swaps.shows(k) {
		// The blocks' distributions are coarser than the run's: what they do not
		// show, the interval does not leave out.
		d.Low, d.High = min(d.Low, 0), max(d.High, 0)
	}
	if enough := math.Abs(d.Change) >= smallest || m.kind == errorShare && math.Abs(d.Change) >= 0.0005; enough && (d.Low > 0 || d.High < 0) {
		more := d.Change > 0
		d.Verdict = Worse
		if more == (m.kind == throughput) {
			d.Verdict = Better
		}
	}
	return d
}

// unjudged says why a metric cannot be judged, however long the runs; "" if it can.
func (c *Comparison) unjudged(m metric) string {
	if m.kind != latency {
		return ""
	}
	if c.A.Record.Latency.Count() == 0 || c.B.Record.Latency.Count() == 0 {
		return "no answers"
	}
	if m.q > 0 && min(m.tail(c.A), m.tail(c.B)) < 10 {
		return "too few beyond it"
	}
	return ""
}

// asAsked says that both runs had the throughput that an open loop asked for.
func (c *Comparison) asAsked(m metric) bool {
	return m.kind == throughput && !c.A.Run.Closed() && within(m.exact(c.A), c.A.Run.Rate) && within(m.exact(c.B), c.B.Run.Rate)
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
