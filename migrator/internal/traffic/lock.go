package traffic

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// watcher knows the tables and views that were there before, and sees which
// locks of a session stop others from reading or writing them.
type watcher struct {
	pid    string
	tables map[string]*Table // by their numbers
}

// stops are the locks that stop others.
const stopsQuery = `SELECT ARRAY[l.relation::text, (l.mode = 'AccessExclusiveLock')::text] FROM pg_catalog.pg_locks l
	WHERE l.locktype = 'relation' AND l.pid = %s AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
	AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())`

// held is the tables that others cannot write now, and whether they can read them.
func (w *watcher) held(ctx context.Context, conn *sql.Conn) (map[*Table]bool, error) {
	rows, err := pgdb.TextRows(ctx, conn, fmt.Sprintf(stopsQuery, w.pid))
	if err != nil {
		return nil, err
	}
	found := map[*Table]bool{}
	for _, row := range rows {
		if t := w.tables[row[0]]; t != nil {
			found[t] = found[t] || row[1] == "true"
		}
	}
	return found, nil
}

// stretch is the time since a lock was asked for.
type stretch struct {
	began     time.Time
	cpu       time.Duration
	statement string
}

// stretches are those that are still going on.
type stretches struct {
	w     *watcher
	read  map[*Table]stretch
	write map[*Table]stretch
}

func (w *watcher) begin() *stretches {
	return &stretches{w, map[*Table]stretch{}, map[*Table]stretch{}}
}

// see notes the locks that are there after a statement that began with s.
func (ss *stretches) see(found map[*Table]bool, s stretch) {
	for t, unreadable := range found {
		if _, ok := ss.write[t]; !ok {
			ss.write[t] = s
		}
		if _, ok := ss.read[t]; !ok && unreadable {
			ss.read[t] = s
		}
	}
}

// end ends all stretches.
func (ss *stretches) end() {
	now, cpu := time.Now(), ss.w.cpu()
	for t, s := range ss.read {
		t.Unreadable.add(now.Sub(s.began), cpu-s.cpu, s.statement)
	}
	for t, s := range ss.write {
		t.Unwritable.add(now.Sub(s.began), cpu-s.cpu, s.statement)
	}
}

// start is the beginning of a statement.
func (w *watcher) start(statement string) stretch { return stretch{time.Now(), w.cpu(), statement} }

// cpu is how long the session's process has run, where this machine is a Linux
// one and the server runs here; else 0.
func (w *watcher) cpu() time.Duration {
	text, err := os.ReadFile("/proc/" + w.pid + "/schedstat")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	n, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(n)
}
