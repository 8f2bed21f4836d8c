package whatif

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

// bed is a loaded database with the indexes of all contenders. Each query runs by
// turns with those of one of them: the others are dropped in a transaction that is
// rolled back, so that rows and statistics are the same for all.
type bed struct {
	name    string
	db      *pgdb.DB
	conn    *sql.Conn
	pid     int // of the server's process behind conn
	queries []benchQuery
	list    []*contender
	used    map[string]bool // names of indexes that a plan uses
}

type benchQuery struct {
	text  string // with its comment
	sql   string
	calls float64
}

// contender is somebody's indexes.
type contender struct {
	name   string
	wanted []string // CREATE INDEX
	names  []string // as the server called them
	bytes  int64
	costs  []float64
	times  []time.Duration
	plans  []string // their nodes and indexes
}

var callsOf = regexp.MustCompile(`-- calls: (\d+)`)

func newBed(t *testing.T, s scratch.Server, folder string) *bed {
	t.Helper()
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{name: filepath.Base(folder), db: db, used: map[string]bool{}}
	b.readQueries(t, folder)
	if b.conn, err = db.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.conn.Close() })
	if _, err := os.Stat(filepath.Join(folder, "load.sql")); err == nil {
		b.load(t, read(t, folder, "load.sql"))
	} else {
		b.load(t, read(t, folder, "schema.sql"))
		populate(t, b, folder)
	}
	// Workers would take time that is not seen here. (A scratch server has none anyway.)
	for _, sql := range []string{"VACUUM ANALYZE", "CREATE EXTENSION IF NOT EXISTS hypopg", "SET max_parallel_workers_per_gather = 0"} {
		b.exec(t, sql)
	}
	if err := b.conn.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&b.pid); err != nil {
		t.Fatal(err)
	}
	b.queries = slices.DeleteFunc(b.queries, func(q benchQuery) bool {
		_, err := b.conn.ExecContext(t.Context(), "EXPLAIN "+q.sql)
		if err != nil {
			t.Logf("left out, since the server does not take it: %.60s: %v", strings.Join(strings.Fields(q.sql), " "), err)
		}
		return err != nil
	})
	return b
}

func (b *bed) readQueries(t *testing.T, folder string) {
	t.Helper()
	var all []sqltext.Statement
	if _, err := os.Stat(filepath.Join(folder, "queries.sql")); err == nil {
		all = read(t, folder, "queries.sql")
	} else {
		all = readFolder(t, filepath.Join(folder, "queries"))
	}
	for _, s := range all {
		q := benchQuery{text: strings.Join(append(slices.Clone(s.Comments), s.SQL), "\n"), sql: s.SQL, calls: 1}
		if m := callsOf.FindStringSubmatch(q.text); m != nil {
			q.calls, _ = strconv.ParseFloat(m[1], 64)
		}
		b.queries = append(b.queries, q)
	}
}

func (b *bed) load(t *testing.T, list []sqltext.Statement) {
	t.Helper()
	for _, s := range list {
		if s.CopyLine == 0 {
			b.exec(t, s.SQL)
		} else if err := pgdb.CopyIn(t.Context(), b.conn, s.SQL, s.Copy); err != nil {
			t.Fatalf("%.100s: %v", s.SQL, err)
		}
	}
}

func (b *bed) exec(t *testing.T, sql string) {
	t.Helper()
	if _, err := b.conn.ExecContext(t.Context(), sql); err != nil {
		t.Fatalf("%.100s: %v", sql, err)
	}
}

// build makes the indexes of all contenders.
func (b *bed) build(t *testing.T, list []*contender) {
	t.Helper()
	b.list = list
	const indexes = "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index WHERE indexrelid >= 16384 ORDER BY indexrelid"
	known := map[string]bool{}
	expressions := false
	note := func(c *contender) {
		rows, err := b.conn.QueryContext(t.Context(), indexes)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var bytes int64
			if err := rows.Scan(&name, &bytes); err != nil {
				t.Fatal(err)
			}
			if !known[name] && c != nil {
				c.names, c.bytes = append(c.names, name), c.bytes+bytes
			}
			known[name] = true
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	note(nil)
	for n, c := range list {
		for _, sql := range c.wanted {
			// Two contenders may want an index of the same name.
			b.exec(t, namedIndex.ReplaceAllString(sql, fmt.Sprintf("CREATE INDEX ${1}_%d ON ", n)))
			expressions = expressions || strings.Contains(sql, "((") || strings.Contains(sql, ") (")
			note(c)
		}
	}
	if expressions { // whose values have statistics only then
		b.exec(t, "ANALYZE")
	}
}

var namedIndex = regexp.MustCompile(`^CREATE INDEX (\w+) ON `)

// Bounds of a measurement.
const (
	rounds  = 3               // at least
	confirm = 12              // of what seems slower than before
	enough  = 4 * time.Second // of one query with one contender, then no more rounds
	doubt   = 1.05            // times the time before
	longest = "SET LOCAL statement_timeout = '60s'"
)

// run measures one query with the indexes of each contender, by turns, and takes
// the least time of each. What seems slower than before is measured again, as
// often as needed to tell it from noise.
func (b *bed) run(t *testing.T, q benchQuery) {
	t.Helper()
	for _, c := range b.list {
		c.costs, c.times, c.plans = append(c.costs, 0), append(c.times, time.Duration(math.MaxInt64)), append(c.plans, "")
	}
	last := len(b.list[0].times) - 1
	spent := time.Duration(0)
	for round := range confirm {
		worst := 0.0
		for _, c := range b.list {
			worst = max(worst, ratio(c.times[last], b.list[0].times[last]))
		}
		if round >= rounds && worst < doubt || round > 0 && spent > enough {
			return
		}
		for n, c := range b.list {
			if n == 1 && spent > enough { // none again: what takes so long is told from noise without it
				c.times[last], c.costs[last] = b.list[0].times[last], b.list[0].costs[last]
				continue
			}
			took, top := b.once(t, c, q.sql)
			spent += took
			c.times[last], c.costs[last], c.plans[last] = min(c.times[last], took), top.Total, ""
			top.walk(func(n *node) {
				c.plans[last] += n.Type + " " + n.Relation + " " + n.Index + "\n"
				b.used[n.Index] = b.used[n.Index] || n.Index != "" && slices.Contains(c.names, n.Index)
			})
		}
	}
}

// once runs a query with the indexes of one contender and gives the CPU time that
// the server took.
func (b *bed) once(t *testing.T, c *contender, query string) (time.Duration, *node) {
	t.Helper()
	b.exec(t, "BEGIN")
	defer b.exec(t, "ROLLBACK")
	b.exec(t, longest)
	for _, other := range b.list {
		if other != c && len(other.names) > 0 {
			b.exec(t, "DROP INDEX "+strings.Join(other.names, ", "))
		}
	}
	var text string // also warms the caches that DROP has emptied
	if err := b.conn.QueryRowContext(t.Context(), "EXPLAIN (FORMAT JSON) "+query).Scan(&text); err != nil {
		t.Fatalf("%.100s: %v", query, err)
	}
	top, err := readPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	start := b.cpu(t)
	if err := all(t.Context(), b.conn, query); err != nil && pgdb.Code(err) != "57014" { // cancelled by the timeout: it took that long
		t.Fatalf("%.100s: %v", query, err)
	}
	return b.cpu(t) - start, top
}

func all(ctx context.Context, conn *sql.Conn, query string) error {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// cpu is the CPU time of the server's process so far, in nanoseconds.
func (b *bed) cpu(t *testing.T) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", b.pid))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(text, []byte(" "))
	n, err := strconv.ParseInt(string(first), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(n)
}

// doubles are indexes of a contender whose work another index does: the same
// table, method and condition, and its keys are the first of the other's.
func (b *bed) doubles(t *testing.T, c *contender) (found []string) {
	t.Helper()
	others := []string{}
	for _, o := range b.list {
		if o != c {
			others = append(others, o.names...)
		}
	}
	quoted := func(names []string) string {
		var all []string
		for _, n := range names {
			all = append(all, pgdb.QuoteLiteral(n))
		}
		return "ARRAY[" + strings.Join(all, ", ") + "]::text[]"
	}
	rows, err := b.conn.QueryContext(t.Context(), `WITH i AS (SELECT x.indexrelid::regclass::text AS name, x.indrelid, c.relam, pg_get_expr(x.indpred, x.indrelid) AS part, x.indnatts,
			array(SELECT pg_get_indexdef(x.indexrelid, n, true) || x.indoption[n - 1] || x.indclass[n - 1] FROM generate_series(1, x.indnkeyatts) n) AS keys,
			array(SELECT pg_get_indexdef(x.indexrelid, n, true) FROM generate_series(1, x.indnatts) n) AS columns
			FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE x.indexrelid >= 16384)
		SELECT a.name || ' beside ' || b.name FROM i a JOIN i b ON a.indrelid = b.indrelid AND a.relam = b.relam AND a.name <> b.name
		WHERE a.name = ANY (`+quoted(c.names)+`) AND NOT b.name = ANY (`+quoted(others)+`) AND a.part IS NOT DISTINCT FROM b.part
			AND b.keys[1:array_length(a.keys, 1)] = a.keys AND a.columns <@ b.columns`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		found = append(found, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
