package apply

import (
	"context"
	"database/sql"
	"errors"
	"unicode/utf8"

	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/shared/problem"
)

// Execute runs a file's segments on one connection, without any history: what
// the proof does in a scratch database. A transactional segment that fails is
// rolled back.
func Execute(ctx context.Context, conn *sql.Conn, f *migfile.File) error {
	for _, s := range f.Segments {
		if err := segment(ctx, conn, f, s); err != nil {
			return err
		}
	}
	return nil
}

func segment(ctx context.Context, conn *sql.Conn, f *migfile.File, s migfile.Segment) error {
	if s.Transactional {
		if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
			return err
		}
	}
	for _, st := range s.Statements {
		if _, err := conn.ExecContext(ctx, st.SQL); err != nil {
			if s.Transactional {
				rollback(conn)
			}
			return Failed(f, st, err)
		}
	}
	if s.Transactional {
		if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
			rollback(conn)
			return commitFailed(f, s, err)
		}
	}
	return nil
}

// rollback works after the context has ended too.
func rollback(conn *sql.Conn) {
	conn.ExecContext(context.Background(), "ROLLBACK")
}

// commitFailed is a deferred constraint that does not hold, or a lost connection.
func commitFailed(f *migfile.File, s migfile.Segment, err error) error {
	if len(s.Statements) == 0 {
		return err
	}
	return Failed(f, s.Statements[len(s.Statements)-1], err)
}

// Failed is a statement that the server refused: where, and what it said.
func Failed(f *migfile.File, st sqltext.Statement, err error) error {
	e := pgdb.AsError(err)
	if e == nil || errors.Is(err, context.Canceled) {
		return err
	}
	message, hint := e.Explain()
	at := st.Offset
	for n := e.Position - 1; n > 0 && at < len(f.Text); n-- {
		_, size := utf8.DecodeRuneInString(f.Text[at:])
		at += size
	}
	line, column := sqltext.Position(f.Text, at)
	return problem.Wrap(err, hint, "%s (SQLSTATE %s)", message, e.Code).In(f.Path, line, column)
}
