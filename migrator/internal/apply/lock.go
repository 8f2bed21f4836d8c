package apply

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/seniorbackend/tools/shared/problem"
)

// lockKey is the advisory lock that one run at a time holds in a database
// ("migr", "appl").
const lockKey = "1835624306, 1634758764"

// holder is who has the lock.
type holder struct {
	pid                   int
	role, program, client string
	since                 time.Time
}

func (h holder) String() string {
	return fmt.Sprintf("%s (process %d, role %s%s) since %s", h.program, h.pid, h.role, h.client, h.since.UTC().Format("15:04:05 MST"))
}

// takeLock waits up to budget for the lock. It asks again and again: a session
// that waits in PostgreSQL itself would stop a CREATE INDEX CONCURRENTLY of the
// one that has the lock.
func takeLock(ctx context.Context, conn *sql.Conn, budget time.Duration, say func(string, ...any)) error {
	deadline := time.Now().Add(budget)
	shown := 0
	for {
		var got bool
		if err := conn.QueryRowContext(ctx, "SELECT pg_catalog.pg_try_advisory_lock("+lockKey+")").Scan(&got); err != nil {
			return fmt.Errorf("taking the lock: %w", err)
		}
		if got {
			return nil
		}
		who, err := lockHolder(ctx, conn)
		if err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return problem.New("wait for it, or give it more time with --lock-wait", "another migration is running: %s", who)
		}
		if who.pid != shown {
			say("waiting for another migration: %s", who)
			shown = who.pid
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
	}
}

func lockHolder(ctx context.Context, conn *sql.Conn) (holder, error) {
	h := holder{program: "unknown"}
	err := conn.QueryRowContext(ctx, `SELECT a.pid, coalesce(a.usename, ''), coalesce(nullif(a.application_name, ''), 'a program'),
		coalesce(', from ' || host(a.client_addr), ''), coalesce(a.backend_start, now())
		FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
		WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
		AND (l.classid::bigint, l.objid::bigint) = (`+lockKey+`) LIMIT 1`).Scan(&h.pid, &h.role, &h.program, &h.client, &h.since)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil // it was given back meanwhile
	}
	return h, err
}

// refusePooler finds a connection pooler that gives each transaction another
// session: locks and settings would be lost. There, two connections that are
// open at once can be the same server process.
func refusePooler(ctx context.Context, db *sql.DB, conn *sql.Conn) error {
	other, err := db.Conn(ctx)
	if err != nil {
		return nil // no second connection to be had: nothing can be said
	}
	defer other.Close()
	var a, b int
	for range 2 {
		if err := conn.QueryRowContext(ctx, "SELECT pg_catalog.pg_backend_pid()").Scan(&a); err != nil {
			return err
		}
		if err := other.QueryRowContext(ctx, "SELECT pg_catalog.pg_backend_pid()").Scan(&b); err != nil {
			return nil
		}
		if a == b {
			return problem.New("connect to PostgreSQL itself, or to a pool in session mode",
				"a connection pooler in transaction mode stands before the database: it would lose the migration's lock")
		}
	}
	return nil
}
