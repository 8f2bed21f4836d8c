package plot

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/shared/report"
)

// Step is one rate that a capacity search tried.
type Step struct {
	Rate     float64 // offered, per second
	Achieved float64
	P50, P99 time.Duration
	Errors   float64 // share
	Kept     bool    // the objective
	Repeated bool    // nothing was concluded: the rate was tried again
}

// settled has each rate once, with its last try: a rate is tried again after a
// narrow miss, and all tries are dots, but a line goes through one of them.
func settled(steps []Step) []Step {
	var list []Step
	for _, s := range steps {
		if n := len(list); n > 0 && list[n-1].Rate == s.Rate {
			list[n-1] = s
		} else {
			list = append(list, s)
		}
	}
	return list
}

// Capacity draws the steps by rate: p50 and p99 with the objective, and the share
// of errors. goals are the objective's bounds; found is the capacity.
func Capacity(steps []Step, goals []Goal, found float64) (report.Plot, bool) {
	if len(steps) < 2 {
		return report.Plot{}, false
	}
	longest, most, failed := time.Duration(0), 0.0, 0.0
	for _, s := range steps {
		longest, most, failed = max(longest, s.P99), max(most, s.Rate), max(failed, s.Errors)
	}
	alt := fmt.Sprintf("p99 and errors by offered rate. %s requests a second keep the objective.", report.Significant(found))
	c := newCanvas(400, alt)
	u := unitFor(longest)
	x := scale{from: 0, to: most * 1.05, low: left, end: width - right}
	var p50, p99, errors []point
	for _, s := range settled(steps) {
		p50, p99 = append(p50, point{s.Rate, u.in(s.P50)}), append(p99, point{s.Rate, u.in(s.P99)})
		errors = append(errors, point{s.Rate, 100 * s.Errors})
	}
	low, high := extent(p50, p99)
	p := panel{x: x, y: valueScale(low, withGoals(goals, u, high), 240, 30)}
	c.grid(p, "Latency, "+u.name, number)
	c.curve(p50, x, p.y, "c1")
	c.curve(p99, x, p.y, "c2")
	labels := []name{{lastY(p50, p.y), "p50", "f1"}, {lastY(p99, p.y), "p99", "f2"}}
	c.goals(p, goals, u)
	c.names(labels, p.y.end, p.y.low)
	again := false
	for _, s := range steps {
		class, word := "f3", "kept"
		switch {
		case s.Repeated:
			class, word, again = "f4", "tried again", true
		case !s.Kept:
			class, word = "fb", "missed"
		}
		c.dot(x.at(s.Rate), p.y.at(u.in(s.P99)), 3.2, class, fmt.Sprintf("%s/s, %s: p50 %s, p99 %s, errors %s, %s/s answered",
			report.Significant(s.Rate), word, at(s.P50), at(s.P99), report.Percent(s.Errors, 1), report.Significant(s.Achieved)))
	}
	words := []name{{text: "kept", class: "f3"}, {text: "missed", class: "fb"}}
	if again {
		words = append(words, name{text: "tried again", class: "f4"})
	}
	c.legend(p.y.end-8, words...)
	q := panel{x: x, y: valueScale(0, max(100*failed, 1), 355, 290)}
	c.grid(q, "Errors, %", number)
	c.curve(errors, x, q.y, "bad")
	c.base(q, x.ticks(8, columnGap, number), "offered requests per second")
	if found > 0 {
		at := x.at(found)
		c.line(at, q.y.low, at, p.y.end, "c3 d")
		// Between the panels, where no curve and no dot can be.
		c.text(at+5, p.y.low+16, "f3", "start", report.Significant(found)+"/s")
	}
	return report.Plot{Title: fmt.Sprintf("Capacity: up to %s requests a second the objective is kept", report.Significant(found)), Alt: alt, SVG: c.done()}, true
}
