package apply

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/history"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// Options say how files are applied.
type Options struct {
	// LockWait is how long another run is waited for.
	LockWait time.Duration
	// LockTimeout is how long a statement waits for a lock on a table, where the
	// file does not say itself; Tries is how often it is tried.
	LockTimeout time.Duration
	Tries       int
	// History is which of several histories in the database counts; "" is the one
	// that has no name.
	History string
	// Tool is written into the history.
	Tool string
	// Accept takes a file that was changed after it was applied as it is now.
	Accept bool
	// AnySchema applies a file also where the schema is not what it was planned for.
	AnySchema bool
	// Keep is a text as it may be kept in the history: without secrets, or "".
	Keep func(text string) string
	// Say is told what a user should see while it runs.
	Say func(format string, args ...any)
	// Progress is told how far a long statement is; "" that it has ended. It may
	// be nil.
	Progress func(text string)
}

// Session is a connection that holds the lock of migrations.
type Session struct {
	// History is the table behind the connection.
	History *history.Table

	db      *pgdb.DB
	conn    *sql.Conn
	options Options
	entries []*history.Entry
	eyes    *eyes
	answers *pgdb.Answers // on conn; nil where they cannot be read
	locked  bool
	used    bool // a file may have left settings behind
	// oneByOneOnly: something in the database looks at the text of what is sent.
	oneByOneOnly bool
}

// Open connects, refuses what cannot work, takes the lock and reads the history.
func Open(ctx context.Context, db *pgdb.DB, o Options) (*Session, error) {
	s := &Session{db: db, options: o}
	if err := s.connect(ctx); err != nil {
		return nil, db.Explain(err)
	}
	if err := s.begin(ctx); err != nil {
		s.Close(ctx)
		return nil, db.Explain(err)
	}
	return s, nil
}

func (s *Session) begin(ctx context.Context) (err error) {
	if err := refuseReadOnly(ctx, s.conn); err != nil {
		return err
	}
	if err := refusePooler(ctx, s.db.DB, s.conn); err != nil {
		return err
	}
	if err := takeLock(ctx, s.conn, s.options.LockWait, s.options.Say); err != nil {
		return err
	}
	s.locked = true
	if s.oneByOneOnly, err = s.lookedAt(ctx); err != nil {
		return err
	}
	if err := s.History.Find(ctx); err != nil {
		return err
	}
	return s.Reread(ctx)
}

// Reread reads the history anew.
func (s *Session) Reread(ctx context.Context) (err error) {
	s.entries, err = s.History.Entries(ctx)
	return err
}

// Entries are the rows of the history, the oldest first.
func (s *Session) Entries() []*history.Entry { return s.entries }

// Say tells a user something.
func (s *Session) Say(format string, args ...any) { s.options.Say(format, args...) }

// Conn is the connection, for what belongs into the lock.
func (s *Session) Conn() *sql.Conn { return s.conn }

// Record writes rows into the history in a transaction of its own, and reads it
// anew.
func (s *Session) Record(ctx context.Context, write func() error) error {
	err := transaction(ctx, s.conn, "", func() error {
		if err := s.History.Ensure(ctx); err != nil {
			return err
		}
		return write()
	})
	if err != nil {
		return s.db.Explain(err)
	}
	return s.Reread(ctx)
}

// Close gives the lock back.
func (s *Session) Close(ctx context.Context) {
	if s.conn == nil {
		return
	}
	if s.eyes != nil {
		s.eyes.close()
	}
	if s.locked {
		ctx, cancel := ending(ctx)
		defer cancel()
		s.conn.ExecContext(ctx, "SELECT pg_catalog.pg_advisory_unlock("+lockKey+")")
	}
	s.conn.Close()
	s.conn = nil
}

// connect connects, or connects again.
func (s *Session) connect(ctx context.Context) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	s.conn, s.used = conn, false
	if s.History == nil {
		s.History = history.On(conn, s.options.History)
	} else {
		s.History = s.History.Moved(conn)
	}
	var pid int
	if err := conn.QueryRowContext(ctx, "SELECT pg_catalog.pg_backend_pid()").Scan(&pid); err != nil {
		return err
	}
	if s.eyes != nil {
		s.eyes.close()
	}
	s.eyes = newEyes(ctx, s.db, pid, s.options)
	s.answers = s.db.Answers(pid)
	_, err = conn.ExecContext(ctx, s.lockTimeout())
	return err
}

func (s *Session) lockTimeout() string {
	return fmt.Sprintf("SET lock_timeout = %d", s.options.LockTimeout.Milliseconds())
}

// reset is what takes back what the file before has set in the session.
func (s *Session) reset() string {
	return strings.Join(s.resets(), "; ")
}

func (s *Session) resets() []string {
	return []string{"RESET SESSION AUTHORIZATION", "RESET ALL", "DEALLOCATE ALL", "DISCARD TEMP", s.lockTimeout()}
}

// Job is a file with what belongs to it.
type Job struct {
	File *migfile.File
	// Version is what the directory calls it; "" for a file of its own.
	Version string
	// Beside are statements for the history of another runner, in the transaction
	// of the file's own row.
	Beside []string
	// Partly: it takes back a migration of which only a part was applied, without
	// the statements in Skipped (from 1).
	Partly  bool
	Skipped []int
	// Again: it is run again when it was changed.
	Again bool
}

// Outcome is what applying a file came to.
type Outcome struct {
	Entry    *history.Entry
	Already  bool // it was applied before: nothing was done
	Accepted bool // it was changed, and that was accepted
	Resumed  int  // statements that an earlier run had done
	Tries    int  // how often locks had to be tried again
	Took     time.Duration
}

// Run runs one file, once, and writes that into the history.
func (s *Session) Run(ctx context.Context, j Job) (*Outcome, error) {
	r := &run{Session: s, job: j, file: j.File, out: &Outcome{}, started: time.Now()}
	goOn, err := r.judge(ctx)
	if err != nil || !goOn {
		return r.out, s.db.Explain(err)
	}
	if err := r.fits(ctx); err != nil {
		return r.out, s.db.Explain(err)
	}
	r.stale = s.used
	defer func() { s.used = true }() // also where the session is another one by then
	if len(j.Skipped) > 0 {
		r.skip(j.Skipped)
	}
	if err := r.segments(ctx); err != nil {
		return r.out, r.inForce(ctx, s.db.Explain(err))
	}
	r.out.Took = time.Since(r.started)
	r.out.Entry = r.entry()
	s.entries = append(s.entries, r.out.Entry)
	return r.out, nil
}

// refuseReadOnly finds a server or a role that cannot write.
func refuseReadOnly(ctx context.Context, conn *sql.Conn) error {
	var standby, readOnly bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool").Scan(&standby, &readOnly); err != nil {
		return err
	}
	switch {
	case standby:
		return problem.New("connect to the primary server", "the database is a read-only standby: nothing can be written there")
	case readOnly:
		return problem.New("look for default_transaction_read_only in the settings of the role, the database and the server", "the session is read-only: nothing can be written")
	}
	return nil
}
