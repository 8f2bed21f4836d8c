package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Partitions, names that need quotes, and views: the migration that is written is
// applied, and the index is there.
func TestSuggestForPartitionsAndOddNames(t *testing.T) {
	dsn, db := database(t,
		`CREATE SCHEMA "Odd schema"`,
		`CREATE TABLE "Odd schema"."Log ""entries""" ("User" bigint, at date NOT NULL) PARTITION BY RANGE (at)`,
		`CREATE TABLE "Odd schema".old PARTITION OF "Odd schema"."Log ""entries""" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')`,
		`CREATE TABLE "Odd schema".new PARTITION OF "Odd schema"."Log ""entries""" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
		`CREATE VIEW recent AS SELECT "User" AS u FROM "Odd schema"."Log ""entries""" WHERE at > '2025-06-01'`,
		`INSERT INTO "Odd schema"."Log ""entries""" SELECT i % 7000, '2025-01-01'::date + i % 700 FROM generate_series(1, 70000) i`, "ANALYZE")
	dir := t.TempDir()
	r := runIn(t, t.Context(), "SELECT * FROM recent WHERE u = 5", "suggest-indexes", "--connection", dsn, "--queries", "-", "--output", dir)
	if r.code != 0 {
		t.Fatalf("%+v", r)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.sql"))
	if err != nil || len(files) != 2 {
		t.Fatal(files, err, r)
	}
	slices.SortFunc(files, func(a, b string) int { return len(a) - len(b) }) // the rollback's name is longer
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ON ONLY", "CREATE INDEX CONCURRENTLY", "ATTACH PARTITION", "proved on"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if r := run(t, "apply", files[0], "--connection", dsn); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	var valid string
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FILTER (WHERE indisvalid) FROM pg_index WHERE indrelid IN ('"Odd schema".old'::regclass, '"Odd schema".new'::regclass, '"Odd schema"."Log ""entries"""'::regclass)`).Scan(&valid); err != nil || valid != "3" {
		t.Error(valid, err)
	}
}
