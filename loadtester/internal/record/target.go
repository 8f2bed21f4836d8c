package record

import "time"

// Target is what became of one target's requests, where a run has several: their
// counts, a coarse distribution of their latency, and the first few statuses.
type Target struct {
	Cell     // Sent is what ended
	Statuses [4]StatusCount
}

// StatusCount counts answers of one status; 0 stands for all that found no place.
type StatusCount struct {
	Status int
	Count  int64
}

// MaxTargets bounds how many targets are told apart: a recording may have any
// number of them.
const MaxTargets = 2048

// Track tells n targets apart from now on, unless they are one or too many.
func (r *Record) Track(n int) {
	if n > 1 && n <= MaxTargets {
		r.Targets = make([]Target, n)
	}
}

// Tally counts an ended request for its target. status is that of a whole
// response; a fault has a class other than OK.
func (r *Record) Tally(target int, latency time.Duration, class Class, status int, success bool) {
	if r.Targets == nil {
		return
	}
	t := &r.Targets[target]
	t.Sent++
	if class == OK || class.Timed() {
		t.Record(latency)
	}
	if class == OK || class.Answered() {
		t.count(status, 1)
	}
	switch {
	case success && class == OK:
		t.Succeeded++
		return
	case class == OK:
		class = StatusClass(status)
	}
	t.Failed++
	t.Errors[class]++
}

// count adds to a status's place, or to the last one's when all are taken.
func (t *Target) count(status int, n int64) {
	for i := range t.Statuses {
		at := &t.Statuses[i]
		if at.Count == 0 {
			at.Status = status
		}
		if i == len(t.Statuses)-1 && at.Status != status {
			at.Status = 0
		}
		if at.Status == status || i == len(t.Statuses)-1 {
			at.Count += n
			return
		}
	}
}

// mergeTargets adds other's targets, which are the same; records that tell other
// targets apart than these tell none.
func (r *Record) mergeTargets(other *Record) {
	switch {
	case r.Targets == nil && r.Sent == 0: // nothing has been merged yet
		r.Targets = append(r.Targets, other.Targets...)
	case len(r.Targets) != len(other.Targets):
		r.Targets = nil
	default:
		for k := range r.Targets {
			r.Targets[k].Add(&other.Targets[k].Cell)
			for _, s := range other.Targets[k].Statuses {
				if s.Count > 0 {
					r.Targets[k].count(s.Status, s.Count)
				}
			}
		}
	}
}
