package proof

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/plan"
)

// leaveOut takes the statement that failed out of the plan, and says which.
func (w *way) leaveOut(err error) bool {
	var failed *apply.StatementError
	e := pgdb.AsError(err)
	if !errors.As(err, &failed) || e == nil {
		return false
	}
	for i := range w.plan.Segments {
		s := &w.plan.Segments[i]
		at := slices.IndexFunc(s.Statements, func(st plan.Statement) bool { return st.SQL == failed.SQL })
		if at < 0 {
			continue
		}
		w.left = append(w.left, fmt.Sprintf("%s: %s", s.Statements[at].Object, e.Message))
		s.Statements = slices.Delete(s.Statements, at, at+1)
		if len(s.Statements) == 0 {
			w.plan.Segments = slices.Delete(w.plan.Segments, i, i+1)
		}
		return true
	}
	return false
}

// resume renders the plan without the statement that failed, and finds where to
// go on: a transaction begins again, what stands alone goes on behind it.
func (w *way) resume(f *migfile.File, at apply.Place) (*migfile.File, apply.Place, error) {
	shorter, err := migfile.Parse(string(w.direction)+".sql", migfile.SQL(migfile.Header{Title: string(w.direction)}, w.plan))
	if err != nil {
		return nil, at, err
	}
	if len(shorter.Segments) < len(f.Segments)-1 {
		return nil, at, errResidue // segments that were apart became one: no place to go on
	}
	if f.Segments[at.Segment].Transactional || len(shorter.Segments) < len(f.Segments) {
		at.Statement = 0
	} else if at.Segment < len(shorter.Segments) {
		at.Statement = min(at.Statement, len(shorter.Segments[at.Segment].Statements))
	}
	return shorter, at, nil
}
