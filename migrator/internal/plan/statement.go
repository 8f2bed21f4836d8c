package plan

import (
	"fmt"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/lint"
)

// say makes a step of a statement.
func say(id catalog.ID, sql string) step {
	return step{Statement: Statement{SQL: sql, Object: id}}
}

// do makes a step of a formatted statement.
func do(id catalog.ID, format string, args ...any) step {
	return say(id, fmt.Sprintf(format, args...))
}

// alone makes the step run outside of a transaction.
func (st step) alone() step { st.apart = true; return st }

// last moves the step to the end.
func (st step) last() step { st.late = true; return st }

// lock says which lock the step takes.
func (st step) lock(mode string, on catalog.ID) step {
	st.Lock, st.LockOn = mode, on.Path()
	return st
}

// why puts a comment on the step.
func (st step) why(comment string) step { st.Comment = comment; return st }

// danger adds a hazard without figures.
func (st step) danger(kind lint.Kind, format string, args ...any) step {
	st.Hazards = append(st.Hazards, lint.Hazard{Kind: kind, Message: fmt.Sprintf(format, args...), Rows: -1, Bytes: -1})
	return st
}

// dangerOn adds a hazard with the size of a table.
func (p *planner) dangerOn(st step, table catalog.ID, kind lint.Kind, format string, args ...any) step {
	h := lint.Hazard{Kind: kind, Message: fmt.Sprintf(format, args...), Rows: -1, Bytes: -1}
	if size, ok := p.from.Sizes[table]; ok {
		h.Rows, h.Bytes = size.Rows, size.Bytes
	}
	st.Hazards = append(st.Hazards, h)
	return st
}

// patient says that the step waits without making others wait.
func (st step) patient() step { st.Patient, st.long = true, true; return st }

// many says that the step reads or writes many rows.
func (st step) many() step { st.long = true; return st }

// The budgets of a statement: how long it may wait for its lock while others
// queue behind it, and how long it may run. One that reads or writes a whole
// table gets more the larger that is; where nobody waits for it, still more.
const (
	lockBudget    = 2 * time.Second
	shortBudget   = 30 * time.Second
	longBudget    = 20 * time.Minute
	patientBudget = 2 * time.Hour
	unknownBudget = 12 * time.Hour // of a patient one, on a table of unknown size
	slowBytes     = 1 << 20        // are read or written in a second at the least
	busyBytes     = slowBytes / 4  // where others go on working
)

func (p *planner) budgets(st *Statement) {
	if p.opts.Offline {
		st.Patient = false
		return
	}
	st.LockTimeout, st.StatementTimeout = lockBudget, shortBudget
	bytes := int64(-1)
	for _, h := range st.Hazards {
		bytes = max(bytes, h.Bytes)
		switch h.Kind {
		case lint.Rewrite, lint.Scan, lint.IndexBuild:
			st.long = true
		}
	}
	switch {
	case st.Patient && bytes < 0:
		st.LockTimeout, st.StatementTimeout = 0, unknownBudget
	case st.Patient:
		st.LockTimeout, st.StatementTimeout = 0, max(patientBudget, timeFor(bytes, busyBytes))
	case st.long:
		st.StatementTimeout = max(longBudget, timeFor(bytes, slowBytes))
	}
	if p.opts.StatementTimeout != nil {
		st.StatementTimeout = *p.opts.StatementTimeout
	}
}

// timeFor is the time for bytes at a speed per second, in whole minutes.
func timeFor(bytes, speed int64) time.Duration {
	return (time.Duration(bytes/speed) * time.Second).Round(time.Minute)
}

const (
	accessExclusive      = "ACCESS EXCLUSIVE"
	shareRowExclusive    = "SHARE ROW EXCLUSIVE"
	shareUpdateExclusive = "SHARE UPDATE EXCLUSIVE"
	share                = "SHARE"
)
