package whatif

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

var largeWorkload = flag.Int("statements", 0, "how many generated statements to measure advice on")
var largeTables = flag.Int("on-tables", 40, "and on how many tables")

// TestLargeWorkload advises on many statements, and logs the CPU time of this
// process and of the server, the plans asked for, and the choice.
func TestLargeWorkload(t *testing.T) {
	if *largeWorkload == 0 {
		t.Skip("a measurement: -statements 300")
	}
	server, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Trusted: true})
	if err != nil {
		t.Fatal(err)
	}
	db, err := server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tables := *largeTables
	run(t, db, "CREATE EXTENSION hypopg")
	for n := range tables {
		run(t, db, manyColumns(n))
		run(t, db, fmt.Sprintf("INSERT INTO t%d SELECT i, i %% 997, i %% 499, i %% 5, i %% 10007, 's' || i %% 50, now() - i * interval '1 minute', i, 'x' || i FROM generate_series(1, 20000) i", n))
	}
	run(t, db, "ANALYZE")
	w := generated(*largeWorkload, tables)
	planner, err := Open(t.Context(), db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	counting := &counter{Planner: planner}
	own := cpu(t, syscall.RUSAGE_SELF)
	r, err := advise.Run(t.Context(), counting, w, advise.Options{})
	if err != nil {
		t.Fatal(err)
	}
	own = cpu(t, syscall.RUSAGE_SELF) - own
	if err := planner.Close(); err != nil {
		t.Error(err)
	}
	db.Close()
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("figure | advice on %d statements: CPU time of the tool; of the server with the load | %.1f s; %.1f s |", *largeWorkload, own.Seconds(), cpu(t, syscall.RUSAGE_CHILDREN).Seconds())
	t.Logf("figure | advice on %d statements: plans asked for; indexes; share of the time left | %d; %d; %.4f |", *largeWorkload, counting.plans.Load(), len(r.Suggestions), r.After/r.Before)
	if len(r.Refused) > 0 {
		t.Errorf("%d refused, as %s", len(r.Refused), r.Refused[0].Reason)
	}
}

func run(t *testing.T, db *pgdb.DB, sql string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), sql); err != nil {
		t.Fatalf("%.80s: %v", sql, err)
	}
}

func manyColumns(n int) string {
	return fmt.Sprintf("CREATE TABLE t%d (id bigint PRIMARY KEY, a int NOT NULL, b int NOT NULL, c int, parent bigint, state text, at timestamptz, amount numeric, note text)", n)
}

// cpu is the time that processes took.
func cpu(t *testing.T, who int) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// counter counts the plans that are asked for.
type counter struct {
	Planner
	plans atomic.Int64
}

// Plan implements advise.Planner.
func (c *counter) Plan(ctx context.Context, q *advise.Query, with []*advise.Index) (*advise.Plan, error) {
	c.plans.Add(1)
	return c.Planner.Plan(ctx, q, with)
}

// generated are statements over tables as an application asks them: lookups by one
// or two columns, lists in order, joins, reports, and some writes. A few take most of the time.
func generated(n, tables int) *workload.Workload {
	random := rand.New(rand.NewPCG(7, 11))
	columns := []string{"a", "b", "c", "parent", "state", "at", "amount"}
	column := func() string { return columns[random.IntN(len(columns))] }
	w := &workload.Workload{Source: "a test", Timed: true}
	for i := range n {
		t, u := random.IntN(tables), random.IntN(tables)
		var sql string
		switch random.IntN(11) / 2 {
		case 0:
			sql = fmt.Sprintf("SELECT * FROM t%d WHERE %s = $1", t, column())
		case 1:
			sql = fmt.Sprintf("SELECT id, note FROM t%d WHERE %s = $1 AND %s = $2", t, column(), column())
		case 2:
			sql = fmt.Sprintf("SELECT id FROM t%d WHERE %s = $1 AND %s > $2 ORDER BY at DESC LIMIT $3", t, column(), column())
		case 3:
			sql = fmt.Sprintf("SELECT x.id, y.amount FROM t%d x JOIN t%d y ON y.parent = x.id WHERE x.%s = $1", t, u, column())
		case 4:
			sql = fmt.Sprintf("SELECT %s, count(*) FROM t%d WHERE %s = $1 GROUP BY 1", column(), t, column())
		case 5:
			sql = fmt.Sprintf("UPDATE t%d SET amount = amount + $1 WHERE %s = $2", t, column())
		}
		w.Statements = append(w.Statements, &workload.Statement{ID: strconv.Itoa(i), SQL: sql, Calls: int64(1 + random.IntN(1000)), Exec: time.Hour / time.Duration(1+i)}) // as Zipf has it
	}
	return w
}
