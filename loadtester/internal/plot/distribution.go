package plot

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// line is a distribution with its name.
type line struct {
	h     *record.Histogram
	name  string
	class string // c1 … c4
}

// Percentiles draws the quantiles on the axis 1/(1-p), where each step of ten
// has a nine more: the tail gets the room that it deserves.
func Percentiles(r *result.Result, goals []Goal) (report.Plot, bool) {
	lines := []line{{r.Record.Latency, "response", "c1"}}
	if !r.Run.Closed() && differ(r.Record.Latency, r.Record.Service) {
		lines = append(lines, line{r.Record.Service, "service", "c3"})
	}
	h := r.Record.Latency
	if h.Count() < 10 {
		return report.Plot{}, false
	}
	title := fmt.Sprintf("By percentile: half take up to %s, one in a hundred more than %s", report.Duration(h.Quantile(.5)), report.Duration(h.Quantile(.99)))
	if len(lines) > 1 {
		title += "; the gap to the service time is waiting"
	}
	return report.Plot{Title: title, Alt: percentileAlt(lines), SVG: percentileCurve(lines, goals)}, true
}

// differ says that waiting for a connection is a visible part of the latency.
func differ(response, service *record.Histogram) bool {
	a, b := response.Quantile(.99), service.Quantile(.99)
	return a > b+b/10+50*time.Microsecond
}

func percentileAlt(lines []line) string {
	alt := "Latency by percentile."
	for _, l := range lines {
		alt += fmt.Sprintf(" %s: p50 %s, p90 %s, p99 %s, p99.9 %s, max %s.", l.name, report.Duration(l.h.Quantile(.5)), report.Duration(l.h.Quantile(.9)),
			report.Duration(l.h.Quantile(.99)), report.Duration(l.h.Quantile(.999)), report.Duration(l.h.Max()))
	}
	return alt
}

func percentileCurve(lines []line, goals []Goal) []byte {
	c := newCanvas(300, percentileAlt(lines))
	var longest time.Duration
	most := 100.0
	for _, l := range lines {
		longest = max(longest, l.h.Max())
		most = max(most, float64(l.h.Count()))
	}
	u := unitFor(longest)
	p := panel{x: scale{from: 1, to: most, low: left, end: width - right, log: true}}
	curves := make([][]point, len(lines))
	for k, l := range lines {
		n := float64(l.h.Count())
		for i := range 181 {
			inverse := math.Pow(most, float64(i)/180)
			if inverse > n {
				break
			}
			curves[k] = append(curves[k], point{inverse, u.in(l.h.Quantile(1 - 1/inverse))})
		}
	}
	low, high := extent(curves...)
	p.y = valueScale(low, withGoals(goals, u, high), 250, 30)
	c.grid(p, "Latency, "+u.name, number)
	c.goals(p, goals, u)
	var labels []name
	for k, l := range lines {
		c.curve(curves[k], p.x, p.y, l.class)
		labels = append(labels, name{lastY(curves[k], p.y), l.name, "f" + l.class[1:]})
	}
	c.names(labels, p.y.end, p.y.low)
	ticks := []tick{{1, "0"}, {2, "p50"}, {4, "p75"}, {10, "p90"}}
	for nines := 2; math.Pow(10, float64(nines)) <= most*1.001; nines++ {
		ticks = append(ticks, tick{math.Pow(10, float64(nines)), nineLabel(nines)})
	}
	for _, t := range ticks {
		c.line(p.x.at(t.value), p.y.low, p.x.at(t.value), p.y.end, "g")
	}
	percentileStrips(c, p, lines, most)
	c.base(p, ticks, "percentile, each step to the right is ten times rarer")
	return c.done()
}

// percentileStrips say the values at a curve.
func percentileStrips(c *canvas, p panel, lines []line, most float64) {
	const strips = 60
	for i := range strips {
		from, to := math.Pow(most, float64(i)/strips), math.Pow(most, float64(i+1)/strips)
		q := 1 - 1/math.Sqrt(from*to)
		title := fmt.Sprintf("p%s:", strconv.FormatFloat(100*q, 'g', max(4, 2+int(math.Log10(to))), 64))
		for k, l := range lines {
			if k > 0 {
				title += ","
			}
			title += " " + l.name + " " + at(l.h.Quantile(q))
		}
		c.strip(p.x.at(from), p.x.at(to), p.y.end, p.y.low, title)
	}
}

// nineLabel is p99 for 2, p99.9 for 3, p99.99 for 4.
func nineLabel(nines int) string {
	s := "p99"
	for k := 2; k < nines; k++ {
		if k == 2 {
			s += "."
		}
		s += "9"
	}
	return s
}

// Histogram draws how often each latency came, on a logarithmic axis.
func Histogram(r *result.Result, goals []Goal) (report.Plot, bool) {
	h := r.Record.Latency
	if h.Count() < 50 || h.Max() <= h.Min() {
		return report.Plot{}, false
	}
	title := fmt.Sprintf("Distribution: most answers take between %s and %s", report.Duration(h.Quantile(.1)), report.Duration(h.Quantile(.9)))
	alt := fmt.Sprintf("Histogram of %s latencies from %s to %s.", report.Count(h.Count()), report.Duration(h.Min()), report.Duration(h.Max()))
	return report.Plot{Title: title, Alt: alt, SVG: histogramOf([]line{{h, "", "c1"}}, alt, goals)}, true
}

// bars of a histogram.
const bars = 72

func histogramOf(lines []line, alt string, goals []Goal) []byte {
	c := newCanvas(250, alt)
	low, high := math.Inf(1), 0.0
	for _, l := range lines {
		low, high = min(low, max(float64(l.h.Min()), 1000)), max(high, float64(l.h.Max()), 2000)
	}
	u := unitFor(time.Duration(high))
	p := panel{x: scale{from: low / float64(u.of) * .95, to: high / float64(u.of) * 1.05, low: left, end: width - right, log: true}}
	shares := make([][bars]float64, len(lines))
	top := 0.0
	for k, l := range lines {
		n := float64(l.h.Count())
		for b := range l.h.Buckets() {
			// A bucket's requests are spread over the bars that it covers.
			from, to := p.x.at(u.in(b.From)), p.x.at(u.in(b.To+1))
			spread(shares[k][:], (from-left)/(width-right-left)*bars, (to-left)/(width-right-left)*bars, float64(b.Count)/n)
		}
		for _, s := range shares[k] {
			top = max(top, s)
		}
	}
	p.y = valueScale(0, 100*top, 200, 30)
	c.grid(p, "Share of the requests", func(v float64) string { return number(v) + "%" })
	step := (width - right - left) / bars
	for k, l := range lines {
		if len(lines) > 1 {
			var outline []point
			for i, s := range shares[k] {
				outline = append(outline, point{float64(i), 100 * s}, point{float64(i + 1), 100 * s})
			}
			c.curve(outline, scale{from: 0, to: bars, low: left, end: width - right}, p.y, l.class)
			c.names([]name{{40 + 16*float64(k), l.name, "f" + l.class[1:]}}, 30, 200)
			continue
		}
		for i, s := range shares[k] {
			y := p.y.at(100 * s)
			c.rect(left+float64(i)*step+.5, y, step-1, p.y.low-y, "f"+l.class[1:], "")
		}
		for i, q := range []float64{.5, .99} {
			x := p.x.at(u.in(l.h.Quantile(q)))
			c.line(x, p.y.low, x, p.y.end, [...]string{"c4 d", "c2 d"}[i])
			c.text(x+4, p.y.end+10, [...]string{"f4", "f2"}[i], "start", [...]string{"p50", "p99"}[i])
		}
	}
	for _, g := range goals {
		if v := u.in(g.At); v > p.x.from && v < p.x.to {
			c.line(p.x.at(v), p.y.low, p.x.at(v), p.y.end, "c4 d")
			c.text(p.x.at(v)-4, p.y.end+22, "f4 k", "end", "objective "+g.Text)
		}
	}
	for i := range bars {
		edge := func(i int) time.Duration {
			return time.Duration(p.x.from * math.Pow(p.x.to/p.x.from, float64(i)/bars) * float64(u.of))
		}
		title := at(edge(i)) + " to " + at(edge(i+1)) + ":"
		for k, l := range lines {
			title += strings.TrimRight(" "+l.name, " ") + " " + strconv.FormatFloat(100*shares[k][i], 'f', 2, 64) + "%"
		}
		c.strip(left+float64(i)*step, left+float64(i+1)*step, p.y.end, p.y.low, title)
	}
	c.base(p, p.x.ticks(8, columnGap, number), p.x.named("latency, "+u.name))
	return c.done()
}

// spread adds amount evenly to the bars from a to b.
func spread(to []float64, a, b, amount float64) {
	a, b = max(a, 0), min(max(b, a+1e-9), float64(len(to)))
	if a >= float64(len(to)) {
		a = float64(len(to)) - 1e-9
	}
	length := max(b-a, 1e-9)
	for i := int(a); i < len(to) && float64(i) < a+length; i++ {
		part := min(float64(i+1), a+length) - max(float64(i), a)
		to[i] += amount * part / length
	}
}

// Phases draws where the time goes: a bar to the median, a thin one to p99.
func Phases(r *result.Result) (report.Plot, bool) {
	var list []record.Phase
	var longest, shortest time.Duration = 0, math.MaxInt64
	for p, h := range r.Record.Phases {
		if h.Count() > 0 && h.Quantile(.99) > 0 {
			list = append(list, record.Phase(p))
			longest, shortest = max(longest, h.Quantile(.99)), min(shortest, max(h.Quantile(.5), time.Microsecond))
		}
	}
	if len(list) < 2 {
		return report.Plot{}, false
	}
	slowest := list[0]
	alt := "Phases of a request:"
	for _, p := range list {
		h := r.Record.Phases[p]
		alt += fmt.Sprintf(" %s p50 %s, p99 %s;", p, report.Duration(h.Quantile(.5)), report.Duration(h.Quantile(.99)))
		if h.Quantile(.5) > r.Record.Phases[slowest].Quantile(.5) {
			slowest = p
		}
	}
	u := unitFor(longest)
	c := newCanvas(float64(60+26*len(list)), alt)
	const from = left + 50
	foot := float64(24 + 26*len(list))
	x := scale{from: u.in(shortest) / 3, to: u.in(longest) * 1.1, low: from, end: width - right, log: true}
	for k, p := range list {
		h := r.Record.Phases[p]
		y := float64(16 + 26*k)
		c.text(from-8, y+13, "", "end", p.String())
		p50, p99 := x.at(u.in(h.Quantile(.5))), x.at(u.in(h.Quantile(.99)))
		c.rect(from, y+7, p99-from, 4, "f4 o", "")
		c.rect(from, y+2, p50-from, 14, "f1", "p50 "+report.Duration(h.Quantile(.5)))
		c.text(p99+6, y+13, "", "start", report.Duration(h.Quantile(.5))+" · "+report.Duration(h.Quantile(.99)))
	}
	c.base(panel{x: x, y: scale{low: foot}}, x.ticks(8, columnGap, number), x.named("p50 (bar) and p99 (line), "+u.name))
	return report.Plot{Title: fmt.Sprintf("Phases: most of the time goes into %s", phrase(slowest)), Alt: alt, SVG: c.done()}, true
}

func phrase(p record.Phase) string {
	return [...]string{"looking the name up", "connecting", "the TLS handshake", "waiting for the first byte", "reading the body"}[p]
}

// Lag draws how late the generator sent: an open loop's own quality.
func Lag(r *result.Result) (report.Plot, bool) {
	h := r.Record.SendLag
	if r.Run.Closed() || h.Count() < 10 || h.Max() == 0 {
		return report.Plot{}, false
	}
	lines := []line{{h, "send lag", "c1"}}
	if differ(h, r.Record.Pacing) {
		lines = append(lines, line{r.Record.Pacing, "own part", "c3"})
	}
	return report.Plot{
		Title: fmt.Sprintf("Send lag: half of the requests left within %s of their moment, 99%% within %s", report.Duration(h.Quantile(.5)), report.Duration(h.Quantile(.99))),
		Alt:   percentileAlt(lines), SVG: percentileCurve(lines, nil),
	}, true
}
