package plot

import (
	"fmt"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// Compare draws two runs in the same pictures: A in blue, B in orange.
func Compare(a, b *result.Result) []report.Plot {
	if a.Record.Latency.Count() < 10 || b.Record.Latency.Count() < 10 {
		return nil
	}
	lines := []line{{a.Record.Latency, "A", "c1"}, {b.Record.Latency, "B", "c2"}}
	list := []report.Plot{{
		Title: fmt.Sprintf("By percentile: p99 is %s in A and %s in B", report.Duration(a.Record.Latency.Quantile(.99)), report.Duration(b.Record.Latency.Quantile(.99))),
		Alt:   percentileAlt(lines), SVG: percentileCurve(lines, nil),
	}}
	if p, ok := bothOverTime(a, b); ok {
		list = append(list, p)
	}
	alt := fmt.Sprintf("Distribution of the latencies of A (%s) and B (%s).", report.Count(a.Record.Latency.Count()), report.Count(b.Record.Latency.Count()))
	return append(list, report.Plot{Title: "Distribution: where the two curves lie apart, the services differ", Alt: alt, SVG: histogramOf(lines, alt, nil)})
}

func bothOverTime(a, b *result.Result) (report.Plot, bool) {
	ta, tb := timelineOf(a), timelineOf(b)
	if len(ta.slots) < 2 || len(tb.slots) < 2 {
		return report.Plot{}, false
	}
	alt := "Latency and rate of A and B over time: median solid, p99 dashed."
	c := newCanvas(375, alt)
	x := scale{from: 0, to: max(ta.end(), tb.end()), low: left, end: width - right}
	u := unitFor(max(a.Record.Latency.Max(), b.Record.Latency.Max()))
	a50, a99 := ta.points(latency(.5, u)), ta.points(latency(.99, u))
	b50, b99 := tb.points(latency(.5, u)), tb.points(latency(.99, u))
	low, high := extent(a50, a99, b50, b99)
	p := panel{x: x, y: valueScale(low, high, 215, 30)}
	c.grid(p, "Latency, "+u.name+" (p50 solid, p99 dashed)", number)
	c.curve(a50, x, p.y, "c1")
	c.curve(a99, x, p.y, "c1 d")
	c.curve(b50, x, p.y, "c2")
	c.curve(b99, x, p.y, "c2 d")
	c.names([]name{{lastY(a50, p.y), "A p50", "f1"}, {lastY(a99, p.y), "A p99", "f1"}, {lastY(b50, p.y), "B p50", "f2"}, {lastY(b99, p.y), "B p99", "f2"}}, p.y.end, p.y.low)

	rate := func(t timeline) []point {
		return t.points(func(c *record.Cell) float64 { return float64(c.Sent) / t.width })
	}
	ra, rb := rate(ta), rate(tb)
	_, most := extent(ra, rb)
	q := panel{x: x, y: valueScale(0, most, 340, 265)}
	c.grid(q, "Requests per second", number)
	c.curve(ra, x, q.y, "c1")
	c.curve(rb, x, q.y, "c2")
	c.names([]name{{lastY(ra, q.y), "A", "f1"}, {lastY(rb, q.y), "B", "f2"}}, q.y.end, q.y.low)
	c.base(q, x.ticks(8, columnGap, clock(x.to)), "")
	for i := range max(len(ta.slots), len(tb.slots)) {
		from := ta.width * float64(i)
		c.strip(x.at(from), x.at(min(from+ta.width, x.to)), 30, q.y.low, clock(x.to)(from)+": "+slotText("A", ta, i)+"; "+slotText("B", tb, i))
	}
	return report.Plot{Title: "Over time: a difference that is there all along is the service's own", Alt: alt, SVG: c.done()}, true
}

// slotText says what a run did in the i-th stretch of its time.
func slotText(name string, t timeline, i int) string {
	if i >= len(t.slots) {
		return name + " has ended"
	}
	k := &t.slots[i].cell
	return fmt.Sprintf("%s p50 %s, p99 %s, %s sent, %s failed", name, at(k.Quantile(.5)), at(k.Quantile(.99)), report.Count(k.Sent), report.Count(k.Failed))
}
