package cli

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// A reader that waits behind a lock says whose it is, and gives up; one that need
// not wait says nothing.
func TestReadingNamesTheBlocker(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t")
	lock, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Rollback()
	if _, err := lock.Exec("ALTER TABLE t ADD COLUMN secret text DEFAULT 'postgres://u:hunter2@h/d'"); err != nil {
		t.Fatal(err)
	}
	reader, err := pgdb.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var mu sync.Mutex
	var notes []string
	say := func(text string) { mu.Lock(); notes = append(notes, text); mu.Unlock() }
	_, err = readCatalog(context.WithoutCancel(t.Context()), reader, say, 300*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "a lock is held by session ") || !strings.Contains(err.Error(), "ALTER TABLE t ADD COLUMN secret") || strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
	mu.Lock()
	if len(notes) != 1 || !strings.Contains(notes[0], "in a transaction since ") {
		t.Error(notes)
	}
	notes = nil
	mu.Unlock()
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if c, err := readCatalog(t.Context(), reader, say, 300*time.Millisecond); err != nil || len(c.Order) == 0 || len(notes) > 0 {
		t.Error(err, notes)
	}
}
