package workload

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// server starts a server that may load pg_stat_statements.
func server(t *testing.T, mode string, settings ...string) *pgdb.DB {
	t.Helper()
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: mode, Trusted: true, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func run(t *testing.T, db *pgdb.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// TestStatisticsOfEveryVersion asks real servers, and reads what they counted.
func TestStatisticsOfEveryVersion(t *testing.T) {
	modes := []string{scratch.Local}
	for _, major := range []int{13, 14, 16, 17, 18} {
		modes = append(modes, scratch.Embedded+":"+strconv.Itoa(major))
	}
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			db := server(t, mode, "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=all", "pg_stat_statements.track_planning=on")
			db.SetMaxOpenConns(1)
			if _, err := FromStatistics(t.Context(), db); !errors.Is(err, ErrNotInstalled) {
				t.Fatal(err)
			}
			run(t, db, `CREATE SCHEMA "Odd schema"`, `CREATE EXTENSION pg_stat_statements SCHEMA "Odd schema"`, "CREATE TABLE t (a int)",
				"INSERT INTO t SELECT generate_series(1, 100)", "CREATE ROLE somebody", "GRANT ALL ON t TO somebody",
				"CREATE FUNCTION inner_count() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t WHERE a < 7); END'")
			before, err := FromStatistics(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			run(t, db, "SELECT a FROM t WHERE a > 10", "SELECT a FROM t WHERE a > 20", "SET ROLE somebody", "SELECT a FROM t WHERE a > 95", "RESET ROLE", "SELECT inner_count()")
			after, err := FromStatistics(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			w, err := after.After(before)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, s := range w.Statements {
				if strings.Contains(s.SQL, "FROM t WHERE a >") {
					found = true
					if s.SQL != "SELECT a FROM t WHERE a > $1" || s.Calls != 3 || s.Rows != 90+80+5 || s.Exec <= 0 || s.Plans != 3 || s.HitBlocks == 0 || s.Nested {
						t.Errorf("%+v", s)
					}
				}
				if strings.Contains(s.SQL, "pg_stat_statements") {
					t.Error("our own statement:", s.SQL)
				}
				if strings.Contains(s.SQL, "a <") && db.Major() >= 14 && !s.Nested {
					t.Errorf("not nested: %+v", s)
				}
			}
			if !found || after.Left.Own == 0 {
				t.Errorf("%+v", after)
			}
			if db.Major() >= 14 && (w.Since.IsZero() || w.Reset) {
				t.Error(w.Since, w.Reset)
			}
			run(t, db, `GRANT USAGE ON SCHEMA "Odd schema" TO somebody`, `SET ROLE somebody`, `SET search_path = pg_catalog`)
			if w, err := FromStatistics(t.Context(), db); err != nil || w.Left.Hidden < 3 || !slices.ContainsFunc(w.Statements, func(s *Statement) bool { return strings.Contains(s.SQL, "FROM t WHERE a >") }) {
				t.Errorf("a role without rights: %v %+v", err, w)
			}
		})
	}
}

func TestStatisticsThatTheServerDoesNotLoad(t *testing.T) {
	db := server(t, scratch.Local)
	run(t, db, "CREATE EXTENSION pg_stat_statements")
	if _, err := FromStatistics(t.Context(), db); !errors.Is(err, ErrNotLoaded) {
		t.Error(err)
	}
}
