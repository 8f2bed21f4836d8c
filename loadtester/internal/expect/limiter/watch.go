package limiter

import (
	"bytes"
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/seniorbackend/tools/loadtester/internal/engine"
)

// seen is one answer.
type seen struct {
	sent, done time.Duration // since the start of the run
	status     int
	quota      quota
	nginx      bool          // it is an answer of nginx's
	decided    time.Duration // about when the limiter decided; sorted sets it
}

// at is about when the limiter decided.
func (s *seen) at() time.Duration { return s.decided }

// maxSeen bounds what is kept: half a million answers show a limiter well
// enough.
const maxSeen = 500_000

// Watch keeps what a run's answers said. Its method Observe is an engine's hook.
type Watch struct {
	start time.Time // of the run, for headers that hold dates; a second's error does not matter

	mu      sync.Mutex
	answers []seen
	beyond  int64 // not kept
	broken  int64 // requests without an answer
}

// NewWatch begins to watch.
func NewWatch() *Watch { return &Watch{start: time.Now()} }

// Observe sees one ended request.
func (w *Watch) Observe(o *engine.Observation) {
	if o.Status == 0 {
		w.mu.Lock()
		w.broken++
		w.mu.Unlock()
		return
	}
	s := seen{sent: o.Sent, done: o.Done, status: o.Status, quota: parseQuota(o.Head, w.start.Add(o.Done))}
	s.nginx = o.Status == 503 && bytes.Contains(bytes.ToLower(o.Head), []byte("\nserver: nginx"))
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.answers) >= maxSeen {
		w.beyond++
		return
	}
	w.answers = append(w.answers, s)
}

// sorted are the answers in the order of the decisions. An ordinary answer was
// decided on half-way between sending and end; one that took far longer than
// most had waited to be read, and was decided on at its end.
func (w *Watch) sorted() []seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.answers) == 0 {
		return nil
	}
	times := make([]time.Duration, len(w.answers))
	for i, s := range w.answers {
		times[i] = s.done - s.sent
	}
	slices.Sort(times)
	usual := 4*times[len(times)/2] + 20*time.Millisecond
	for i := range w.answers {
		s := &w.answers[i]
		s.decided = (s.sent + s.done) / 2
		if s.done-s.sent > usual {
			s.decided = s.done
		}
	}
	slices.SortFunc(w.answers, func(a, b seen) int { return cmp.Compare(a.at(), b.at()) })
	return w.answers
}
