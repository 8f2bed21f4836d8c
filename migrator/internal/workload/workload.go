package workload

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// Tag is the comment inside of each statement that this program sends to a
// database that it looks at: SELECT /* migrator */ …. Readers leave those out.
const Tag = "/* migrator */"

// Workload is what a database was asked in a window of time.
type Workload struct {
	Source     string    // for people: "pg_stat_statements", "the log app.log"
	Since      time.Time // when counting began; zero: unknown
	Until      time.Time // when it was read
	Timed      bool      // whether the statements have times; a file of queries has none
	Statements []*Statement
	Left       Left
	// Reset: the statistics were reset in the window, which began at Since
	// therefore.
	Reset bool
}

// Statement is one statement, its constants aside.
type Statement struct {
	// ID tells it from others, and stays the same from snapshot to snapshot: the
	// server's query identifier, or a hash of the text.
	ID  string
	SQL string // with $1, $2 … for constants where the source has them so
	// Calls, and the rows that they returned or wrote, in all.
	Calls, Rows int64
	// Exec is the time of execution, and Plan that of planning, of all calls
	// (Plan is 0 where the server does not track it, see Plans).
	Exec, Plan time.Duration
	Plans      int64 // how often it was planned
	// Blocks of 8 kB: found in shared buffers, read from outside of them, written
	// to temporary files.
	HitBlocks, ReadBlocks, TempBlocks int64
	// Nested: it ran inside of a function.
	Nested bool
	// Samples are a few runs as they were sent: statements with constants.
	Samples []string
}

// Left counts what a reader left out.
type Left struct {
	Own        int   // this program's own statements
	Hidden     int   // statements of others that the role may not see
	NoText     int   // statements whose text the server has lost
	Unreadable int   // lines of a log, or statements of a file, that nobody understands
	Evicted    int64 // how often pg_stat_statements made room by forgetting statements
}

// Mean is the time of execution of one call.
func (s *Statement) Mean() time.Duration {
	if s.Calls == 0 {
		return 0
	}
	return s.Exec / time.Duration(s.Calls)
}

// Total is the time of execution of all statements.
func (w *Workload) Total() time.Duration {
	var sum time.Duration
	for _, s := range w.Statements {
		sum += s.Exec
	}
	return sum
}

// Sort puts what took most time first, then what was called most.
func (w *Workload) Sort() {
	slices.SortStableFunc(w.Statements, func(a, b *Statement) int {
		return cmp.Or(cmp.Compare(b.Exec, a.Exec), cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.ID, b.ID))
	})
}

// ErrOtherSource: two workloads are no snapshots of the same statistics.
var ErrOtherSource = errors.New("the two workloads are not snapshots of the same statistics")

// After is what was asked between an earlier snapshot and w. Statements that
// were not called in between are left out. When the statistics were reset in
// between, it is what was asked since then, and Reset is set; a statement that
// was forgotten and counted anew counts with what it has.
func (w *Workload) After(earlier *Workload) (*Workload, error) {
	if w.Source != earlier.Source {
		return nil, ErrOtherSource
	}
	before := map[string]*Statement{}
	for _, s := range earlier.Statements {
		before[s.ID] = s
	}
	window := &Workload{Source: w.Source, Since: earlier.Until, Until: w.Until, Timed: w.Timed, Left: w.Left}
	window.Left.Evicted -= earlier.Left.Evicted
	if w.Since.After(earlier.Since) {
		window.Since, window.Reset = w.Since, true
		window.Left.Evicted = w.Left.Evicted
	}
	for _, s := range w.Statements {
		d := *s
		if b := before[s.ID]; b != nil && b.Calls <= s.Calls && !window.Reset {
			d.Calls -= b.Calls
			d.Rows -= b.Rows
			d.Exec -= b.Exec
			d.Plan -= b.Plan
			d.Plans -= b.Plans
			d.HitBlocks -= b.HitBlocks
			d.ReadBlocks -= b.ReadBlocks
			d.TempBlocks -= b.TempBlocks
		}
		if d.Calls > 0 {
			window.Statements = append(window.Statements, &d)
		}
	}
	window.Sort()
	return window, nil
}
