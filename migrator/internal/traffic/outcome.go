package traffic

import (
	"cmp"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
)

// Outcome is what clients felt of one way of a migration.
type Outcome struct {
	Tables  []*Table
	Lapses  []Lapse
	Failed  []string // what clients were told, a line each
	Retries int      // transactions that were tried again
	Took    time.Duration
	// Idle are tables without a client of one sort, and why.
	Idle []string
}

// Lapse is something that both schemas have and that was not there for a while.
type Lapse struct {
	ID    catalog.ID // before the migration
	What  string     // in words: it may be a property of that
	After string     // the statement before
	For   time.Duration
}

// Table is what clients of one table or view felt.
type Table struct {
	Name string // before the migration
	Rows int64
	// For how long in all nobody could read or write it, the longest time at a
	// stretch, and the statement that began that.
	Unreadable, Unwritable Stop
	// The longest waits of the clients, and the longest before the migration
	// began.
	Read, Write, CalmRead, CalmWrite time.Duration
}

// Stop is the time in which others had to wait.
type Stop struct {
	All, Longest time.Duration
	// CPU is how long the server's process ran in the longest; it is 0 where
	// that cannot be seen.
	CPU       time.Duration
	Statement string
}

func (s *Stop) add(took, cpu time.Duration, statement string) {
	s.All += took
	s.CPU = max(s.CPU, cpu)
	if took > s.Longest {
		s.Longest, s.Statement = took, statement
	}
}

// Longest is the longest time at a stretch that some table could not be read,
// or written.
func (o *Outcome) Longest() (unreadable, unwritable time.Duration) {
	for _, t := range o.Tables {
		unreadable, unwritable = max(unreadable, t.Unreadable.Longest), max(unwritable, t.Unwritable.Longest)
	}
	return unreadable, unwritable
}

// settle leaves out what nobody waited for, and puts those first that were
// locked longest.
func (o *Outcome) settle() {
	o.Tables = slices.DeleteFunc(o.Tables, func(t *Table) bool { return t.Unwritable.All+t.Read+t.Write == 0 })
	slices.SortStableFunc(o.Tables, func(a, b *Table) int {
		return cmp.Or(cmp.Compare(b.Unreadable.Longest, a.Unreadable.Longest), cmp.Compare(b.Unwritable.Longest, a.Unwritable.Longest), cmp.Compare(a.Name, b.Name))
	})
}
