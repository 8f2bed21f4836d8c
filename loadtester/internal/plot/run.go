package plot

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
	"github.com/seniorbackend/tools/shared/report"
)

// OverTime has three panels on one time axis: latency, rate, failures. Like the
// other pictures it is left out (false) where there is no data for it. goals are
// the objective's bounds.
func OverTime(r *result.Result, goals []Goal) (report.Plot, bool) {
	t := timelineOf(r)
	if len(t.slots) < 2 {
		return report.Plot{}, false
	}
	failed := r.Record.Failed > 0
	height := 385.0
	if failed {
		height = 505
	}
	rec := r.Record
	alt := fmt.Sprintf("Latency, rate and failures over %s. p50 %s, p99 %s, max %s; %s requests, %s failed.", report.Duration(r.Run.Elapsed),
		report.Duration(rec.Latency.Quantile(.5)), report.Duration(rec.Latency.Quantile(.99)), report.Duration(rec.Latency.Max()), report.Count(rec.Sent), report.Count(rec.Failed))
	c := newCanvas(height, alt)
	x := scale{from: 0, to: t.end(), low: left, end: width - right}
	latencyPanel(c, t, panel{x: x, y: scale{low: 215, end: 30}}, rec.Latency.Max(), goals)
	bottom := ratePanel(c, r, t, panel{x: x, y: scale{low: 340, end: 260}})
	if failed {
		bottom = failurePanel(c, t, panel{x: x, y: scale{low: 460, end: 385}})
	}
	c.base(bottom, x.ticks(8, columnGap, clock(t.end())), "")
	hover(c, t, x, 30, bottom.y.low)
	return report.Plot{Title: timeTitle(r, t), Alt: alt, SVG: c.done()}, true
}

// timeTitle says what to see: where it was worst, or that it was even.
func timeTitle(r *result.Result, t timeline) string {
	worst, usual := 0, []time.Duration{}
	for i := range t.slots {
		usual = append(usual, t.slots[i].cell.Quantile(.99))
		if usual[i] > usual[worst] {
			worst = i
		}
	}
	top := usual[worst]
	slices.Sort(usual)
	middle := usual[len(usual)/2]
	if middle > 0 && top > 3*middle {
		return fmt.Sprintf("Over time: p99 is usually %s, and reaches %s at %s", report.Duration(middle), report.Duration(top), clock(t.end())(t.slots[worst].at))
	}
	return fmt.Sprintf("Over time: p99 stays between %s and %s", report.Duration(usual[0]), report.Duration(top))
}

func latencyPanel(c *canvas, t timeline, p panel, longest time.Duration, goals []Goal) {
	u := unitFor(longest)
	p50, p90, p99 := t.points(latency(.5, u)), t.points(latency(.9, u)), t.points(latency(.99, u))
	most := t.points(latency(1, u))
	low, high := extent(p50, p90, p99, most)
	p.y = valueScale(low, withGoals(goals, u, high), p.y.low, p.y.end)
	c.grid(p, "Latency, "+u.name+" (dots: the longest)", number)
	c.goals(p, goals, u)
	for _, m := range most {
		if !math.IsNaN(m.y) {
			c.dot(p.x.at(m.x), p.y.at(m.y), 1.8, "f4 o", "")
		}
	}
	c.curve(p50, p.x, p.y, "c1")
	c.curve(p90, p.x, p.y, "c3")
	c.curve(p99, p.x, p.y, "c2")
	c.names([]name{{lastY(p50, p.y), "p50", "f1"}, {lastY(p90, p.y), "p90", "f3"}, {lastY(p99, p.y), "p99", "f2"}, {lastY(most, p.y), "max", "f4"}}, p.y.end, p.y.low)
}

// ratePanel shows what was sent, and what was wanted in an open loop: due
// requests that were not sent in their second.
func ratePanel(c *canvas, r *result.Result, t timeline, p panel) panel {
	per := func(n int64) float64 { return float64(n) / t.width }
	answered := t.points(func(c *record.Cell) float64 { return per(c.Succeeded + c.Failed) })
	sent := t.points(func(c *record.Cell) float64 { return per(c.Sent) })
	due := t.points(func(c *record.Cell) float64 { return per(c.Due) })
	_, high := extent(sent, answered, due)
	p.y = valueScale(0, high, p.y.low, p.y.end)
	c.grid(p, "Requests per second", number)
	labels := []name{}
	if steady(r) {
		for i := range due {
			due[i].y = r.Run.Rate
		}
	}
	if _, wanted := extent(due); wanted > 0 && !r.Run.Closed() {
		c.curve(due, p.x, p.y, "c4 d")
		labels = append(labels, name{lastY(due, p.y) - 7, "wanted", "f4"})
	}
	c.curve(sent, p.x, p.y, "c1")
	c.names(append(labels, name{lastY(sent, p.y), "sent", "f1"}), p.y.end, p.y.low)
	return p
}

// steady says that one rate was asked for the whole run.
func steady(r *result.Result) bool {
	return r.Run.Arrival == "constant" && !strings.Contains(r.Run.Schedule, " ") && !strings.Contains(r.Run.Schedule, "..")
}

// failurePanel stacks the failures by cause, most frequent at the bottom; all in
// red, told apart by the gaps between them and by name.
func failurePanel(c *canvas, t timeline, p panel) panel {
	var total [record.NumClasses]int64
	high := 0.0
	for i := range t.slots {
		sum := 0.0
		for class, n := range t.slots[i].cell.Errors {
			total[class] += int64(n)
			sum += float64(n) / t.width
		}
		high = max(high, sum)
	}
	var order []record.Class
	for class, n := range total {
		if n > 0 {
			order = append(order, record.Class(class))
		}
	}
	slices.SortFunc(order, func(a, b record.Class) int { return int(total[b] - total[a]) })
	p.y = valueScale(0, high, p.y.low, p.y.end)
	c.grid(p, "Failures per second", number)
	classes := [...]string{"fb", "f2", "f4", "f3"}
	for i := range t.slots {
		s := &t.slots[i]
		base := 0.0
		for k, class := range order {
			v := float64(s.cell.Errors[class]) / t.width
			y, foot := p.y.at(base+v), p.y.at(base)
			c.rect(p.x.at(s.at)+.3, y, max(p.x.at(s.at+t.width)-p.x.at(s.at)-.6, .6), foot-y, classes[min(k, len(classes)-1)], "")
			base += v
		}
	}
	x := left
	for k, class := range order[:min(len(order), 4)] {
		label := fmt.Sprintf("%s: %s", class, report.Count(total[class]))
		if k == 3 && len(order) > 4 {
			label = "others"
		}
		c.rect(x, p.y.low+26, 9, 9, classes[k], "")
		c.text(x+13, p.y.low+35, "", "start", label)
		x += 30 + 6.2*float64(len(label))
	}
	return p
}

// hover puts a clear strip over each slot whose title the browser shows.
func hover(c *canvas, t timeline, x scale, top, bottom float64) {
	for i := range t.slots {
		s := &t.slots[i]
		k := &s.cell
		from, to := x.at(s.at), x.at(s.at+t.width)
		c.strip(from, to, top, bottom, fmt.Sprintf("%s: p50 %s, p99 %s, max %s; %s sent, %s failed", clock(t.end())(s.at),
			report.Duration(k.Quantile(.5)), report.Duration(k.Quantile(.99)), report.Duration(k.Max()), report.Count(k.Sent), report.Count(k.Failed)))
	}
}
