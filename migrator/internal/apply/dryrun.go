package apply

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Step is what one statement did in a dry run.
type Step struct {
	SQL       string
	Line      int
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

// Rehearse runs a file on a scratch copy of the target's schema, for good, and
// watches every statement. sizes are those of the target's tables, by their
// qualified names: the copy has no rows, so times say nothing.
func Rehearse(ctx context.Context, copy *pgdb.DB, f *migfile.File, sizes map[string]Touched) ([]Step, error) {
	conn, err := copy.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	w := &watch{conn: conn, run: copy.Runner(conn)}
	var steps []Step
	for _, s := range f.Segments {
		if err := w.start(ctx); err != nil {
			return nil, err
		}
		w.resize(sizes)
		ran, err := w.segment(ctx, f, s)
		steps = append(steps, ran...)
		if err != nil || len(ran) > 0 && ran[len(ran)-1].Failed != nil {
			return steps, err
		}
	}
	return steps, nil
}

// segment runs one segment as apply does.
func (w *watch) segment(ctx context.Context, f *migfile.File, s migfile.Segment) (steps []Step, err error) {
	run := func() error {
		for _, st := range s.Statements {
			step := Step{SQL: st.SQL, Line: st.Line}
			err := w.step(ctx, f, st, &step)
			if index := migfile.ConcurrentIndex(st.SQL); index.Table != "" && step.Failed == nil {
				step.Locks = append(step.Locks, Lock{"SHARE UPDATE EXCLUSIVE", strings.TrimPrefix(index.Schema+"."+index.Table, ".")})
			}
			steps = append(steps, step)
			if err == nil {
				err = step.Failed
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if s.Transactional {
		err = transaction(ctx, w.run, run)
	} else {
		err = run()
	}
	if n := len(steps); n > 0 && err != nil {
		last := &steps[n-1]
		var commit *commitError
		if errors.As(err, &commit) {
			last.Failed, last.SQLState = commit, pgdb.Code(commit)
		}
		if last.Failed != nil {
			return steps, nil
		}
	}
	return steps, err
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

// DryRun runs a file in one transaction, watches every statement, and rolls
// back. Statements that cannot run in a transaction are passed over. Sequences
// that were advanced stay so: PostgreSQL does not roll them back.
func DryRun(ctx context.Context, db *pgdb.DB, f *migfile.File, o Options) ([]Step, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("BEGIN; SET LOCAL lock_timeout = %d", o.LockTimeout.Milliseconds())); err != nil {
		return nil, err
	}
	defer rollback(conn)
	w := &watch{conn: conn, run: conn}
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	var steps []Step
	for _, s := range f.Segments {
		for _, st := range s.Statements {
			step := Step{SQL: st.SQL, Line: st.Line}
			if !s.Transactional && migfile.NonTransactional(st.SQL) {
				step.Skipped = "PostgreSQL refuses it in a transaction"
			} else if err := w.step(ctx, f, st, &step); err != nil {
				return steps, err
			}
			steps = append(steps, step)
			if step.Failed != nil {
				return steps, nil
			}
		}
	}
	if _, err := conn.ExecContext(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil && len(steps) > 0 {
		last := &steps[len(steps)-1]
		last.Failed, last.SQLState = &commitError{err}, pgdb.Code(err)
	}
	return steps, nil
}

// watch compares what the server says about tables and locks before and after
// a statement.
type watch struct {
	conn   *sql.Conn
	run    Runner           // on conn
	before map[uint32]table // at the start: sizes are lost when a table is rewritten
	now    map[uint32]table
	locks  []Lock
}

type table struct {
	name        string
	file        uint32
	rows, bytes int64
	scans       int64
}

func (w *watch) start(ctx context.Context) (err error) {
	if w.before, err = w.tables(ctx); err != nil {
		return err
	}
	w.now = w.before
	w.locks, err = w.held(ctx)
	return err
}

// step runs one statement and writes down what it did.
func (w *watch) step(ctx context.Context, f *migfile.File, st sqltext.Statement, step *Step) error {
	start := time.Now()
	result, err := w.run.ExecContext(ctx, st.SQL)
	step.Took = time.Since(start)
	if err != nil {
		if pgdb.AsError(err) == nil {
			return err
		}
		step.Failed, step.SQLState = Failed(f, st, err), pgdb.Code(err)
		return nil
	}
	switch word := sqltext.Words(st.SQL, 1); {
	case len(word) == 0:
	case slices.Contains([]string{"insert", "update", "delete", "merge", "with"}, word[0]):
		step.Affected, _ = result.RowsAffected()
	}
	return w.compare(ctx, step)
}

func (w *watch) compare(ctx context.Context, step *Step) error {
	locks, err := w.held(ctx)
	if err != nil {
		return err
	}
	for _, l := range locks {
		if !slices.Contains(w.locks, l) {
			step.Locks = append(step.Locks, l)
		}
	}
	w.locks = locks
	tables, err := w.tables(ctx)
	if err != nil {
		return err
	}
	for oid, old := range w.before {
		is, there := tables[oid]
		was := w.now[oid]
		touched := Touched{old.name, old.rows, old.bytes}
		if there && is.file != was.file {
			step.Rewritten = append(step.Rewritten, touched)
		}
		if there && is.scans > was.scans {
			step.Scanned = append(step.Scanned, touched)
		}
	}
	for _, list := range [][]Touched{step.Rewritten, step.Scanned} {
		slices.SortFunc(list, func(a, b Touched) int { return strings.Compare(a.Relation, b.Relation) })
	}
	w.now = tables
	return nil
}

// tables are all tables and materialized views of users, by their numbers.
func (w *watch) tables(ctx context.Context) (map[uint32]table, error) {
	rows, err := w.conn.QueryContext(ctx, `SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relfilenode,
		c.reltuples::bigint, c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint,
		coalesce(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0)
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'm', 'p', 'f', 'v', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`)
	if err != nil {
		return nil, fmt.Errorf("asking for the tables: %w", err)
	}
	defer rows.Close()
	found := map[uint32]table{}
	for rows.Next() {
		var oid uint32
		var t table
		if err := rows.Scan(&oid, &t.name, &t.file, &t.rows, &t.bytes, &t.scans); err != nil {
			return nil, err
		}
		found[oid] = t
	}
	return found, rows.Err()
}

// held are the locks that this transaction holds on what existed before it,
// without those that stop nobody.
func (w *watch) held(ctx context.Context) ([]Lock, error) {
	rows, err := w.conn.QueryContext(ctx, `SELECT relation, mode FROM pg_catalog.pg_locks
		WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted AND mode <> 'AccessShareLock' ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("asking for the locks: %w", err)
	}
	defer rows.Close()
	var found []Lock
	for rows.Next() {
		var oid uint32
		var mode string
		if err := rows.Scan(&oid, &mode); err != nil {
			return nil, err
		}
		if t, ok := w.before[oid]; ok {
			found = append(found, Lock{lockWords(mode), t.name})
		}
	}
	return found, rows.Err()
}

// lockWords writes AccessExclusiveLock as LOCK TABLE does: ACCESS EXCLUSIVE.
func lockWords(mode string) string {
	var b strings.Builder
	for i, r := range strings.TrimSuffix(mode, "Lock") {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}
