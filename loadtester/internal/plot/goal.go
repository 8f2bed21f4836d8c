package plot

import (
	"time"

	"github.com/seniorbackend/tools/shared/report"
)

// Goal is an objective's upper bound on a time, drawn beside what was measured.
type Goal struct {
	Text string // "p99<200ms"
	At   time.Duration
}

// Goals takes bounds as package expect has them.
func Goals[T ~struct {
	Text string
	At   time.Duration
}](bounds []T) []Goal {
	var list []Goal
	for _, b := range bounds {
		list = append(list, Goal(b))
	}
	return list
}

// withGoals is how high an axis has to be to show the bounds too. One that lies
// far above all values is left out: it would press them together.
func withGoals(goals []Goal, u unit, high float64) float64 {
	most := high
	for _, g := range goals {
		if v := u.in(g.At); v <= 3*high {
			most = max(most, v)
		}
	}
	return most
}

// goals draws the bounds across a panel of latencies, and says of the others that
// they lie above it.
func (c *canvas) goals(p panel, goals []Goal, u unit) {
	above := ""
	for _, g := range goals {
		v := u.in(g.At)
		if v > p.y.to || v < p.y.from {
			if v > p.y.to {
				above += " " + g.Text
			}
			continue
		}
		y := p.y.at(v)
		c.line(left, y, width-right, y, "c4 d")
		at := y - 4
		if y < p.y.end+8 { // the heading stands there
			at = y + 13
		}
		c.text(left+5, at, "f4 k", "start", "objective "+g.Text)
	}
	if above != "" {
		c.text(width-right, p.y.end-8, "f4", "end", "objective above: "+above[1:])
	}
}

// legend explains what dots mean, at the right of a panel's heading.
func (c *canvas) legend(y float64, entries ...name) {
	x := width - right
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		x -= 6.2 * float64(len(e.text))
		c.text(x, y, "", "start", e.text)
		x -= 9
		c.dot(x, y-4, 3.2, e.class, "")
		x -= 16
	}
}

// at is a time in a title.
func at(d time.Duration) string { return report.Duration(d) }
