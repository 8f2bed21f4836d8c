package apply

import (
	"context"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// oneByOne runs statements outside of transactions, each with its record. One that
// PostgreSQL takes in a transaction has one of its own, so that its record commits
// with it.
func (r *run) oneByOne(ctx context.Context, s migfile.Segment, from int, last bool) error {
	for i, st := range s.Statements {
		n, end := from+i+1, last && i == len(s.Statements)-1
		setting := migfile.SessionSetting(st.SQL)
		if n <= r.done && !setting {
			if end {
				return r.mark(ctx, r.done, true)
			}
			continue
		}
		var err error
		switch {
		case setting:
			err = r.setting(ctx, st, n, end)
		case migfile.NonTransactional(st.SQL):
			err = r.bare(ctx, st, n, end)
		default:
			err = r.patiently(ctx, func() error { return r.commit(ctx, migfile.Segment{Statements: s.Statements[i : i+1]}, n, end) })
			if code := pgdb.Code(err); code == pgdb.InvalidTermination || code == pgdb.ActiveTransaction {
				err = r.bare(ctx, st, n, end)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setting is SET or RESET of the session. It is recorded with what follows.
func (r *run) setting(ctx context.Context, st sqltext.Statement, n int, end bool) error {
	if err := r.exec(ctx, "", st); err != nil {
		return err
	}
	if !end {
		return nil
	}
	r.done = max(n, r.done)
	return r.mark(ctx, r.done, true)
}

// mark writes a record in a transaction of its own; with last, that the file is done.
func (r *run) mark(ctx context.Context, done int, last bool) error {
	return r.commit(ctx, migfile.Segment{}, done, last)
}

// bare runs one statement outside of a transaction. The history knows that it
// begins: when a run is cut off in it, the next one looks what became of it.
func (r *run) bare(ctx context.Context, st sqltext.Statement, n int, end bool) error {
	if r.id == 0 {
		if err := r.mark(ctx, 0, false); err != nil {
			return err
		}
	}
	if r.skipped[st.Offset] {
		return r.counted(ctx, n, end)
	}
	first := !r.resumed || n-1 != r.out.Resumed
	if !first && r.running == n && !repeatable(st.SQL) {
		return r.doubt(st, n)
	}
	if err := r.History.Begin(ctx, r.id, n); err != nil {
		return err
	}
	err := r.patiently(ctx, func() error {
		err := r.alone(ctx, st, first)
		first = false
		return err
	})
	if err != nil {
		return r.undecided(ctx, err, n)
	}
	return r.counted(ctx, n, end)
}

// counted records that a statement is done.
func (r *run) counted(ctx context.Context, n int, end bool) error {
	if err := r.mark(ctx, n, end); err != nil {
		return err
	}
	r.done = max(n, r.done)
	return nil
}

// undecided is a statement that did not come back well. What the server refused
// has not been carried out; after a lost connection nobody knows.
func (r *run) undecided(ctx context.Context, err error, n int) error {
	if ctx.Err() == nil && pgdb.AsError(err) != nil && !pgdb.Gone(err) {
		if again := r.History.Begin(ctx, r.id, 0); again != nil {
			return again
		}
	}
	return err
}

// doubt is a statement that may have been carried out, and that cannot be asked
// about.
func (r *run) doubt(st sqltext.Statement, n int) error {
	line, column := sqltext.Position(r.file.Text, st.Offset)
	return problem.Wrap(errInDoubt, "look at the database; then say with migrator resolve whether statement "+itoa(n)+" was carried out",
		"an earlier run was cut off in this statement: it may have been carried out, and running it again may do it twice").In(r.file.Path, line, column)
}

// repeatable says that a statement does no harm when it is run again, or that
// what an earlier try left can be looked up.
func repeatable(sql string) bool {
	if migfile.ConcurrentIndex(sql).Name != "" || migfile.ConcurrentDetach(sql).Partition != "" {
		return true
	}
	switch w := sqltext.Words(sql, 2); {
	case len(w) == 0:
		return true
	case w[0] == "vacuum", w[0] == "reindex", w[0] == "cluster", w[0] == "analyze":
		return true
	case len(w) > 1 && w[0] == "alter" && (w[1] == "system" || w[1] == "type" || w[1] == "database"):
		return true
	}
	return false
}

// alone runs one statement outside of a transaction. Unless it is the first
// time, what an earlier try left is looked at before.
func (r *run) alone(ctx context.Context, st sqltext.Statement, first bool) error {
	if !first {
		done, err := r.leftover(ctx, st)
		if err != nil || done {
			return err
		}
	}
	// What goes on beside others waits for old transactions and blocks nobody: a
	// short lock_timeout would throw a finished build away.
	if concurrent(st.SQL) && !migfile.Mentions(r.file, "lock_timeout") {
		if _, err := r.conn.ExecContext(ctx, "SET lock_timeout = 0"); err != nil {
			return err
		}
		defer func() {
			ctx, cancel := ending(ctx)
			defer cancel()
			r.conn.ExecContext(ctx, r.lockTimeout())
		}()
	}
	err := r.exec(ctx, "", st)
	if err != nil && ctx.Err() != nil {
		r.clear(ctx, st)
	}
	return err
}
