package advise

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

var writes = flag.Bool("writes", false, "measure on a real server what an index costs when rows are written")

// TestWriteCosts measures the prices of write.go: the CPU time of the session that
// writes, and of VACUUM after it, with and without indexes.
func TestWriteCosts(t *testing.T) {
	if !*writes {
		t.Skip("a measurement: -writes")
	}
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Trusted: true, Large: true, Settings: []string{"shared_buffers=512MB", "autovacuum=off", "max_wal_size=4GB"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // the session whose time is taken
	w := &writer{t: t, db: db}
	w.do("CREATE EXTENSION pg_trgm")
	none, three := w.cost(), w.cost("(a)", "(b)", "(s)")
	entry := (three.insert - none.insert) / 3
	gin, trigrams, brin := w.cost("USING gin (tags)"), w.cost("USING gin (s gin_trgm_ops)"), w.cost("USING brin (at)")
	hot, lost := none.update, w.cost("(n)").update
	w.figure("an entry of a btree", entry, entryTime)
	w.figure("a key of GIN, of two keys", (gin.insert-none.insert)/2, ginKeyTime)
	w.figure("a key of GIN, of 35 trigrams", (trigrams.insert-none.insert)/35, ginKeyTime)
	w.figure("an entry of BRIN", brin.insert-none.insert, entryTime*brinShare)
	w.figure("a row deleted, for each btree", (three.remove-none.remove)/3, entryTime*deletedShare)
	w.figure("an update that is not HOT any more", lost-hot, 2*entryTime+hotLoss) // entries of the primary key and its own
}

// writer measures what writing costs.
type writer struct {
	t  *testing.T
	db *pgdb.DB
}

// price is CPU time for each row in milliseconds, with its share of VACUUM.
type price struct{ insert, update, remove float64 }

const written = 60_000

// cost makes a table of 200,000 rows with some indexes, and writes row by row, in no
// order, as applications do.
func (w *writer) cost(indexes ...string) (p price) {
	const rows = "g, (hashint8(g) & 1048575)::bigint, (hashint8(g * 7) & 1048575)::bigint, md5(g::text), ARRAY['t' || g % 2000, 'u' || hashint8(g) % 500], '2026-01-01'::timestamptz + g * interval '1 minute', (hashint8(g * 11) & 1048575)::int"
	w.do("DROP TABLE IF EXISTS w", "CREATE TABLE w (id bigint PRIMARY KEY, a bigint, b bigint, s text, tags text[], at timestamptz, n int) WITH (fillfactor = 45)")
	w.do(fmt.Sprintf("INSERT INTO w SELECT %s FROM generate_series(1, 200000) g", rows))
	for _, i := range indexes {
		w.do("CREATE INDEX ON w " + i)
	}
	w.do("VACUUM FREEZE ANALYZE w", "CHECKPOINT")
	p.insert = w.time(fmt.Sprintf("DO $$ BEGIN FOR g IN 200001..%d LOOP INSERT INTO w SELECT %s; END LOOP; END $$", 200000+written, rows))
	// 7919 has no divisor in common with the number of rows: each row comes once.
	p.update = w.time(fmt.Sprintf("DO $$ BEGIN FOR g IN 1..%d LOOP UPDATE w SET n = (hashint8(g * 13) & 1048575)::int WHERE id = g * 7919::bigint %% 200000; END LOOP; END $$", written))
	p.remove = w.time(fmt.Sprintf("DO $$ BEGIN FOR g IN 1..%d LOOP DELETE FROM w WHERE id = g * 7919::bigint %% 200000; END LOOP; END $$", written))
	return p
}

// time is the CPU time of the session for each row, VACUUM included.
func (w *writer) time(sql string) float64 {
	before := w.ticks()
	w.do(sql, "VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) w")
	const perTick = 10 // ms
	return float64(w.ticks()-before) * perTick / written
}

func (w *writer) do(statements ...string) {
	w.t.Helper()
	for _, sql := range statements {
		if _, err := w.db.ExecContext(w.t.Context(), sql); err != nil {
			w.t.Fatalf("%.60s: %v", sql, err)
		}
	}
}

// ticks are those of the session, of which Linux counts a hundred in a second.
func (w *writer) ticks() int {
	var pid int
	if err := w.db.QueryRowContext(w.t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		w.t.Fatal(err)
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		w.t.Skip(err)
	}
	_, fields, _ := strings.Cut(string(stat), ") ")
	const utime = 11
	sum := 0
	for _, f := range strings.Fields(fields)[utime : utime+2] {
		n, err := strconv.Atoi(f)
		if err != nil {
			w.t.Fatal(err)
		}
		sum += n
	}
	return sum
}

// figure logs a price, and holds the constant to its order of magnitude.
func (w *writer) figure(what string, measured, constant float64) {
	w.t.Helper()
	w.t.Logf("figure | %s: measured; the constant | %.1f µs; %.1f µs |", what, 1000*measured, 1000*constant)
	if measured > 3*constant || measured < constant/3 {
		w.t.Errorf("%s: the constant is not of the order of what was measured", what)
	}
}
