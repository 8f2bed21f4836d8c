package scratch

import (
	"context"
	"testing"
	"time"
)

func TestLocal(t *testing.T) {
	for range 2 {
		start := time.Now()
		s, err := Open(context.Background(), Options{Mode: Local})
		if err != nil {
			t.Fatal(err)
		}
		t.Log("open", time.Since(start))
		start = time.Now()
		for range 3 {
			db, err := s.Database(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var n int
			if err := db.QueryRow("SELECT count(*) FROM pg_class").Scan(&n); err != nil || n == 0 {
				t.Fatal(n, err)
			}
			t.Log("database", time.Since(start))
		}
		start = time.Now()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		t.Log("close", time.Since(start), s)
	}
}
