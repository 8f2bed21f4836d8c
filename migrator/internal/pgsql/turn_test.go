package pgsql

import (
	"runtime"
	"sync"
	"testing"
)

// Questions at the same time are answered by one parser: each further one would be
// compiled, which allocates hundreds of megabytes.
func TestOneParserForAll(t *testing.T) {
	if _, err := Fingerprint("SELECT 1"); err != nil { // now it is compiled
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 10 {
				if _, err := Fingerprint("SELECT a FROM t WHERE b = 1 AND c IN (1, 2, 3)"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	runtime.ReadMemStats(&after)
	const much = 150 << 20 // less than one of them takes
	if took := after.TotalAlloc - before.TotalAlloc; took > much {
		t.Errorf("40 questions allocated %d MB", took>>20)
	}
}
