package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair measures two ways to do the same, by turns: the machine is as busy for both.
// It reports the quickest of each as a ratio.
func pair(b *testing.B, name string, ours, theirs func()) {
	b.Helper()
	best := [2]time.Duration{time.Hour, time.Hour}
	for b.Loop() {
		for range 3 {
			for i, way := range []func(){ours, theirs} {
				start := time.Now()
				way()
				best[i] = min(best[i], time.Since(start))
			}
		}
	}
	b.ReportMetric(best[0].Seconds()/best[1].Seconds(), name)
	b.ReportMetric(best[0].Seconds()*1000, "ms-ours")
	b.ReportMetric(best[1].Seconds()*1000, "ms-theirs")
}

// A thousand small files beside psql that runs the same statements, each file in a
// transaction.
func BenchmarkThousandFiles(b *testing.B) {
	dir := b.TempDir()
	var all strings.Builder
	for i := range 1000 {
		text := fmt.Sprintf("CREATE TABLE t%d (id int PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now());\nCREATE INDEX ON t%d (name);\nINSERT INTO t%d VALUES (1, 'x');\n", i, i, i)
		writeBench(b, filepath.Join(dir, fmt.Sprintf("%04d_t.sql", i)), text)
		all.WriteString("BEGIN;\n" + text + "COMMIT;\n")
	}
	script := filepath.Join(b.TempDir(), "all.sql")
	writeBench(b, script, all.String())
	pair(b, "of-psql", func() {
		dsn, done := benchDatabase(b)
		defer done()
		mustRun(b, "apply", dir, "--connection", dsn)
	}, func() {
		dsn, done := benchDatabase(b)
		defer done()
		if out, err := exec.Command("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-f", script).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	})
}

// The dry run of a file of 10 MB beside applying it.
func BenchmarkDryRunOfTenMegabytes(b *testing.B) {
	var text strings.Builder
	text.WriteString("CREATE TABLE rows (id int, name text, at timestamptz);\n")
	for i := 0; text.Len() < 10<<20; i++ {
		fmt.Fprintf(&text, "INSERT INTO rows (id, name, at) VALUES (%d, 'the name of the row %d, which is not short', now());\n", i, i)
	}
	f := filepath.Join(b.TempDir(), "1_rows.sql")
	writeBench(b, f, text.String())
	pair(b, "of-apply", func() {
		dsn, done := benchDatabase(b)
		defer done()
		r := mustRun(b, "apply", f, "--connection", dsn, "--dry-run")
		b.ReportMetric(float64(len(r.out)), "bytes-of-report")
	}, func() {
		dsn, done := benchDatabase(b)
		defer done()
		mustRun(b, "apply", f, "--connection", dsn)
	})
}

func writeBench(b *testing.B, path, text string) {
	b.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}

func mustRun(b *testing.B, args ...string) result {
	b.Helper()
	r := runIn(b, b.Context(), "", args...)
	if r.code != 0 {
		b.Fatal(r)
	}
	return r
}

// benchDatabase is a new database, until done.
func benchDatabase(b *testing.B) (dsn string, done func()) {
	b.Helper()
	dsn, db := open(b)
	return dsn, func() { db.Close() }
}
