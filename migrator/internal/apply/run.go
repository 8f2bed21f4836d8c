package apply

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// Runner runs a statement on one connection. A scratch database's stands between
// the statement and the server.
type Runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Execute runs a file's segments on one connection, without any history: what
// the proof does in a scratch database. It starts at a place, and says where it
// stopped: at the beginning of a transaction, or at a statement outside of one.
func Execute(ctx context.Context, conn Runner, f *migfile.File, from Place) (Place, error) {
	for at := from; at.Segment < len(f.Segments); at = (Place{Segment: at.Segment + 1}) {
		s := f.Segments[at.Segment]
		if s.Transactional {
			if err := inTransaction(ctx, conn, f, s); err != nil {
				return at, err
			}
			continue
		}
		for ; at.Statement < len(s.Statements); at.Statement++ {
			st := s.Statements[at.Statement]
			if _, err := conn.ExecContext(ctx, st.SQL); err != nil {
				return at, Failed(f, st, err)
			}
		}
	}
	return Place{Segment: len(f.Segments)}, nil
}

// Place is a statement of a file.
type Place struct{ Segment, Statement int }

func outside(ctx context.Context, conn Runner, f *migfile.File, s migfile.Segment) error {
	for _, st := range s.Statements {
		if _, err := conn.ExecContext(ctx, st.SQL); err != nil {
			return Failed(f, st, err)
		}
	}
	return nil
}

func inTransaction(ctx context.Context, conn Runner, f *migfile.File, s migfile.Segment) error {
	return transaction(ctx, conn, s.Begin, func() error {
		return outside(ctx, conn, f, s)
	})
}

// transaction runs do between BEGIN, or what a file says in its place, and COMMIT,
// or rolls back.
func transaction(ctx context.Context, conn Runner, begin string, do func() error) error {
	if _, err := conn.ExecContext(ctx, cmp.Or(begin, "BEGIN")); err != nil {
		return err
	}
	if err := do(); err != nil {
		rollback(ctx, conn)
		return err
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		rollback(ctx, conn)
		return &commitError{err}
	}
	return nil
}

// commitError is a COMMIT that did not come back well: a deferred constraint
// that does not hold, or a lost connection, after which nobody knows.
type commitError struct{ err error }

func (e *commitError) Error() string {
	if pg := pgdb.AsError(e.err); pg != nil {
		message, _ := pg.Explain()
		return "at COMMIT: " + message
	}
	return "at COMMIT: " + e.err.Error()
}

func (e *commitError) Unwrap() error { return e.err }

// rollback works after the context has ended too.
func rollback(ctx context.Context, conn Runner) {
	ctx, cancel := ending(ctx)
	defer cancel()
	conn.ExecContext(ctx, "ROLLBACK")
}

// endLimit is how long tidying up may take after the work has ended, perhaps by ^C.
const endLimit = 2 * time.Second

// ending is the context of tidying up after a run whose own context may have ended.
func ending(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), endLimit)
}

// Failed is a statement that the server refused: where, and what it said.
func Failed(f *migfile.File, st sqltext.Statement, err error) error {
	return failedBehind("", f, st, err)
}

// failedBehind is Failed for a statement that was sent behind another one.
func failedBehind(before string, f *migfile.File, st sqltext.Statement, err error) error {
	e := pgdb.AsError(err)
	if e == nil || errors.Is(err, context.Canceled) {
		return err
	}
	own := *e
	own.Position = max(0, e.Position-utf8.RuneCountInString(before))
	message, hint := own.ExplainIn(st.SQL)
	at := st.Offset
	for n := own.Position - 1; n > 0 && at < len(f.Text); n-- {
		_, size := utf8.DecodeRuneInString(f.Text[at:])
		at += size
	}
	line, column := sqltext.Position(f.Text, at)
	return problem.Wrap(&StatementError{st.SQL, st.Offset, err}, hint, "%s (SQLSTATE %s)", message, e.Code).In(f.Path, line, column)
}

// StatementError says which statement the server refused.
type StatementError struct {
	SQL    string
	Offset int // in the text, in bytes
	Err    error
}

// Error is the server's message.
func (e *StatementError) Error() string { return e.Err.Error() }

func (e *StatementError) Unwrap() error { return e.Err }
