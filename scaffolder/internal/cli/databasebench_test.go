package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/scaffolder/internal/pgtest"
)

// BenchmarkDatabase300Tables makes a project of 300 tables with 900 indexes, each table
// referring to the one before it. Its figure is CPU time, of this process alone:
//
//	go test ./internal/cli -run - -bench Database300Tables -benchtime 5x
func BenchmarkDatabase300Tables(b *testing.B) {
	url := pgtest.Start(b).Database(tables(300))
	var used time.Duration
	for i := range b.N {
		dir := filepath.Join(b.TempDir(), fmt.Sprint(i))
		before := cpuTime(b)
		scaffold(b, 0, "database", url, "--output", dir)
		used += cpuTime(b) - before
	}
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(0, "ns/op")
}

func tables(count int) string {
	var sql strings.Builder
	for i := range count {
		fmt.Fprintf(&sql, `CREATE TABLE table_%[1]d (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(80) NOT NULL, code text NOT NULL UNIQUE,
			price numeric(10, 2) NOT NULL DEFAULT 0 CHECK (price >= 0), status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'old')),
			tags text[], meta jsonb, created_at timestamptz NOT NULL DEFAULT now(), other_id bigint REFERENCES table_%[2]d);
			CREATE INDEX ON table_%[1]d (name); CREATE INDEX ON table_%[1]d (other_id);
			`, i, max(i-1, 0))
	}
	return sql.String()
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
