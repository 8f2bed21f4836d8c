package nplusone

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// loop is a log of lists of books, each followed by a lookup of every author, on
// the sessions of a pool.
func loop(t *testing.T, l *Log, lists int) {
	t.Helper()
	list := &workload.Statement{ID: "list", SQL: "SELECT * FROM books ORDER BY id LIMIT $1"}
	one := &workload.Statement{ID: "one", SQL: "SELECT * FROM authors WHERE id = $1"}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	add := func(s *workload.Statement, value string, n int) {
		at = at.Add(time.Millisecond)
		e := workload.Event{At: at, Session: fmt.Sprint("session ", n%20), Statement: s, SQL: s.SQL, Values: []string{value}, Duration: 500 * time.Microsecond}
		if err := l.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	for n := range lists {
		at = at.Add(time.Second)
		add(list, "10", n)
		for i := range 10 {
			add(one, fmt.Sprint("a rather long key as identifiers are: ", n*10+i), n+i)
		}
	}
}

var library = &Schema{
	Tables:      []Table{{Schema: "public", Name: "authors", Keys: [][]string{{"id"}}}, {Schema: "public", Name: "books", Keys: [][]string{{"id"}}}},
	ForeignKeys: []ForeignKey{{From: 1, FromColumns: []string{"author_id"}, To: 0, ToColumns: []string{"id"}}},
}

// A log has more executions than memory holds: the first are judged, all are
// counted, and it can be told.
func TestLogIsBounded(t *testing.T) {
	l := &Log{Most: 1100}
	loop(t, l, 500)
	if kept, all := l.Kept(); kept != 1100 || all != 5500 {
		t.Errorf("%d of %d", kept, all)
	}
	held := 0
	for _, g := range l.order {
		held += len(g.all)
	}
	if held != 1100 {
		t.Errorf("%d held", held)
	}
	risks := l.Risks(library)
	if len(risks) != 1 || risks[0].Confidence != Confirmed || risks[0].Calls != 5000 || risks[0].FanOut < 9 || risks[0].FanOut > 11 {
		t.Errorf("%+v", risks)
	}
}

// An execution takes some dozens of bytes, however long its values are.
func TestLogIsSmall(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	l := &Log{}
	loop(t, l, 20_000)
	each := float64(heap()-before) / float64(l.events)
	runtime.KeepAlive(l)
	if each > 64 {
		t.Errorf("%.0f bytes each", each)
	}
	t.Logf("%.0f bytes each", each)
}
