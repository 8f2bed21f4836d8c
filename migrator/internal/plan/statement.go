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

// The budgets of a statement: how long it may wait for its lock while others
// queue behind it, and how long it may run.
const (
	lockBudget  = 2 * time.Second
	shortBudget = 30 * time.Second
	longBudget  = 20 * time.Minute
)

func (p *planner) budgets(st *Statement) {
	if p.opts.Offline {
		return
	}
	st.LockTimeout, st.StatementTimeout = lockBudget, shortBudget
	for _, h := range st.Hazards {
		switch h.Kind {
		case lint.Rewrite, lint.Scan, lint.IndexBuild:
			st.StatementTimeout = longBudget
		}
	}
}

const (
	accessExclusive      = "ACCESS EXCLUSIVE"
	shareRowExclusive    = "SHARE ROW EXCLUSIVE"
	shareUpdateExclusive = "SHARE UPDATE EXCLUSIVE"
	share                = "SHARE"
)
