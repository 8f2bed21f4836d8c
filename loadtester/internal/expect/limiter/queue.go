package limiter

import (
	"slices"
	"time"
)

// queue tells a limiter that lets requests wait, and counts its burst by when they
// were sent: answers of those that waited come long after the first refusals. A
// server that is slow anyway is slow with the first request too.
func (m *Model) queue(list []seen) {
	refused := time.Duration(-1) // when the first refused request was sent
	for i := range list {
		if s := &list[i]; s.status == 429 && (refused < 0 || s.sent < refused) {
			refused = s.sent
		}
	}
	var before, after []seen
	for _, s := range list {
		switch {
		case s.status == 429 || s.status >= 500:
		case s.sent < refused:
			before = append(before, s)
		default:
			after = append(after, s)
		}
	}
	if len(before) < 3 || len(after) < 3 {
		return
	}
	slices.SortFunc(before, func(a, b seen) int { return int(a.sent - b.sent) })
	quick, waited := medianTook(before[:2]), medianTook(after)
	if waited < 3*quick || waited < quick+100*time.Millisecond {
		return
	}
	m.Kind, m.Limit, m.Wait, m.Burst = Queue, 1, waited, int64(len(before))
	from, to := after[0].done, after[0].done
	for _, s := range after {
		from, to = min(from, s.done), max(to, s.done)
	}
	if to > from {
		m.Rate = float64(len(after)-1) / (to - from).Seconds()
		m.Window = time.Duration(float64(time.Second) / m.Rate)
	}
}

// medianTook is the median time of the answers.
func medianTook(list []seen) time.Duration {
	times := make([]time.Duration, len(list))
	for i, s := range list {
		times[i] = s.done - s.sent
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// extending tells a window that each refused request begins anew from one that is
// longer than the run: the wait that the refusals ask for does not become shorter.
func (m *Model) extending(list []seen) {
	if m.Kind != OneWindow {
		return
	}
	var first, last *seen
	for i := range list {
		if s := &list[i]; s.status == 429 && s.quota.wait() >= 0 {
			if first == nil {
				first = s
			}
			last = s
		}
	}
	// Headers are in whole seconds: three of them have to have passed.
	if first != nil && last.done-first.done >= 3*time.Second && last.quota.wait() >= first.quota.wait() {
		m.Kind, m.Window = Extending, time.Duration(last.quota.wait())*time.Second
	}
}
