package whatif

import (
	"context"
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

var workloads = flag.String("workloads", "", "folders of workloads, parted by commas, to measure advice on: each with load.sql, queries.sql and expert.sql")

// TestAdviceAgainstAnExpert loads each workload, asks for advice, and runs the
// queries without further indexes, with those of an expert, with ours, and with
// those of dexter where it is on the PATH, all in one run and by turns. It logs
// planner cost and measured time as shares of those without indexes.
func TestAdviceAgainstAnExpert(t *testing.T) {
	if *workloads == "" {
		t.Skip("a measurement: -workloads testdata/web")
	}
	for folder := range strings.SplitSeq(*workloads, ",") {
		t.Run(filepath.Base(folder), func(t *testing.T) { measure(t, folder) })
	}
}

// contender is a database with somebody's indexes.
type contender struct {
	name    string
	indexes []string
	db      *pgdb.DB
	bytes   int64
	costs   []float64
	times   []time.Duration
}

func measure(t *testing.T, folder string) {
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Listen: true, Large: true, Settings: []string{"shared_buffers=512MB", "work_mem=16MB"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	load, queries := statements(t, folder, "load.sql"), statements(t, folder, "queries.sql")
	none := prepare(t, s, &contender{name: "none"}, load)
	ours := advised(t, none, folder)
	all := []*contender{none, {name: "expert", indexes: statements(t, folder, "expert.sql")}, {name: "ours", indexes: ours}}
	if found, ok := dexter(t, s, none, folder); ok {
		all = append(all, &contender{name: "dexter", indexes: found})
	}
	for _, c := range all[1:] {
		prepare(t, s, c, load)
	}
	const rounds = 3
	for _, q := range queries {
		for _, c := range all {
			c.costs = append(c.costs, cost(t, c.db, q))
			c.times = append(c.times, time.Duration(math.MaxInt64))
		}
		for range rounds {
			for _, c := range all {
				last := len(c.times) - 1
				c.times[last] = min(c.times[last], timed(t, c.db, q))
			}
		}
	}
	for _, c := range all {
		slowest, at := 0.0, 0
		mean := 0.0
		for i := range queries {
			mean += math.Log(c.costs[i]/none.costs[i]) / float64(len(queries))
			if r := float64(c.times[i]+time.Millisecond) / float64(none.times[i]+time.Millisecond); r > slowest {
				slowest, at = r, i
			}
		}
		t.Logf("figure | %s, %s: indexes | %d of %d MB |", filepath.Base(folder), c.name, len(c.indexes), c.bytes>>20)
		t.Logf("figure | %s, %s: planner cost, in all and geometric mean | %.4f, %.3f |", filepath.Base(folder), c.name, sum(c.costs)/sum(none.costs), math.Exp(mean))
		t.Logf("figure | %s, %s: measured time; the query that lost most | %.3f; %.2f (%.40s) |", filepath.Base(folder), c.name, float64(sum(c.times))/float64(sum(none.times)), slowest, strings.Join(strings.Fields(queries[at]), " "))
	}
	for _, i := range ours {
		t.Log(i)
	}
}

func sum[T float64 | time.Duration](list []T) (total T) {
	for _, v := range list {
		total += v
	}
	return total
}

func statements(t *testing.T, folder, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, s := range sqltext.Split(string(text)) {
		all = append(all, s.SQL)
	}
	return all
}

func prepare(t *testing.T, s scratch.Server, c *contender, load []string) *contender {
	t.Helper()
	var err error
	if c.db, err = s.Database(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.db.SetMaxOpenConns(1)
	for _, sql := range slices.Concat(load, c.indexes, []string{"SET statement_timeout = '60s'", "VACUUM ANALYZE"}) {
		if _, err := c.db.ExecContext(t.Context(), sql); err != nil {
			t.Fatalf("%.100s: %v", sql, err)
		}
	}
	err = c.db.QueryRowContext(t.Context(), "SELECT coalesce(sum(pg_relation_size(indexrelid)), 0)::bigint FROM pg_index WHERE NOT indisprimary AND indexrelid >= 16384").Scan(&c.bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// advised asks for advice on a database without indexes.
func advised(t *testing.T, c *contender, folder string) []string {
	t.Helper()
	if _, err := c.db.ExecContext(t.Context(), "CREATE EXTENSION IF NOT EXISTS hypopg"); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(folder, "queries.sql"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := workload.ReadQueries(f, f.Name())
	if err != nil {
		t.Fatal(err)
	}
	c.db.SetMaxOpenConns(0)
	p, err := Open(t.Context(), c.db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := advise.Run(t.Context(), p, w, advise.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	c.db.SetMaxOpenConns(1)
	var all []string
	for _, g := range r.Suggestions {
		all = append(all, g.Index.Definition(g.Name, false))
	}
	return all
}

var dexterFound = regexp.MustCompile(`Index found: (\S+) (\(.*\))`)

// dexter asks dexter for its advice; ok is false where it is not installed.
func dexter(t *testing.T, s scratch.Server, c *contender, folder string) (found []string, ok bool) {
	t.Helper()
	program, err := exec.LookPath("dexter")
	if err != nil {
		return nil, false
	}
	url, err := s.URL(c.db)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), program, url, "--min-calls", "0", "--input-format", "sql", filepath.Join(folder, "queries.sql")).CombinedOutput()
	if err != nil {
		t.Fatalf("dexter: %v: %s", err, out)
	}
	for _, m := range dexterFound.FindAllStringSubmatch(string(out), -1) {
		found = append(found, "CREATE INDEX ON "+m[1]+" "+m[2])
	}
	return found, true
}

func cost(t *testing.T, db *pgdb.DB, query string) float64 {
	t.Helper()
	var text string
	if err := db.QueryRowContext(t.Context(), "EXPLAIN (FORMAT JSON) "+query).Scan(&text); err != nil {
		t.Fatalf("%.100s: %v", query, err)
	}
	top, err := readPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	return top.Total
}

// timed runs a query and gives what it took; one that runs into the limit took
// that long.
func timed(t *testing.T, db *pgdb.DB, query string) time.Duration {
	t.Helper()
	const limit = 20 * time.Second
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	start := time.Now()
	rows, err := db.QueryContext(ctx, query)
	if err == nil {
		for rows.Next() {
		}
		err = rows.Err()
		rows.Close()
	}
	if err != nil && ctx.Err() == nil {
		t.Fatalf("%.100s: %v", query, err)
	}
	return min(time.Since(start), limit)
}
