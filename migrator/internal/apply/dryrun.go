package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// Step is what one statement did in a dry run, or several that follow each other
// and change rows of one table in the same way.
type Step struct {
	File      *migfile.File
	SQL       string // of the first
	Line      int
	Count     int
	Skipped   string // why it was not run
	Took      time.Duration
	Affected  int64 // rows of INSERT, UPDATE, DELETE; else 0
	Locks     []Lock
	Rewritten []Touched
	Scanned   []Touched
	Failed    error  // nil when it went well
	SQLState  string // of the failure
}

// Lock is a lock on a table that existed before.
type Lock struct {
	Mode     string // "ACCESS EXCLUSIVE"
	Relation string
}

// Touched is a table that a statement wrote anew or read through.
type Touched struct {
	Relation string
	Rows     int64 // estimated before the migration; -1 when not known
	Bytes    int64
}

// NeedsScratch says whether a file holds statements that cannot be tried in a
// transaction, so that what follows them cannot be tried there either.
func NeedsScratch(f *migfile.File) bool {
	for _, s := range f.Segments {
		for _, st := range s.Statements {
			if !s.Transactional && migfile.NonTransactional(st.SQL) {
				return true
			}
		}
	}
	return false
}

// Rehearse runs files on a scratch copy of the target's schema, for good, and
// watches every statement. sizes are those of the target's tables, by their
// qualified names: the copy has no rows, so times say nothing.
func Rehearse(ctx context.Context, copy *pgdb.DB, files []*migfile.File, sizes map[string]Touched) ([]Step, error) {
	conn, err := copy.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	w := &watch{conn: conn, run: copy.Runner(conn)}
	for _, f := range files {
		if _, err := conn.ExecContext(ctx, "RESET ALL"); err != nil {
			return nil, err
		}
		for _, s := range f.Segments {
			if err := w.start(ctx); err != nil {
				return nil, err
			}
			w.resize(sizes)
			if err := w.segment(ctx, f, s); err != nil || w.failed() {
				return w.steps, err
			}
		}
	}
	return w.steps, nil
}

// segment runs one segment as apply does.
func (w *watch) segment(ctx context.Context, f *migfile.File, s migfile.Segment) (err error) {
	run := func() error {
		for _, st := range s.Statements {
			if err := w.step(ctx, f, st); err != nil {
				return err
			}
			last := w.last()
			if index := migfile.ConcurrentIndex(st.SQL); index.Table != "" && last.Failed == nil {
				last.Locks = append(last.Locks, Lock{"SHARE UPDATE EXCLUSIVE", strings.TrimPrefix(index.Schema+"."+index.Table, ".")})
			}
			if last.Failed != nil {
				return last.Failed
			}
		}
		return w.settle(ctx)
	}
	if w.inside = s.Transactional; w.inside {
		err = transaction(ctx, w.run, s.Begin, run)
	} else {
		err = run()
	}
	var commit *commitError
	if errors.As(err, &commit) && len(w.steps) > 0 {
		w.last().Failed, w.last().SQLState = commit, pgdb.Code(commit)
	}
	if w.failed() {
		return nil
	}
	return err
}

// resize gives the tables of a copy the sizes of the real ones.
func (w *watch) resize(sizes map[string]Touched) {
	for oid, t := range w.before {
		t.rows, t.bytes = -1, -1
		if size, ok := sizes[t.name]; ok {
			t.rows, t.bytes = size.Rows, size.Bytes
		}
		w.before[oid] = t
	}
}

// DryRun runs files in one transaction, watches every statement, and rolls
// back. Statements that cannot run in a transaction are passed over. Sequences
// that were advanced stay so: PostgreSQL does not roll them back.
func DryRun(ctx context.Context, db *pgdb.DB, files []*migfile.File, o Options) ([]Step, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("BEGIN; SET LOCAL lock_timeout = %d", o.LockTimeout.Milliseconds())); err != nil {
		return nil, err
	}
	defer rollback(ctx, conn)
	w := &watch{conn: conn, run: conn, inside: true}
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	for _, f := range files {
		for _, s := range f.Segments {
			for _, st := range s.Statements {
				if !s.Transactional && migfile.NonTransactional(st.SQL) {
					w.pass(f, st, "PostgreSQL refuses it in a transaction")
				} else if err := w.step(ctx, f, st); err != nil {
					return w.steps, err
				}
				if w.failed() {
					return w.steps, nil
				}
			}
		}
	}
	if err := w.settle(ctx); err != nil {
		return w.steps, err
	}
	if _, err := conn.ExecContext(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil && len(w.steps) > 0 {
		w.last().Failed, w.last().SQLState = &commitError{err}, pgdb.Code(err)
	}
	return w.steps, nil
}
