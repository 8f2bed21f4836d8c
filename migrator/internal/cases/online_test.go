package cases

import (
	"context"
	"errors"
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/lint"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
	"github.com/seniorbackend/tools/migrator/internal/schemafile"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/traffic"
)

var (
	trafficRows  = flag.Int("traffic-rows", 3000, "rows of each table beside traffic; figures are for 100000")
	trafficEvery = flag.Int("traffic-every", 6, "run one in so many online cases beside traffic")
)

// longLock is how long a table may be locked by what has an online form: CPU
// time of the server's process, which a busy machine does not lengthen.
const longLock = 100 * time.Millisecond

// renamed are cases that need to be told that something is renamed.
var renamed = []struct {
	name, old, new string
	renames        []plan.Renaming
}{
	{"table", "CREATE TABLE t (id bigint PRIMARY KEY, a int); CREATE INDEX i ON t (a);", "CREATE TABLE u (id bigint PRIMARY KEY, a int); CREATE INDEX i ON u (a);", []plan.Renaming{{From: "t", To: "u"}}},
	{"column beneath a view", "CREATE TABLE t (id bigint PRIMARY KEY, a int CHECK (a > 0)); CREATE VIEW v AS SELECT id, a FROM t;", "CREATE TABLE t (id bigint PRIMARY KEY, b int CHECK (b > 0)); CREATE VIEW v AS SELECT id, b AS a FROM t;", []plan.Renaming{{From: "t.a", To: "b"}}},
	{"table and column of a key", "CREATE TABLE t (id bigint PRIMARY KEY, a int UNIQUE); CREATE TABLE k (id bigint PRIMARY KEY, t bigint REFERENCES t (id));", "CREATE TABLE u (no bigint PRIMARY KEY, a int UNIQUE); CREATE TABLE k (id bigint PRIMARY KEY, t bigint REFERENCES u (no));", []plan.Renaming{{From: "t", To: "u"}, {From: "t.id", To: "no"}}},
}

// TestOnlineBesideTraffic runs the migrations of testdata/online, and renames,
// both ways beside clients: what PostgreSQL has an online form for lets nothing
// lapse, fails no client, and locks no table for long.
func TestOnlineBesideTraffic(t *testing.T) {
	bench, err := proof.NewBench(t.Context(), nil, scratch.Options{Mode: scratch.Local, Large: true})
	if err != nil {
		t.Fatal(err)
	}
	defer bench.Close()
	paths, err := filepath.Glob("testdata/online/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for i, path := range paths {
		if i%*trafficEvery != 0 {
			continue
		}
		c := &testCase{path: path, archive: read(t, path)}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			besideTraffic(t, bench, c.file("old.sql"), c.file("new.sql"), nil)
		})
	}
	for i, r := range renamed {
		if i%*trafficEvery == 0 {
			t.Run("rename of a "+r.name, func(t *testing.T) { besideTraffic(t, bench, r.old, r.new, r.renames) })
		}
	}
}

// besideTraffic plans a pair and runs both ways beside clients.
func besideTraffic(t *testing.T, bench *proof.Bench, old, now string, renames []plan.Renaming) {
	ctx := context.WithoutCancel(t.Context())
	var states [2]*proof.State
	for i, text := range []string{old, now} {
		var err error
		if states[i], err = bench.Load(ctx, []schemafile.File{{Name: "schema.sql", Text: text}}); err != nil {
			t.Fatal(err)
		}
		defer states[i].DB.Close()
	}
	r, err := bench.PlanRenamed(ctx, states[0], states[1], renames, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := bench.Traffic(ctx, r, states[0], states[1], *trafficRows, plan.Options{})
	var f *proof.TrafficFailure
	if errors.As(err, &f) {
		t.Errorf("%v\n%s", f, strings.Join(f.Reasons, "\n"))
	} else if err != nil {
		t.Fatal(err)
	}
	for _, way := range []struct {
		name string
		*traffic.Outcome
		plan *plan.Plan
	}{{"up", out.Up, r.Up}, {"down", out.Down, r.Down}} {
		if way.Outcome == nil {
			continue
		}
		offline := rewrites(way.plan)
		for _, idle := range way.Idle {
			t.Errorf("%s: %s", way.name, idle)
		}
		for _, table := range way.Tables {
			t.Logf("%s %s: %d rows; not readable %v (CPU %v), not writable %v (CPU %v); reader waited %v, writer %v (calm: %v, %v); %d retries, took %v", way.name, table.Name, table.Rows,
				table.Unreadable.Longest, table.Unreadable.CPU, table.Unwritable.Longest, table.Unwritable.CPU, table.Read, table.Write, table.CalmRead, table.CalmWrite, way.Retries, way.Took)
			if table.Unreadable.CPU > longLock && !offline {
				t.Errorf("%s: %s cannot be read for %v of work: %s", way.name, table.Name, table.Unreadable.CPU, table.Unreadable.Statement)
			}
			if table.Unwritable.CPU > longLock && !offline {
				t.Errorf("%s: %s cannot be written for %v of work: %s", way.name, table.Name, table.Unwritable.CPU, table.Unwritable.Statement)
			}
		}
	}
}

// rewrites tells whether a plan says that it writes a table anew: the way back
// of what is online may have no such form.
func rewrites(p *plan.Plan) bool {
	for _, s := range p.Segments {
		for _, st := range s.Statements {
			if slices.ContainsFunc(st.Hazards, func(h lint.Hazard) bool { return h.Kind == lint.Rewrite }) {
				return true
			}
		}
	}
	return false
}
