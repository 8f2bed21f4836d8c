package limiter

import (
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
}

// at is about when the limiter decided.
func (s *seen) at() time.Duration { return (s.sent + s.done) / 2 }

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
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.answers) >= maxSeen {
		w.beyond++
		return
	}
	w.answers = append(w.answers, s)
}

// sorted are the answers in the order of the decisions.
func (w *Watch) sorted() []seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.SortFunc(w.answers, func(a, b seen) int { return cmp.Compare(a.at(), b.at()) })
	return w.answers
}
