package apply

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// Options say how a file is applied.
type Options struct {
	// LockWait is how long another run is waited for.
	LockWait time.Duration
	// LockTimeout is how long a statement waits for a lock on a table, where the
	// file does not say itself; Tries is how often it is tried.
	LockTimeout time.Duration
	Tries       int
	// Tool is written into the history.
	Tool string
	// Say is told what a user should see while it runs.
	Say func(format string, args ...any)
}

// Outcome is what applying a file came to.
type Outcome struct {
	Entry   *Entry
	Already bool // it was applied before: nothing was done
	Resumed int  // statements that an earlier run had done
	Tries   int  // how often locks had to be tried again
	Took    time.Duration
}

// Apply runs a file on a database and writes that into its history.
func Apply(ctx context.Context, db *pgdb.DB, f *migfile.File, o Options) (*Outcome, error) {
	r := &run{db: db, file: f, options: o, out: &Outcome{}, started: time.Now()}
	if err := r.connect(ctx); err != nil {
		return nil, err
	}
	defer func() { r.conn.Close() }()
	if err := refusePooler(ctx, db.DB, r.conn); err != nil {
		return nil, err
	}
	if err := takeLock(ctx, r.conn, o.LockWait, o.Say); err != nil {
		return nil, err
	}
	defer func() {
		ctx, cancel := ending()
		defer cancel()
		r.conn.ExecContext(ctx, "SELECT pg_catalog.pg_advisory_unlock("+lockKey+")")
	}()
	if err := r.history.find(ctx); err != nil {
		return nil, err
	}
	goOn, err := r.judge(ctx)
	if err != nil || !goOn {
		return r.out, err
	}
	if err := r.segments(ctx); err != nil {
		return r.out, r.inForce(ctx, err)
	}
	r.out.Took = time.Since(r.started)
	r.out.Entry, err = r.history.entry(ctx, r.id)
	return r.out, err
}

// run is one application of a file.
type run struct {
	db      *pgdb.DB
	conn    *sql.Conn
	file    *migfile.File
	options Options
	history *history
	id      int64 // of its row in the history; 0 before it has one
	done    int   // statements that are applied
	resumed bool  // an earlier run was cut off, perhaps before its first statement was recorded
	started time.Time
	out     *Outcome
}

func (r *run) connect(ctx context.Context) error {
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return err
	}
	r.conn = conn
	table := ""
	if r.history != nil {
		table = r.history.table
	}
	r.history = &history{conn: r.conn, table: table}
	_, err = r.conn.ExecContext(ctx, fmt.Sprintf("SET lock_timeout = %d", r.options.LockTimeout.Milliseconds()))
	return err
}

// judge compares the file with the history.
func (r *run) judge(ctx context.Context) (goOn bool, err error) {
	name := NameOf(r.file)
	if other, err := r.history.unfinished(ctx, name); err != nil || other != nil {
		if err == nil {
			err = problem.New("apply that file again first: it goes on where it stopped", "the migration %s was cut off after %d of %d statements",
				other.Name, other.Done, other.Statements)
		}
		return false, err
	}
	about := name
	if undoes := Undoes(r.file.Path); undoes != "" {
		about = undoes // what counts is whether the migration is there
	}
	last, err := r.history.last(ctx, about)
	if err != nil {
		return false, err
	}
	if last == nil || last.Name != name {
		return true, nil
	}
	return r.again(last)
}

// again is a file that the history knows: done, changed, or cut off.
func (r *run) again(last *Entry) (goOn bool, err error) {
	if last.Finished != nil {
		if last.SHA256 != r.file.SHA256 {
			return false, problem.New("restore the file, or write the change as a new migration",
				"%s was changed after it was applied on %s", last.Name, last.Started.UTC().Format("2006-01-02 15:04 MST"))
		}
		r.out.Entry, r.out.Already = last, true
		return false, nil
	}
	if r.file.Prefix(last.Done) != last.DoneSHA256 || r.file.Statements() < last.Done {
		return false, problem.New(fmt.Sprintf("restore its first %d statements; what follows them may be changed", last.Done),
			"%s was cut off after %d statements, and these were changed since", last.Name, last.Done)
	}
	r.id, r.done, r.out.Resumed, r.resumed = last.ID, last.Done, last.Done, true
	r.options.Say("going on after statement %d, where an earlier run was cut off", last.Done)
	return true, nil
}

// segments runs what is left of the file. Settings of the session are run again.
func (r *run) segments(ctx context.Context) error {
	at := 0
	for i, s := range r.file.Segments {
		from := at
		at += len(s.Statements)
		if at <= r.done && i < len(r.file.Segments)-1 {
			if err := r.settings(ctx, s); err != nil {
				return err
			}
			continue
		}
		last := i == len(r.file.Segments)-1
		var err error
		if s.Transactional {
			err = r.together(ctx, s, at, last)
		} else {
			err = r.oneByOne(ctx, s, from, last)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inForce adds to a failure what of the file is applied.
func (r *run) inForce(ctx context.Context, err error) error {
	said := "nothing was applied"
	if r.done > 0 {
		said = fmt.Sprintf("the first %d of %d statements are applied; apply the file again to go on from there", r.done, r.file.Statements())
	}
	var p *problem.Problem
	switch {
	case ctx.Err() != nil:
		return problem.New(said, "interrupted").Exit(problem.Interrupted)
	case errors.Is(err, errInDoubt), !errors.As(err, &p):
		return err
	}
	if p.Hint == "" {
		p.Hint = said
	} else {
		p.Message += "; " + said
	}
	return err
}

func (r *run) settings(ctx context.Context, s migfile.Segment) error {
	for _, st := range s.Statements {
		if migfile.SessionSetting(st.SQL) {
			if _, err := r.conn.ExecContext(ctx, st.SQL); err != nil {
				return Failed(r.file, st, err)
			}
		}
	}
	return nil
}

// together runs a transactional segment and its record in one transaction.
func (r *run) together(ctx context.Context, s migfile.Segment, done int, last bool) error {
	if done <= r.done && r.id != 0 {
		return r.history.progress(ctx, r.id, r.file, done, last)
	}
	err := r.patiently(ctx, func() error {
		id, table := r.id, r.history.table
		err := transaction(ctx, r.conn, func() error {
			for _, st := range s.Statements {
				if _, err := r.conn.ExecContext(ctx, st.SQL); err != nil {
					return Failed(r.file, st, err)
				}
			}
			var err error
			if id, err = r.record(ctx, done, last); err != nil {
				return err
			}
			return nil
		})
		if lost := r.lost(ctx, err, id, done); lost != nil {
			r.history.table = table // what made it was rolled back
			return lost
		}
		r.id = id
		return nil
	})
	if err == nil {
		r.done = done
	}
	return err
}

// record writes the progress into the history. Its own table must be found
// whatever the file did to the search path and the role.
func (r *run) record(ctx context.Context, done int, last bool) (int64, error) {
	if r.history.table == "" {
		if _, err := r.conn.ExecContext(ctx, "SET LOCAL lock_timeout = 0"); err != nil {
			return 0, err
		}
	}
	if err := r.history.ensure(ctx); err != nil {
		return 0, err
	}
	id := r.id
	if id == 0 {
		var err error
		if id, err = r.history.begin(ctx, r.file, r.started, r.options.Tool); err != nil {
			return 0, err
		}
	}
	return id, r.history.progress(ctx, id, r.file, done, last)
}

// lost settles a COMMIT whose answer never came: the history knows.
func (r *run) lost(ctx context.Context, err error, id int64, done int) error {
	var commit *commitError
	if err == nil || !errors.As(err, &commit) || !pgdb.Gone(commit.err) {
		return err
	}
	r.options.Say("the connection was lost at COMMIT; looking whether it was carried out")
	r.conn.Close()
	for range 20 {
		if again := r.connect(ctx); again == nil {
			if again = r.history.find(ctx); again != nil {
				return again
			}
			e, again := r.history.entry(ctx, id)
			if again != nil {
				return again
			}
			if e != nil && e.Name == NameOf(r.file) && e.Done >= done {
				return takeLock(ctx, r.conn, r.options.LockWait, r.options.Say)
			}
			return problem.Wrap(err, "apply it again", "the connection was lost, and the COMMIT was not carried out")
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

// errInDoubt: nobody can say whether a COMMIT was carried out.
var errInDoubt = errors.New("in doubt")

// oneByOne runs statements outside of transactions, each with its record.
func (r *run) oneByOne(ctx context.Context, s migfile.Segment, from int, last bool) error {
	if r.id == 0 {
		err := transaction(ctx, r.conn, func() (err error) {
			r.id, err = r.record(ctx, 0, false)
			return err
		})
		if err != nil {
			r.id = 0
			return err
		}
	}
	for i, st := range s.Statements {
		n := from + i + 1
		setting := migfile.SessionSetting(st.SQL)
		if n <= r.done && !setting {
			continue
		}
		first := !r.resumed || n-1 != r.out.Resumed
		err := r.patiently(ctx, func() error {
			err := r.alone(ctx, st, first)
			first = false
			return err
		})
		if err != nil {
			return err
		}
		end := last && i == len(s.Statements)-1
		if n > r.done || end {
			if err := r.history.progress(ctx, r.id, r.file, max(n, r.done), end); err != nil {
				return err
			}
			r.done = max(n, r.done)
		}
	}
	return nil
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
	if _, err := r.conn.ExecContext(ctx, st.SQL); err != nil {
		return Failed(r.file, st, err)
	}
	return nil
}

// patiently tries again when a lock could not be had in time, and for nothing
// else.
func (r *run) patiently(ctx context.Context, try func() error) error {
	for n := 1; ; n++ {
		err := try()
		code := pgdb.Code(err)
		if err == nil || code != pgdb.LockNotAvailable && code != pgdb.DeadlockDetected {
			return err
		}
		if n >= r.options.Tries {
			return problem.Wrap(err, "try when the table is less busy, or look for long transactions in pg_stat_activity",
				"a lock could not be had in %d tries: %v", n, err)
		}
		pause := time.Duration(float64(min(30*time.Second, 250*time.Millisecond<<min(n, 10))) * (0.5 + rand.Float64()))
		r.out.Tries++
		r.options.Say("a lock was not to be had (%v); try %d of %d in %s", err, n+1, r.options.Tries, pause.Round(100*time.Millisecond))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
