package pgdb

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"github.com/lib/pq"
)

// DB is a database that answered. Version is the server's, as in 150004.
type DB struct {
	*sql.DB
	Target  *Target
	Version int
	// Guard is there where the server is our own and the statements are not.
	Guard Guard
	// StandsFor is the role that the connection's own stands for, where that was
	// made for a run on somebody's server; "" where it is what it is.
	StandsFor string

	bounds bounds

	mu      sync.Mutex
	heard   func(*Error)
	notices []*Error
}

// Open connects to a target and asks its version.
func Open(ctx context.Context, t *Target) (*DB, error) { return open(ctx, t, 0) }

// open bounds the connections where there is a limit.
func open(ctx context.Context, t *Target, limit time.Duration) (*DB, error) {
	connector, err := pq.NewConnectorConfig(t.config)
	if err != nil {
		return nil, t.connectProblem(err)
	}
	db := &DB{Target: t}
	connector.Dialer(&db.bounds)
	if limit > 0 {
		db.bound(ctx, limit)
	}
	db.DB = sql.OpenDB(pq.ConnectorWithNoticeHandler(connector, func(e *pq.Error) { db.notice(e) }))
	db.SetMaxIdleConns(4)
	// The simple protocol (no arguments) also gets through connection poolers.
	if err := db.QueryRowContext(ctx, "SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4").Scan(&db.Version); err != nil {
		db.Close()
		return nil, t.connectProblem(err)
	}
	return db, nil
}

// Connect parses a connection string and opens it.
func Connect(ctx context.Context, dsn string) (*DB, error) {
	t, err := Parse(dsn)
	if err != nil {
		return nil, err
	}
	return Open(ctx, t)
}

// ConnectWithin is Connect for a run that ends soon after ctx: a time after that
// every connection ends, whether the server answers or not.
func ConnectWithin(ctx context.Context, dsn string, limit time.Duration) (*DB, error) {
	t, err := Parse(dsn)
	if err != nil {
		return nil, err
	}
	return open(ctx, t, limit)
}

// Major is the server's major version, as in 15.
func (db *DB) Major() int { return db.Version / 10000 }

func (db *DB) notice(e *pq.Error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.heard != nil {
		db.heard(convert(e))
		return
	}
	if len(db.notices) < maxNotices {
		db.notices = append(db.notices, convert(e))
	}
}

// Hear gives the server's notices and warnings to f as they come, in place of
// keeping them.
func (db *DB) Hear(f func(*Error)) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.heard = f
}

// maxNotices bounds what is kept of a chatty server.
const maxNotices = 1000

// Notices are the server's notices and warnings since the last call.
func (db *DB) Notices() []*Error {
	db.mu.Lock()
	defer db.mu.Unlock()
	n := db.notices
	db.notices = nil
	return n
}

// QuoteIdent quotes a name for SQL.
func QuoteIdent(name string) string { return pq.QuoteIdentifier(name) }

// QuoteLiteral quotes a text for SQL.
func QuoteLiteral(text string) string { return pq.QuoteLiteral(text) }

// TextRows are the rows of a query of one column of type text[].
func TextRows(ctx context.Context, conn *sql.Conn, query string) ([][]string, error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all [][]string
	for rows.Next() {
		var row []string
		if err := rows.Scan(pq.Array(&row)); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
