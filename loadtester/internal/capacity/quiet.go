package capacity

import (
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/expect"
	"github.com/seniorbackend/tools/loadtester/internal/record"
	"github.com/seniorbackend/tools/loadtester/internal/result"
)

// tolerance is how late the generator itself may be in a stretch of time that is
// believed. What holds it up, another process on the machine, most likely holds
// the service up as well, or at least the answers.
type tolerance time.Duration

// toleranceOf is a tenth of what the objective allows a response.
func toleranceOf(o *expect.Objective) tolerance {
	t := 50 * time.Millisecond
	for _, b := range o.Bounds() {
		t = min(max(b.At/10, 5*time.Millisecond), t)
	}
	return tolerance(t)
}

// settled is for how long answers have to come as usual after a disturbance.
const settled = 500 * time.Millisecond

// disturbed is for how long of a run the generator was late.
func (t tolerance) disturbed(r *result.Result) (sum time.Duration) {
	for i, c := range r.Record.Series.Cells {
		if c != nil && c.Own > time.Duration(t) {
			sum += within(r, i)
		}
	}
	return sum
}

// within is how long cell i is, of which the last may be cut short.
func within(r *result.Result, i int) time.Duration {
	w := r.Record.Series.Width
	return max(min(w, r.Run.Sending-time.Duration(i)*w), 0)
}

// evidence is what is believed of the tries of a rate: the time that no
// disturbance is near.
type evidence struct {
	cells  []*record.Cell
	lasted time.Duration
	growth time.Duration // of the median, from the begin of each stretch without a break to its end
	usual  time.Duration // what answers take at the begin of a try, when nothing has queued up
}

// suffices says that a step of that length can be judged by it: by most of its
// time, or by less where a queue grows fast.
func (e *evidence) suffices(length time.Duration) bool {
	return e.lasted >= length*6/10 || e.lasted >= time.Second && e.growth > e.lasted/10
}

// grows says that a queue does: its wait rises by the share of the rate that is
// too much, also in stretches that are too short for it to miss an objective.
func (e *evidence) grows() bool {
	return e.growth.Seconds() > (1-sustained)*e.lasted.Seconds()
}

// growing says that a queue grew in a step: the last quarter waited longer than
// the first by more than the part of the rate that may stay unanswered.
func growing(r *result.Result) bool {
	cells := r.Record.Series.Cells
	n := len(cells) / 4
	if n == 0 {
		return true // it cannot be seen
	}
	middle := func(list []*record.Cell) time.Duration {
		var sum record.Cell
		for _, c := range list {
			if c != nil {
				sum.Add(c)
			}
		}
		return sum.Quantile(.5)
	}
	rise := middle(cells[len(cells)-n:]) - middle(cells[:n])
	return rise.Seconds() > (1-sustained)*r.Run.Sending.Seconds()*3/4
}

// add takes what is quiet of a try. What queued up in a disturbance takes its
// time: only when answers come as fast as at the start it is over.
func (e *evidence) add(r *result.Result, t tolerance) {
	cells, w := r.Record.Series.Cells, r.Record.Series.Width
	late := func(i int) bool { return i < len(cells) && cells[i] != nil && cells[i].Own > time.Duration(t) }
	var calm time.Duration
	var last *record.Cell // of the stretch; nil: there is none
	queued := false
	for i, c := range cells {
		if c == nil {
			continue
		}
		// What was on its way when a disturbance began is a part of it.
		if late(i) || late(i+1) {
			queued, calm, last = true, 0, nil
			continue
		}
		if queued {
			if calm += w; c.Quantile(.9) > e.usual+e.usual/2 {
				calm = 0
			}
			if calm < settled {
				continue
			}
			queued = false
		}
		if d := c.Quantile(.9); i == 0 && (e.usual == 0 || d < e.usual) {
			e.usual = d
		}
		copied := *c
		e.cells = append(e.cells, &copied)
		e.lasted += within(r, i)
		if last != nil {
			e.growth += c.Quantile(.5) - last.Quantile(.5)
		}
		last = c
	}
}

// result is the evidence as a run by itself.
func (e *evidence) result(rate float64) *result.Result {
	return &result.Result{Record: record.OfCells(e.cells), Run: result.Run{Arrival: "constant", Rate: rate, Sending: e.lasted, Elapsed: e.lasted}}
}
