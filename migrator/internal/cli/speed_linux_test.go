package cli

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// A way to do something is measured by the processor time of its program and of the
// server together: what else the machine does is not in it.
type way struct {
	name string
	cmd  func(dsn string) *exec.Cmd
}

// costs runs ways by turns, each on a new database, and returns the least that each
// took, in seconds, and what the program itself took of that.
func costs(tb testing.TB, turns int, ways ...way) (all, own []float64) {
	tb.Helper()
	all, own = make([]float64, len(ways)), make([]float64, len(ways))
	for i := range all {
		all[i], own[i] = math.Inf(1), math.Inf(1)
	}
	for range turns {
		for i, w := range ways {
			program, server := cost(tb, w)
			all[i], own[i] = min(all[i], program+server), min(own[i], program)
		}
	}
	for i, w := range ways {
		tb.Logf("%s: %.2f s, %.2f s of them its program", w.name, all[i], own[i])
	}
	return all, own
}

func cost(tb testing.TB, w way) (program, server float64) {
	tb.Helper()
	dsn, db := open(tb)
	defer db.Close()
	cmd := w.cmd(dsn)
	cmd.Env = append(os.Environ(), "MIGRATOR_TEST_IS_TOOL=1")
	before := serverTime(tb, db)
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%s: %v\n%.2000s", w.name, err, out)
	}
	server = serverTime(tb, db) - before
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), server
}

// serverTime is the processor time of the server's processes so far, in seconds, when
// nobody but us is in the database. Linux adds that of an ended process to its
// parent's.
func serverTime(tb testing.TB, db *pgdb.DB) float64 {
	tb.Helper()
	var main int
	for others := 1; others > 0; {
		if err := db.QueryRow(`SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()),
			split_part(pg_read_file('postmaster.pid'), E'\n', 1)`).Scan(&others, &main); err != nil {
			tb.Fatal(err)
		}
	}
	for {
		// A child that ends meanwhile moves from one count into the other.
		before := ticks(tb, fmt.Sprint(main), 15)
		sum := before
		children, err := filepath.Glob("/proc/[0-9]*/stat")
		if err != nil || len(children) == 0 {
			tb.Fatal("no processes in /proc", err)
		}
		for _, c := range children {
			if fields := stat(filepath.Base(filepath.Dir(c))); len(fields) > 1 && fields[1] == fmt.Sprint(main) {
				sum += ticks(tb, filepath.Base(filepath.Dir(c)), 13)
			}
		}
		if ticks(tb, fmt.Sprint(main), 15) == before {
			const perSecond = 100
			return float64(sum) / perSecond
		}
	}
}

// stat are the fields of /proc/PID/stat from the third on: state, parent …; none when
// the process has ended.
func stat(pid string) []string {
	text, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return strings.Fields(rest)
}

// ticks are those that a process has used: its own up to field 13, with its ended
// children's up to 15.
func ticks(tb testing.TB, pid string, upto int) (sum int) {
	tb.Helper()
	fields := stat(pid)
	if len(fields) < upto {
		return 0
	}
	for _, f := range fields[11:upto] {
		n, err := strconv.Atoi(f)
		if err != nil {
			tb.Fatal(err)
		}
		sum += n
	}
	return sum
}

// tool is a way that runs migrator.
func tool(name string, args ...string) way {
	return way{name, func(dsn string) *exec.Cmd { return exec.Command(os.Args[0], append(args, "--connection", dsn)...) }}
}

// smallFiles are n small migrations, and a script for psql that runs the same
// statements, with a transaction for each file.
func smallFiles(tb testing.TB, n int) (dir, script string) {
	tb.Helper()
	dir = tb.TempDir()
	var all strings.Builder
	for i := range n {
		text := fmt.Sprintf("CREATE TABLE t%d (id int PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now());\nCREATE INDEX ON t%d (name);\nINSERT INTO t%d VALUES (1, 'x');\n", i, i, i)
		write(tb, filepath.Join(dir, fmt.Sprintf("%04d_t.sql", i)), text)
		all.WriteString("BEGIN;\n" + text + "COMMIT;\n")
	}
	script = filepath.Join(tb.TempDir(), "all.sql")
	write(tb, script, all.String())
	return dir, script
}

// A thousand small files beside psql that runs the same statements.
func BenchmarkThousandFiles(b *testing.B) {
	dir, script := smallFiles(b, 1000)
	psql := way{"psql", func(dsn string) *exec.Cmd {
		return exec.Command("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-f", script)
	}}
	for b.Loop() {
		all, own := costs(b, 3, tool("migrator", "apply", dir), psql)
		b.ReportMetric(all[0]/all[1], "of-psql")
		b.ReportMetric(own[0]/all[0], "own-share")
	}
}

// The dry run of a file of 10 MB beside applying it.
func BenchmarkDryRunOfTenMegabytes(b *testing.B) {
	var text strings.Builder
	text.WriteString("CREATE TABLE rows (id int, name text, at timestamptz);\n")
	for i := 0; text.Len() < 10<<20; i++ {
		fmt.Fprintf(&text, "INSERT INTO rows (id, name, at) VALUES (%d, 'the name of the row %d, which is not short', now());\n", i, i)
	}
	f := filepath.Join(b.TempDir(), "1_rows.sql")
	write(b, f, text.String())
	for b.Loop() {
		all, _ := costs(b, 3, tool("dry run", "apply", f, "--dry-run"), tool("apply", "apply", f))
		b.ReportMetric(all[0]/all[1], "of-apply")
	}
}

func write(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
}
