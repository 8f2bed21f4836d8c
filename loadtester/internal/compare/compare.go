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
	Pairs       *Pairs  // nil: two separate runs
	Blocks      int     // of the shorter run, or pairs
	Pieces      float64 // independent ones behind the intervals
	Differences []Difference
	Warnings    []string

	swaps *swaps // of pairs; nil where they are too few
}

// Options are how runs are compared. The zero value suits two separate runs.
type Options struct {
	// Pairs are which stretches of both belong together, when they were measured
	// in one run.
	Pairs *Pairs
	Seed  uint64
}

// Of compares b with the base a.
func Of(a, b *result.Result, o Options) *Comparison {
	c := &Comparison{A: a, B: b, Pairs: o.Pairs, Warnings: warnings(a, b, o.Pairs != nil)}
	list := metrics()
	if o.Pairs != nil {
		c.Blocks = len(o.Pairs.list)
		c.byPairs(list, o.Seed)
		return c
	}
	ba, bb := blocksOf(a), blocksOf(b)
	c.Blocks = min(len(ba.cells), len(bb.cells))
	errs := make([]float64, len(list))
	for k := range errs {
		errs[k] = math.NaN()
	}
	if c.Blocks >= fewest {
		errs, c.Pieces = spread(ba, bb, list, o.Seed)
	}
	for k, m := range list {
		d := c.difference(m)
		if d.Note == "" {
			c.bySpread(&d, errs[k])
		}
		c.Differences = append(c.Differences, d)
	}
	return c
}

// difference is a metric's row without its verdict. A note says why it gets none.
func (c *Comparison) difference(m metric) Difference {
	d := Difference{Metric: m.key, metric: m, A: m.exact(c.A), B: m.exact(c.B), Low: math.NaN(), High: math.NaN(), Verdict: Unknown}
	d.Change = m.shown(m.change(d.A, d.B))
	d.Note = c.unjudged(m)
	return d
}

// byPairs judges all metrics by swapping the labels of pairs.
func (c *Comparison) byPairs(list []metric, seed uint64) {
	judged := make([]bool, len(list))
	for k, m := range list {
		judged[k] = c.unjudged(m) == "" && !c.asAsked(m)
	}
	c.swaps = permute(c.Pairs, list, judged, seed)
	if c.swaps != nil {
		c.Pieces = float64(len(c.swaps.pairs))
	}
	for k, m := range list {
		d := c.difference(m)
		switch {
		case d.Note != "":
		case c.swaps == nil:
			d.Note = tooShort
		case c.asAsked(m):
			d.Verdict, d.Note = NoShown, asAsked
		default:
			c.bySwaps(&d, k)
		}
		c.Differences = append(c.Differences, d)
	}
}

// bySwaps gives the k-th metric its interval and verdict.
func (c *Comparison) bySwaps(d *Difference, k int) {
	m := d.metric
	change := m.change(d.A, d.B)
	low, high := 0.0, 0.0
	if c.swaps.moves(k) {
		low, high = c.swaps.interval(m)
	}
	if m.kind == errorShare {
		half := c.swaps.bound * binomial(c.A, c.B)
		low, high = min(low, -half), max(high, half)
	}
	low, high = change+low, change+high
	shown := c.swaps.shows(k) && (change > 0) == (c.swaps.measured[k] > 0)
	switch {
	case !shown:
		low, high = min(low, 0), max(high, 0)
	case m.kind == errorShare: // the binomial error may know better
	case change > 0:
		// The interval is that of one change for all requests. Where B differs in
		// another way it may hold 0, which the swaps have refuted.
		low = max(low, math.SmallestNonzeroFloat64)
	default:
		high = min(high, -math.SmallestNonzeroFloat64)
	}
	d.Low, d.High = m.shown(low), m.shown(high)
	d.conclude()
}

// bySpread gives a metric its interval and verdict by the standard error of its
// change.
func (c *Comparison) bySpread(d *Difference, err float64) {
	m := d.metric
	if math.IsNaN(err) || c.Pieces < fewest-2 {
		d.Note = tooShort
		return
	}
	if c.asAsked(m) {
		d.Verdict, d.Note = NoShown, asAsked
		return
	}
	if m.kind == errorShare {
		err = max(err, binomial(c.A, c.B))
	}
	change, half := m.change(d.A, d.B), student(0.5+Confidence/2, c.Pieces-1)*err
	d.Low, d.High = m.shown(change-half), m.shown(change+half)
	d.conclude()
}

const (
	tooShort = "too short to judge"
	asAsked  = "as asked"
)

// conclude gives the verdict: a change is one if it is large enough and the
// interval leaves out none.
func (d *Difference) conclude() {
	d.Verdict = NoShown
	enough := smallest
	if d.metric.kind == errorShare {
		enough = 0.0005
	}
	if math.Abs(d.Change) < enough || !d.shown() {
		return
	}
	d.Verdict = Worse
	if more := d.Change > 0; more == (d.metric.kind == throughput) {
		d.Verdict = Better
	}
}

// shown says that the interval leaves out "no change".
func (d *Difference) shown() bool { return d.Low > 0 || d.High < 0 }

// unjudged says why a metric cannot be judged, however long the runs; "" if it can.
func (c *Comparison) unjudged(m metric) string {
	if m.kind != latency {
		return ""
	}
	if c.A.Record.Latency.Count() == 0 || c.B.Record.Latency.Count() == 0 {
		return "no answers"
	}
	if m.q > 0 && min(m.tail(c.A), m.tail(c.B)) < 10 {
		return "too few answers"
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
