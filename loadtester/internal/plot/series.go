package plot

import (
	"math"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// most points that a line over time has: a long run's cells are joined.
const mostPoints = 180

// slot is a stretch of a run on the time axis.
type slot struct {
	at   float64 // seconds from the start to its beginning
	cell record.Cell
}

// timeline is a run in slots of equal width.
type timeline struct {
	slots []slot
	width float64 // seconds
}

func timelineOf(r *result.Result) timeline {
	s := &r.Record.Series
	if s.Width == 0 || len(s.Cells) == 0 {
		return timeline{}
	}
	join := (len(s.Cells) + mostPoints - 1) / mostPoints
	t := timeline{width: s.Width.Seconds() * float64(join)}
	for i := 0; i < len(s.Cells); i += join {
		k := slot{at: s.Width.Seconds() * float64(i)}
		for _, c := range s.Cells[i:min(i+join, len(s.Cells))] {
			if c != nil {
				k.cell.Add(c)
			}
		}
		t.slots = append(t.slots, k)
	}
	return t
}

// end is the end of the run in seconds.
func (t timeline) end() float64 { return t.width * float64(len(t.slots)) }

// points takes one figure of each slot, at its middle.
func (t timeline) points(of func(*record.Cell) float64) []point {
	list := make([]point, len(t.slots))
	for i := range t.slots {
		list[i] = point{t.slots[i].at + t.width/2, of(&t.slots[i].cell)}
	}
	return list
}

// latency is a quantile in the unit; a gap where nothing was answered. Quantile
// 1 is the maximum.
func latency(q float64, u unit) func(*record.Cell) float64 {
	return func(c *record.Cell) float64 {
		switch {
		case c.Count() == 0:
			return math.NaN()
		case q == 1:
			return u.in(c.Max())
		}
		return u.in(c.Quantile(q))
	}
}

// extent is the smallest and largest value of several lines.
func extent(lines ...[]point) (low, high float64) {
	low, high = math.Inf(1), 0
	for _, l := range lines {
		for _, p := range l {
			if !math.IsNaN(p.y) && p.y > 0 {
				low, high = min(low, p.y), max(high, p.y)
			}
		}
	}
	if math.IsInf(low, 1) {
		low = 0
	}
	return low, high
}

// lastY is where a line ends.
func lastY(points []point, y scale) float64 {
	for i := len(points) - 1; i >= 0; i-- {
		if !math.IsNaN(points[i].y) {
			return y.at(points[i].y)
		}
	}
	return y.low
}

// clock labels a moment of the run.
func clock(end float64) func(float64) string {
	return func(v float64) string {
		switch {
		case end >= 7200:
			return number(math.Round(v/36)/100) + " h"
		case end >= 300:
			return (time.Duration(v) * time.Second).String()
		}
		return number(v) + " s"
	}
}
