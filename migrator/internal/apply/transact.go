package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// together runs a transactional segment and its record in one transaction. done
// counts the file's statements up to its end.
func (r *run) together(ctx context.Context, s migfile.Segment, done int, last bool) error {
	if done <= r.done && r.id != 0 {
		return r.finish(ctx, done)
	}
	return r.patiently(ctx, func() error { return r.commit(ctx, s.Statements, done, last) })
}

// commit runs statements and their record in one transaction.
func (r *run) commit(ctx context.Context, statements []sqltext.Statement, done int, last bool) error {
	id, table := r.id, *r.History
	err := transaction(ctx, r.conn, func() (err error) {
		for _, st := range statements {
			if err := r.exec(ctx, st); err != nil {
				return err
			}
		}
		id, err = r.record(ctx, done, last)
		return err
	})
	if lost := r.lost(ctx, err, id, done); lost != nil {
		r.History.Name = table.Name // what made it was rolled back
		return lost
	}
	r.id, r.done = id, done
	return nil
}

// exec runs one statement while somebody looks whom it waits for.
func (r *run) exec(ctx context.Context, st sqltext.Statement) error {
	if r.skipped[st.Offset] {
		return nil
	}
	r.eyes.open(ctx)
	defer r.eyes.shut()
	if _, err := r.conn.ExecContext(ctx, st.SQL); err != nil {
		return Failed(r.file, st, err)
	}
	return nil
}

// finish records that the file is done, where all of it was before.
func (r *run) finish(ctx context.Context, done int) error {
	return transaction(ctx, r.conn, func() error {
		_, err := r.record(ctx, done, true)
		return err
	})
}

// record writes the progress into the history, and at the end what another
// runner's history is to know. Its own table must be found whatever the file did
// to the search path and the role.
func (r *run) record(ctx context.Context, done int, last bool) (id int64, err error) {
	if changesRole(r.file) {
		if _, err := r.conn.ExecContext(ctx, "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE"); err != nil {
			return 0, err
		}
	}
	if !r.History.Ready() {
		if _, err := r.conn.ExecContext(ctx, "SET LOCAL lock_timeout = 0"); err != nil {
			return 0, err
		}
		if err := r.History.Ensure(ctx); err != nil {
			return 0, err
		}
	}
	if last {
		for _, sql := range r.job.Beside {
			if _, err := r.conn.ExecContext(ctx, sql); err != nil {
				return 0, fmt.Errorf("writing the other runner's history: %w", err)
			}
		}
	}
	if r.id != 0 {
		return r.id, r.History.Progress(ctx, r.id, r.file, done, last)
	}
	row := r.row()
	row.Done, row.DoneSHA256, row.Finished = done, r.file.Prefix(done), last
	return r.History.Add(ctx, row)
}

// row is the file's row in the history when it begins.
func (r *run) row() history.Row {
	row := history.RowOf(r.file, r.job.Version, r.options.Tool, r.Kept(r.file), r.started)
	row.Skipped = r.job.Skipped
	return row
}

// entry is the row of the finished file.
func (r *run) entry() *history.Entry {
	now := time.Now()
	return &history.Entry{
		ID: r.id, Set: r.options.History, Name: r.file.Name, Undoes: r.file.Undoes, Version: r.job.Version, SHA256: r.file.SHA256,
		Statements: r.file.Statements(), Done: r.file.Statements(), Started: r.started, Finished: &now, Tool: r.options.Tool,
	}
}

// maxKept bounds the text of a file that the history keeps, in bytes.
const maxKept = 256 << 10

// Kept is what the history keeps of a file, to show a later change of it.
func (s *Session) Kept(f *migfile.File) string {
	if s.options.Keep == nil || len(f.Source) > maxKept {
		return ""
	}
	return s.options.Keep(f.Source)
}

func changesRole(f *migfile.File) bool {
	return slices.ContainsFunc(f.Segments, func(s migfile.Segment) bool {
		return slices.ContainsFunc(s.Statements, func(st sqltext.Statement) bool { return migfile.ChangesRole(st.SQL) })
	})
}

// lost settles a COMMIT whose answer never came: the history knows.
func (r *run) lost(ctx context.Context, err error, id int64, done int) error {
	var commit *commitError
	if err == nil || !errors.As(err, &commit) || !pgdb.Gone(commit.err) || ctx.Err() != nil {
		return err
	}
	r.options.Say("the connection was lost at COMMIT; looking whether it was carried out")
	r.conn.Close()
	for range 20 {
		if again := r.connect(ctx); again == nil {
			return r.carriedOut(ctx, err, id, done)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
	return problem.Wrap(errInDoubt, "apply it again when the server is back: what is applied is not applied twice",
		"the connection was lost at COMMIT and cannot be made again: the history would tell whether it was carried out")
}

// carriedOut asks the history, under the lock: while the old session lives, its
// COMMIT may still come.
func (r *run) carriedOut(ctx context.Context, err error, id int64, done int) error {
	if again := takeLock(ctx, r.conn, r.options.LockWait, r.options.Say); again != nil {
		return again
	}
	if again := r.History.Find(ctx); again != nil {
		return again
	}
	e, again := r.History.Entry(ctx, id)
	if again != nil {
		return again
	}
	if e != nil && e.Name == r.file.Name && e.Done >= done {
		return nil
	}
	return problem.Wrap(err, "apply it again", "the connection was lost, and the COMMIT was not carried out")
}

// errInDoubt: nobody can say whether a statement was carried out.
var errInDoubt = errors.New("in doubt")
