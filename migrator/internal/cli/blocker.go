package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/shared/problem"
)

// Reading a schema takes weak locks on tables and views; a session that has
// locked one of them whole makes the reader wait.
const (
	blockerEvery = time.Second      // how often it is looked whether the reader waits
	blockerLimit = 60 * time.Second // how long it waits for the same sessions
)

// readCatalog reads a live database's catalog. It says whom it waits for, and
// gives up after a while.
func readCatalog(ctx context.Context, db *pgdb.DB, say func(string), limit time.Duration) (*catalog.Catalog, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	session := make(chan int, 1)
	go func() {
		select {
		case <-ctx.Done():
		case pid := <-session:
			if err := awaitBlockers(ctx, db, pid, say, limit); err != nil {
				cancel(err)
			}
		}
	}()
	c, err := catalog.Read(ctx, db.DB, catalog.Options{Sizes: true, Session: func(pid int) { session <- pid }})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return nil, cause
	}
	return c, err
}

// awaitBlockers looks whether a session waits for a lock, and says who holds it.
// It gives an error when that goes on for too long, and nil when ctx ends.
func awaitBlockers(ctx context.Context, db *pgdb.DB, pid int, say func(string), limit time.Duration) error {
	said := ""
	var since time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(min(blockerEvery, limit)):
		}
		who, err := blockers(ctx, db, pid)
		switch {
		case err != nil || who == "": // who may not be asked; the reader goes on by itself
			said, since = "", time.Time{}
		case who != said:
			say("waiting for a lock that is held by " + who)
			said, since = who, time.Now()
		case time.Since(since) >= limit:
			return problem.New("try again when that session has ended its transaction, or end it with SELECT pg_terminate_backend(…)",
				"the schema cannot be read: a lock is held by %s", who)
		}
	}
}

// blockers says which sessions another one waits for; "" is none.
func blockers(ctx context.Context, db *pgdb.DB, pid int) (string, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	rows, err := pgdb.TextRows(ctx, conn, fmt.Sprintf(`SELECT ARRAY[a.pid::text, coalesce(a.usename::text, ''), coalesce(a.application_name, ''),
		coalesce(pg_catalog.to_char(a.xact_start, 'HH24:MI:SS'), ''), coalesce(a.query, '')]
		FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(%d)) b (pid) JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start`, pid))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	var all []string
	for _, r := range rows {
		who := "session " + r[0]
		if by := strings.TrimSpace(r[1] + " " + r[2]); by != "" {
			who += " (" + by + ")"
		}
		if r[3] != "" {
			who += ", in a transaction since " + r[3]
		}
		if q := short(shown(r[4]), 80); q != "" {
			who += ": " + q
		}
		all = append(all, who)
	}
	return strings.Join(all, "; "), nil
}
