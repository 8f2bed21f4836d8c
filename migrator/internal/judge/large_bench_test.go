package judge_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/catalog"
	"github.com/seniorbackend/tools/migrator/internal/judge"
	"github.com/seniorbackend/tools/migrator/internal/plan"
	"github.com/seniorbackend/tools/migrator/internal/proof"
)

// BenchmarkLarge reads a database of -tables tables twice, as a diff reads both
// sides, and plans from the one to the other and back. What it tells of memory is
// what both catalogs hold together; -cpuprofile and -memprofile say where it goes.
func BenchmarkLarge(b *testing.B) {
	server, err := judge.OpenLarge(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	from, err := server.Database(b.Context(), fmt.Sprintf(large, *tables))
	if err != nil {
		b.Fatal(err)
	}
	to, err := server.Copy(b.Context(), from, "ALTER TABLE t1 ADD added int")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var sides [2]*catalog.Catalog
		var wait sync.WaitGroup
		for i, side := range []*judge.Database{from, to} {
			wait.Go(func() {
				var err error
				if sides[i], err = catalog.Read(b.Context(), side.DB.DB, catalog.Options{Sizes: true}); err != nil {
					b.Error(err)
				}
			})
		}
		wait.Wait()
		catalog.Share(sides[0], sides[1])
		r, err := proof.Plan(sides[0], sides[1], plan.Options{})
		if err != nil || len(r.Up.Changes) != 1 {
			b.Fatalf("%v, %v", err, r)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/float64(*tables), "held-B/table")
		runtime.KeepAlive(sides)
	}
}
