package apply

import (
	"cmp"
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
		return r.mark(ctx, done, true)
	}
	return r.patiently(ctx, func() error { return r.commit(ctx, s, done, last) })
}

// commit runs the statements of a segment and their record in one transaction. BEGIN
// goes with the first of them and COMMIT with the record, so that a small file does
// not pay for two more answers.
func (r *run) commit(ctx context.Context, s migfile.Segment, done int, last bool) error {
	table := *r.History
	var id int64
	var err error
	if r.fitsOneMessage(s) {
		id, err = r.atOnce(ctx, s, done, last)
	} else {
		id, err = r.inTurn(ctx, s, done, last)
	}
	if err != nil && (r.answers == nil || !r.answers.Idle()) {
		rollback(ctx, r.conn)
	}
	if lost := r.lost(ctx, err, id, done, last); lost != nil {
		r.History.Name = table.Name // what made it was rolled back
		return lost
	}
	r.id, r.done, r.stale = id, done, false
	return nil
}

// inTurn runs a segment statement by statement, and commits it with its record.
func (r *run) inTurn(ctx context.Context, s migfile.Segment, done int, last bool) (id int64, err error) {
	if err := r.statements(ctx, s); err != nil {
		return 0, err
	}
	id, record, err := r.record(ctx, done, last)
	if err != nil {
		return 0, err
	}
	if _, err := r.conn.ExecContext(ctx, record+"; COMMIT"); err != nil {
		return id, &commitError{err}
	}
	return id, nil
}

// begins is what begins a segment's transaction.
func begins(s migfile.Segment) string { return cmp.Or(s.Begin, "BEGIN") }

// statements begins a transaction and runs a segment in it.
func (r *run) statements(ctx context.Context, s migfile.Segment) error {
	before := begins(s) + "; "
	if r.stale {
		before = r.reset() + "; " + before
	}
	for _, st := range s.Statements {
		if r.skipped[st.Offset] {
			continue
		}
		if err := r.exec(ctx, before, st); err != nil {
			return err
		}
		before = ""
	}
	if before == "" {
		return nil
	}
	_, err := r.conn.ExecContext(ctx, before)
	return err
}

// exec runs one statement, behind what is sent with it, while somebody looks whom it
// waits for.
func (r *run) exec(ctx context.Context, before string, st sqltext.Statement) error {
	r.eyes.open()
	defer r.eyes.shut()
	if _, err := r.conn.ExecContext(ctx, before+st.SQL); err != nil {
		return failedBehind(before, r.file, st, err)
	}
	return nil
}

// record makes ready for the record of the progress, and returns the statement that
// writes it. At the end it also writes what another runner's history is to know. Our
// own table must be found whatever the file did to the search path and the role.
func (r *run) record(ctx context.Context, done int, last bool) (id int64, statement string, err error) {
	if changesRole(r.file) {
		if _, err := r.conn.ExecContext(ctx, "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE"); err != nil {
			return 0, "", err
		}
	}
	if !r.History.Ready() {
		if _, err := r.conn.ExecContext(ctx, "SET LOCAL lock_timeout = 0"); err != nil {
			return 0, "", err
		}
		if err := r.History.Ensure(ctx); err != nil {
			return 0, "", err
		}
	}
	if last {
		for _, sql := range r.job.Beside {
			if _, err := r.conn.ExecContext(ctx, sql); err != nil {
				return 0, "", fmt.Errorf("%s: %w", besides, err)
			}
		}
	}
	id, statement = r.progress(done, last)
	return id, statement, nil
}

// progress is the statement that writes the record, and the number of its row.
func (r *run) progress(done int, last bool) (id int64, statement string) {
	if r.id != 0 {
		return r.id, r.History.Progress(r.id, r.file, done, last)
	}
	row := r.row()
	row.Done, row.DoneSHA256, row.Finished = done, r.file.Prefix(done), last
	return r.History.Insert(row)
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
func (r *run) lost(ctx context.Context, err error, id int64, done int, last bool) error {
	var commit *commitError
	if err == nil || !errors.As(err, &commit) || !pgdb.Gone(commit.err) {
		return err
	}
	if ctx.Err() != nil {
		return cutOff(err)
	}
	r.options.Say("the connection was lost before COMMIT was answered; looking whether it was carried out")
	r.conn.Close()
	for range 20 {
		if again := r.connect(ctx); again == nil {
			return r.carriedOut(ctx, err, id, done, last)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
	return problem.Wrap(errInDoubt, "apply it again when the server is back: what is applied is not applied twice",
		"the connection was lost before COMMIT was answered and cannot be made again: the history would tell whether it was carried out")
}

// carriedOut asks the history, under the lock: while the old session lives, its
// COMMIT may still come, and whoever had the lock meanwhile may have gone on.
func (r *run) carriedOut(ctx context.Context, err error, id int64, done int, last bool) error {
	if again := takeLock(ctx, r.conn, r.options.LockWait, r.options.Say); again != nil {
		return problem.Wrap(errors.Join(errInDoubt, again), "apply it again when that has ended: what is applied is not applied twice",
			"the connection was lost before COMMIT was answered, and nobody can look whether it was carried out: %v", r.db.Explain(again))
	}
	if again := r.History.Find(ctx); again != nil {
		return again
	}
	if again := r.Reread(ctx); again != nil {
		return again
	}
	at := slices.IndexFunc(r.entries, func(e *history.Entry) bool { return e.ID == id && e.Name == r.file.Name && e.Done >= done })
	if at < 0 {
		return problem.Wrap(err, "apply it again", "the connection was lost, and the COMMIT was not carried out")
	}
	if e := r.entries[at]; e.Done > done || (e.Finished != nil) != last || at < len(r.entries)-1 {
		return problem.New("apply it again: what is applied is not applied twice", "the connection was lost, and meanwhile another run has gone on")
	}
	return r.settingsUpTo(ctx, done)
}

// settingsUpTo runs the settings again that the first n statements made in a session
// that is gone.
func (r *run) settingsUpTo(ctx context.Context, n int) error {
	for _, s := range r.file.Segments {
		if len(s.Statements) > n {
			s.Statements = s.Statements[:n]
		}
		n -= len(s.Statements)
		if err := r.settings(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// errInDoubt: nobody can say whether a statement was carried out.
var errInDoubt = errors.New("in doubt")
