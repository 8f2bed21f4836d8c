package analyze

import "time"

// Observation is what a server said at one moment.
type Observation struct {
	At       time.Time // the server's clock
	Database string
	Server   string // version, as in 15.14
	Major    int
	Replica  bool // the server is a standby: writes are counted elsewhere

	Tables  int64 // without partitions
	Rows    int64 // by the server's own estimates
	Bytes   int64 // of tables, indexes and TOAST
	Largest []Table

	// Since is when the server began to count. Where it does not know (Exact is
	// false), it is the oldest trace of counting, and the statistics may be older;
	// zero: there is no trace.
	Since time.Time
	Exact bool

	// Unreadable counts what the role has no rights for.
	UnreadableTables    int64 // column statistics
	UnreadableSequences int64 // last values
	Replicas            int64

	Found  map[string][]Row  // rows of the rules' queries, by id
	Failed map[string]string // why a rule's query gave none, by id
}

// Age is how long the server has counted: what the caller knows, or, where that is 0,
// what the server says.
func (o *Observation) Age(known time.Duration) time.Duration {
	if known == 0 && !o.Since.IsZero() {
		return o.At.Sub(o.Since)
	}
	return known
}

// Table is one of the largest tables.
type Table struct {
	Name            string
	Rows            int64
	Bytes           int64 // with indexes and TOAST
	SequentialScans int64
	IndexScans      int64
	DeadRows        int64
}
