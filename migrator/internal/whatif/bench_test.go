package whatif

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/advise"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/sqltext"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

var (
	workloads = flag.String("workloads", "", "folders of workloads, parted by commas, to measure advice on: each with load.sql (or schema.sql, whose rows are made), queries.sql and perhaps expert.sql")
	most      = flag.Int("most", 0, "how many indexes may be suggested for a workload; 0: as many as by default")
	room      = flag.Int64("room", 0, "megabytes that they may take, in a second try; 0: no second try")
)

// TestAdviceAgainstAnExpert loads each workload, asks for advice, and runs the
// queries without further indexes, with those of an expert, with ours, and with
// those of dexter where it is on the PATH, all in one database and by turns. It
// logs planner cost and the server's CPU time as shares of those without indexes.
// It fails where one of our indexes makes a query slower, is used by no plan, or
// does what another does.
func TestAdviceAgainstAnExpert(t *testing.T) {
	if *workloads == "" {
		t.Skip("a measurement: -workloads testdata/web")
	}
	for folder := range strings.SplitSeq(*workloads, ",") {
		t.Run(filepath.Base(folder), func(t *testing.T) { measure(t, folder) })
	}
}

func measure(t *testing.T, folder string) {
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Listen: true, Trusted: true, Large: true,
		Settings: []string{"shared_buffers=512MB", "work_mem=16MB", "autovacuum=off"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b := newBed(t, s, folder)
	w := b.workload(t)
	list := []*contender{
		{name: "none"},
		{name: "none again"}, // what it is apart from none is noise
		{name: "ours", wanted: b.advised(t, w, 0)},
	}
	if *room > 0 {
		list = append(list, &contender{name: fmt.Sprintf("ours within %d MB", *room), wanted: b.advised(t, w, *room<<20)})
	}
	if _, err := os.Stat(filepath.Join(folder, "expert.sql")); err == nil {
		list = append(list, &contender{name: "expert", wanted: texts(read(t, folder, "expert.sql"))})
	}
	if found, ok := dexter(t, s, b, folder); ok {
		list = append(list, &contender{name: "dexter", wanted: found})
	}
	b.build(t, list)
	for _, q := range b.queries {
		b.run(t, q)
	}
	for _, c := range list[1:] {
		b.log(t, c)
	}
	b.each(t)
	for _, c := range list {
		if strings.HasPrefix(c.name, "ours") {
			b.judge(t, c)
		}
	}
}

// advised asks for advice on the database as it is, and logs what that took.
func (b *bed) advised(t *testing.T, w *workload.Workload, budget int64) []string {
	t.Helper()
	p, err := Open(t.Context(), b.db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	counting := &counter{Planner: p}
	own := cpu(t, syscall.RUSAGE_SELF)
	r, err := advise.Run(t.Context(), counting, w, advise.Options{Max: *most, Budget: budget})
	if err != nil {
		t.Fatal(err)
	}
	own = cpu(t, syscall.RUSAGE_SELF) - own
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	for _, refused := range r.Refused {
		t.Logf("refused: %.60s: %s", strings.Join(strings.Fields(refused.Statement.SQL), " "), refused.Reason)
	}
	t.Logf("figure | %s: statements; plans asked for; CPU time of the tool | %d; %d; %.1f s |", b.name, len(w.Statements), counting.plans.Load(), own.Seconds())
	var all []string
	for _, g := range r.Suggestions {
		all = append(all, g.Index.Definition(g.Name, false))
		t.Log(all[len(all)-1])
	}
	return all
}

// log prints a contender's figures.
func (b *bed) log(t *testing.T, c *contender) {
	t.Helper()
	none := b.list[0]
	var cost, was, took, before, mean float64
	worst, at := 0.0, 0
	for i, q := range b.queries {
		cost, was = cost+c.costs[i], was+none.costs[i]
		took, before = took+q.calls*c.times[i].Seconds(), before+q.calls*none.times[i].Seconds()
		mean += math.Log(c.costs[i]/none.costs[i]) / float64(len(b.queries))
		if r := ratio(c.times[i], none.times[i]); r > worst {
			worst, at = r, i
		}
	}
	t.Logf("figure | %s, %s: indexes | %d of %d MB |", b.name, c.name, len(c.names), c.bytes>>20)
	t.Logf("figure | %s, %s: planner cost, in all and geometric mean | %.4f, %.3f |", b.name, c.name, cost/was, math.Exp(mean))
	t.Logf("figure | %s, %s: CPU time of the server; the query that lost most | %.3f; %.2f (%v instead of %v: %.50s) |", b.name, c.name, took/before, worst,
		c.times[at].Round(time.Microsecond), none.times[at].Round(time.Microsecond), strings.Join(strings.Fields(b.queries[at].sql), " "))
}

// each prints every query's cost and time with each contender's indexes.
func (b *bed) each(t *testing.T) {
	t.Helper()
	for i, q := range b.queries {
		var line strings.Builder
		for _, c := range b.list {
			fmt.Fprintf(&line, "%s %.0f %v; ", c.name, c.costs[i], c.times[i].Round(time.Microsecond))
		}
		t.Logf("%s%.50s", line.String(), strings.Join(strings.Fields(q.sql), " "))
	}
}

// ratio compares two times; what is much shorter than a millisecond counts little.
func ratio(a, b time.Duration) float64 {
	const little = 200 * time.Microsecond
	return float64(a+little) / float64(b+little)
}

// judge fails for a query that an index made slower, and for indexes that nobody
// needs.
func (b *bed) judge(t *testing.T, c *contender) {
	t.Helper()
	const noise = 1.15 // "none again" shows how far two runs of the same lie apart
	slower := 0
	for i, q := range b.queries {
		if r := ratio(c.times[i], b.list[0].times[i]); r > noise && c.plans[i] != b.list[0].plans[i] {
			slower++
			t.Errorf("slower by %.2f, %v instead of %v: %s", r, c.times[i], b.list[0].times[i], q.sql)
		}
	}
	unused := 0
	for _, name := range c.names {
		if !b.used[name] {
			unused++
			t.Errorf("no plan uses %s", name)
		}
	}
	doubles := b.doubles(t, c)
	for _, d := range doubles {
		t.Errorf("one does what another does: %s", d)
	}
	t.Logf("figure | %s, %s: queries slower than before; indexes that no plan uses; that do what another does | %d of %d; %d; %d |", b.name, c.name, slower, len(b.queries), unused, len(doubles))
}

// workload is what the advice is asked for: the file of queries as users give it.
func (b *bed) workload(t *testing.T) *workload.Workload {
	t.Helper()
	var text strings.Builder
	for _, q := range b.queries {
		text.WriteString(q.text + ";\n")
	}
	w, err := workload.ReadQueries(strings.NewReader(text.String()), b.name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var dexterFound = regexp.MustCompile(`Index found: (\S+) (\(.*\))`)

// dexter asks dexter for its advice; ok is false where it is not installed.
func dexter(t *testing.T, s scratch.Server, b *bed, folder string) (found []string, ok bool) {
	t.Helper()
	program, err := exec.LookPath("dexter")
	if err != nil {
		return nil, false
	}
	url, err := s.URL(b.db)
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

func read(t *testing.T, folder, name string) []sqltext.Statement {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return sqltext.Split(string(text))
}

func texts(list []sqltext.Statement) []string {
	var all []string
	for _, s := range list {
		all = append(all, s.SQL)
	}
	return all
}

// readFolder is what the files of a folder hold, in the order of their names.
func readFolder(t *testing.T, folder string) []sqltext.Statement {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries in %s: %v", folder, err)
	}
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(a, b) })
	var all []sqltext.Statement
	for _, f := range files {
		all = append(all, read(t, folder, filepath.Base(f))...)
	}
	return all
}
