package apply

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// eyes look, through a second connection, whom a long statement waits for and how
// far it is. Without a second connection they see nothing. One goroutine does that
// for all statements of a session: most are over before anybody looks.
type eyes struct {
	db      *pgdb.DB
	pid     int // of the connection that migrates
	options Options
	close   context.CancelFunc

	mu      sync.Mutex
	since   time.Time // when the present statement began; zero is none
	looking *looking  // at the present statement; nil is not yet
	last    string    // who blocked the last statement
}

// looking is one statement that is being looked at.
type looking struct {
	stop  context.CancelFunc
	ended chan struct{}
}

// How often, and from when on, a statement is looked at.
const (
	wakeEvery = 100 * time.Millisecond
	lookAfter = 300 * time.Millisecond
	lookEvery = 250 * time.Millisecond
	tellAfter = 4 // looks
)

// newEyes are eyes that are awake until they are closed.
func newEyes(ctx context.Context, db *pgdb.DB, pid int, o Options) *eyes {
	ctx, cancel := context.WithCancel(ctx)
	e := &eyes{db: db, pid: pid, options: o, close: cancel}
	go e.wake(ctx)
	return e
}

func (e *eyes) wake(ctx context.Context) {
	every := time.NewTicker(wakeEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		if at, l := e.begin(ctx); l != nil {
			e.look(at)
			close(l.ended)
		}
	}
}

// begin begins to look at the present statement, where it has been running for long
// enough and nobody has looked at it.
func (e *eyes) begin(ctx context.Context) (context.Context, *looking) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.since.IsZero() || time.Since(e.since) < lookAfter || e.looking != nil {
		return nil, nil
	}
	at, stop := context.WithCancel(ctx)
	e.looking = &looking{stop, make(chan struct{})}
	return at, e.looking
}

// open says that a statement begins.
func (e *eyes) open() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.since, e.last, e.looking = time.Now(), "", nil
}

// shut says that it has ended.
func (e *eyes) shut() {
	e.mu.Lock()
	e.since = time.Time{}
	l := e.looking
	e.mu.Unlock()
	if l == nil {
		return
	}
	l.stop()
	<-l.ended
	if e.options.Progress != nil {
		e.options.Progress("")
	}
}

// blocker is who was waited for when the last statement ended.
func (e *eyes) blocker() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.last
}

func (e *eyes) look(ctx context.Context) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return
	}
	defer conn.Close()
	told := ""
	for n := 1; ; n++ {
		who, pid, err := e.holder(ctx, conn)
		if err != nil {
			return
		}
		e.mu.Lock()
		if who != "" {
			e.last = who
		}
		e.mu.Unlock()
		if who != "" && n >= tellAfter && told != pid {
			told = pid
			e.options.Say("waiting for a lock; it is held by %s", who)
		}
		if e.options.Progress != nil {
			if text, err := e.progress(ctx, conn); err == nil && text != "" {
				e.options.Progress(text)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
	}
}

// holder is the session that holds what the statement waits for; "" is none.
func (e *eyes) holder(ctx context.Context, conn *sql.Conn) (who, pid string, err error) {
	var role, program, client, state, query string
	var since time.Time
	err = conn.QueryRowContext(ctx, fmt.Sprintf(`SELECT a.pid, coalesce(a.usename, ''), coalesce(nullif(a.application_name, ''), a.backend_type, 'a program'),
		coalesce(', from ' || pg_catalog.host(a.client_addr), ''), coalesce(a.state, ''), coalesce(a.xact_start, a.backend_start, pg_catalog.now()), coalesce(a.query, '')
		FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(%d)) AS b (pid) JOIN pg_catalog.pg_stat_activity a USING (pid)
		ORDER BY a.xact_start LIMIT 1`, e.pid)).Scan(&pid, &role, &program, &client, &state, &since, &query)
	if err == sql.ErrNoRows {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	who = fmt.Sprintf("%s (process %s, role %s%s) since %s", program, pid, role, client, since.UTC().Format("15:04:05 MST"))
	if e.options.Keep != nil {
		query = e.options.Keep(query)
	}
	if query = brief(query); query != "" {
		who += ", " + map[bool]string{true: "last statement", false: "statement"}[strings.HasPrefix(state, "idle")] + ": " + query
	}
	return who, pid, nil
}

// brief is a statement on one line, cut.
func brief(sql string) string {
	s := []rune(strings.Join(strings.Fields(sql), " "))
	if len(s) > 80 {
		return string(s[:79]) + "…"
	}
	return string(s)
}

// progress is how far the statement is, where PostgreSQL says so.
func (e *eyes) progress(ctx context.Context, conn *sql.Conn) (string, error) {
	views := `SELECT 1 AS rank, 'building an index: ' || phase AS what, CASE WHEN tuples_total > 0 THEN tuples_done ELSE blocks_done END AS done, CASE WHEN tuples_total > 0 THEN tuples_total ELSE blocks_total END AS total FROM pg_catalog.pg_stat_progress_create_index WHERE pid = $
		UNION ALL SELECT 2, 'rewriting the table: ' || phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_cluster WHERE pid = $
		UNION ALL SELECT 3, 'vacuum: ' || phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = $
		UNION ALL SELECT 4, 'analyze: ' || phase, sample_blks_scanned, sample_blks_total FROM pg_catalog.pg_stat_progress_analyze WHERE pid = $`
	if e.db.Major() >= 14 {
		views += ` UNION ALL SELECT 5, 'copying' || CASE WHEN bytes_total = 0 THEN ': ' || tuples_processed || ' rows' ELSE '' END, bytes_processed, bytes_total FROM pg_catalog.pg_stat_progress_copy WHERE pid = $`
	}
	var what string
	var done, total int64
	err := conn.QueryRowContext(ctx, "SELECT what, coalesce(done, 0), coalesce(total, 0) FROM ("+strings.ReplaceAll(views, "$", fmt.Sprint(e.pid))+") v ORDER BY rank LIMIT 1").Scan(&what, &done, &total)
	if err == sql.ErrNoRows {
		return "", nil
	}
	if err != nil || total <= 0 {
		return what, err
	}
	return fmt.Sprintf("%s, %d %%", what, min(100, done*100/total)), nil
}
