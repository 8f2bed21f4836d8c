package pgdb

import (
	"context"
	"database/sql"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// Guard stands between statements of others and a scratch database of ours. It
// makes what the role of the connection has no right to make and may have made.
type Guard interface {
	// Exec runs one statement; inside tells that a transaction is open.
	Exec(ctx context.Context, db *DB, conn *sql.Conn, inside bool, query string) (sql.Result, error)
	// Alone tells that a statement cannot be sent with others.
	Alone(query string) bool
	// Adopt makes the role a member of all roles that were made since.
	Adopt(ctx context.Context, conn *sql.Conn) error
	// Thaw gives a reading transaction the schema as it was written: what would
	// let it out is out of use otherwise.
	Thaw(ctx context.Context, tx *sql.Tx) error
}

// Runner runs statements one by one on a connection, through the database's
// guard where there is one.
type Runner struct {
	db     *DB
	conn   *sql.Conn
	inside bool // a transaction is open
}

// Runner runs statements on a connection to the database.
func (db *DB) Runner(conn *sql.Conn) *Runner { return &Runner{db: db, conn: conn} }

// ExecContext runs one statement.
func (r *Runner) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if r.db.Guard == nil || len(args) > 0 {
		return r.conn.ExecContext(ctx, query, args...)
	}
	var inside bool
	switch w := append(sqltext.Words(query, 2), "", ""); {
	case w[0] == "begin", w[0] == "start":
		inside = true
	case w[0] == "commit", w[0] == "end", w[0] == "abort", w[0] == "rollback" && w[1] != "to":
		inside = false
	default:
		return r.db.Guard.Exec(ctx, r.db, r.conn, r.inside, query)
	}
	result, err := r.conn.ExecContext(ctx, query)
	if err == nil || !inside {
		r.inside = inside
	}
	return result, err
}

// Alone tells that a statement cannot be sent with others.
func (r *Runner) Alone(query string) bool { return r.db.Guard != nil && r.db.Guard.Alone(query) }
