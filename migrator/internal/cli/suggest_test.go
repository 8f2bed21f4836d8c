package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/migrator/internal/workload"
)

// counted is a database whose server counts statements, with rows in it and a
// few queries behind it.
func counted(t *testing.T) (dsn string, db *pgdb.DB) {
	t.Helper()
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Listen: true, Trusted: true, Settings: []string{"shared_preload_libraries=pg_stat_statements"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if db, err = s.Database(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	executed(t, db, "CREATE EXTENSION pg_stat_statements",
		"CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL)",
		"CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, status text NOT NULL, at timestamptz NOT NULL)",
		"CREATE INDEX orders_status_idx ON orders (status)", "CREATE INDEX orders_status_at_idx ON orders (status, at)",
		"INSERT INTO users SELECT i, 'u' || i FROM generate_series(1, 5000) i",
		"INSERT INTO orders SELECT i, 1 + i % 5000, 'done', '2026-01-01'::timestamptz + i * interval '1 minute' FROM generate_series(1, 60000) i",
		"ANALYZE", "SELECT pg_stat_statements_reset()")
	if dsn, err = s.URL(db); err != nil {
		t.Fatal(err)
	}
	return dsn, db
}

func executed(t *testing.T, db *pgdb.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

const byUser = "SELECT * FROM orders WHERE user_id = "

// TestSuggestApplyVerify goes the whole way: queries, advice, a migration, the
// same queries again, and what became of the advice.
func TestSuggestApplyVerify(t *testing.T) {
	dsn, db := counted(t)
	for range 20 {
		executed(t, db, byUser+"7", byUser+"8")
	}
	dir := t.TempDir()
	advice := run(t, "suggest-indexes", "--connection", dsn, "--format", "json")
	if advice.code != 0 {
		t.Fatalf("%+v", advice)
	}
	last := file(t, dir, "advice.json", advice.out)
	r := run(t, "--connection", dsn, "--suggest-indexes", "--output", filepath.Join(dir, "migrations"), "--drop-unneeded", "--explain")
	for _, want := range []string{"Generated migration: ", "Generated rollback: ", "orders_user_id_idx", "Calls", "40", "orders_status_idx", "Seq Scan on orders"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in %+v", want, r)
		}
	}
	if strings.Contains(r.out+r.errors+advice.out, "***@") == strings.Contains(r.out, passwordOf(t, dsn)) {
		t.Error("the password is shown")
	}
	files, err := filepath.Glob(filepath.Join(dir, "migrations", "*.sql"))
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil || !strings.Contains(string(text), "proved on PostgreSQL") {
			t.Errorf("%s: %s %v", f, text, err)
		}
		if !strings.HasSuffix(f, "_rollback.sql") {
			if r := run(t, "apply", f, "--connection", dsn); r.code != 0 {
				t.Fatalf("%+v", r)
			}
		}
	}
	verify := run(t, "suggest-indexes", "--connection", dsn, "--verify", last)
	if !strings.Contains(verify.out, "waiting") {
		t.Errorf("%+v", verify)
	}
	for range 20 {
		executed(t, db, byUser+"9")
	}
	executed(t, db, "SELECT pg_stat_force_next_flush()", "SELECT 1")
	verify = run(t, "suggest-indexes", "--connection", dsn, "--verify", last, "--format", "json")
	var data struct {
		Indexes []struct {
			State   string
			Queries []struct {
				ID         string
				MeanThen   float64 `json:"mean_then_ms"`
				MeanSince  float64 `json:"mean_since_ms"`
				CallsSince int     `json:"calls_since"`
			}
		}
	}
	if err := json.Unmarshal([]byte(verify.out), &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Indexes) != 1 || data.Indexes[0].State != "used" || len(data.Indexes[0].Queries) != 1 {
		t.Fatalf("%s", verify.out)
	}
	if q := data.Indexes[0].Queries[0]; q.CallsSince != 20 || q.MeanSince >= q.MeanThen {
		t.Errorf("%+v", q)
	}
	// Advice by a file of queries knows them by their text.
	byText := file(t, dir, "by-text.json", strings.NewReplacer(`"workload_source": "pg_stat_statements"`, `"workload_source": "the queries of a.sql"`,
		data.Indexes[0].Queries[0].ID, workload.ShapeOf(byUser+"7").ID).Replace(advice.out))
	if verify = run(t, "suggest-indexes", "--connection", dsn, "--verify", byText); !strings.Contains(verify.out, "1 index is used") || strings.Contains(verify.out, "not run") {
		t.Errorf("%+v", verify)
	}
	// Scans that a reset made forgotten are no reason to drop an index.
	executed(t, db, "SELECT pg_stat_reset()")
	if verify = run(t, "suggest-indexes", "--connection", dsn, "--verify", last, "--exit-code"); verify.code != 0 || !strings.Contains(verify.out, "were reset since the advice") {
		t.Errorf("%+v", verify)
	}
	again := run(t, "suggest-indexes", "--connection", dsn, "--exit-code")
	if again.code != 0 || !strings.Contains(again.out, "NOTHING TO ADD") {
		t.Errorf("%+v", again)
	}
}

func passwordOf(t *testing.T, dsn string) string {
	t.Helper()
	target, err := pgdb.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return target.Secrets()[0]
}

func TestSuggestFromQueriesAndLogs(t *testing.T) {
	dsn, db := counted(t)
	dir := t.TempDir()
	log := file(t, dir, "pg.log", "2026-01-01 10:00:00.000 UTC [7] LOG:  duration: 15.5 ms  statement: "+byUser+"7\n")
	for _, c := range []struct {
		stdin string
		args  []string
	}{
		{byUser + "7;\n", []string{"--queries", "-"}},
		{"", []string{"--log", log}},
	} {
		r := runIn(t, t.Context(), c.stdin, append([]string{"suggest-indexes", "--connection", dsn, "--exit-code"}, c.args...)...)
		if r.code != 1 || !strings.Contains(r.out, "CREATE INDEX CONCURRENTLY orders_user_id_idx ON public.orders (user_id)") {
			t.Errorf("%v: %+v", c.args, r)
		}
	}
	r := run(t, "suggest-indexes", "--connection", dsn, "--log", log, "--output", "-")
	if !strings.HasPrefix(r.out, "-- add_orders_index\n") || !strings.Contains(r.errors, "INDEXES MISSING") {
		t.Errorf("%+v", r)
	}
	executed(t, db, "DROP EXTENSION pg_stat_statements")
	r = run(t, "suggest-indexes", "--connection", dsn)
	if r.code != 0 || !strings.Contains(r.out, "orders_user_id_idx") || !strings.Contains(strings.Join(strings.Fields(r.out), " "), "run CREATE EXTENSION pg_stat_statements") {
		t.Errorf("by foreign keys: %+v", r)
	}
}

// Whatever the form, an index that a model reckoned says so.
func TestSuggestSaysWhatAModelReckoned(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE notes (id int PRIMARY KEY, tags text[] NOT NULL)",
		"INSERT INTO notes SELECT i, ARRAY['t' || i % 2000] FROM generate_series(1, 30000) i", "ANALYZE")
	queries := file(t, t.TempDir(), "q.sql", "SELECT * FROM notes WHERE tags @> ARRAY['t7'];\n")
	for _, hypopg := range []bool{false, true} {
		want := "estimated by a model: HypoPG is not installed"
		if hypopg {
			executed(t, db, "CREATE EXTENSION hypopg")
			want = "estimated by a model: HypoPG has no GIN indexes"
		}
		for _, args := range [][]string{{"--format", "text"}, {"--format", "json"}, {"--format", "markdown"}, {"--format", "html"}, {"--format", "junit"}, {"--format", "github"}, {"-o", "-"}} {
			r := run(t, append([]string{"suggest-indexes", "--connection", dsn, "--queries", queries}, args...)...)
			if !strings.Contains(r.out, "USING gin (tags)") || !strings.Contains(flat(r.out), want) {
				t.Errorf("HypoPG %v, %v: %+v", hypopg, args, r)
			}
		}
	}
}

func TestSuggestOfBadInput(t *testing.T) {
	dsn, db := counted(t)
	executed(t, db, "CREATE TEMPORARY TABLE passing (a int)")
	dir := t.TempDir()
	empty := file(t, dir, "empty.log", "nothing here\n")
	notOurs := file(t, dir, "not.json", `{"schema": "migrator.diff", "version": 1}`)
	odd := file(t, dir, "odd.sql", "SELEC 1;\nSELECT * FROM nowhere WHERE a = 1;\nSELECT * FROM passing WHERE a = 1;\nSELECT * FROM orders WHERE nothing = 1;\n"+byUser+"1;\nSELECT '"+strings.Repeat("x", 1<<20)+"';\n")
	for _, c := range []struct {
		args  []string
		code  int
		wants string
	}{
		{[]string{"--log", empty}, 2, "hint: log statements with log_min_duration_statement"},
		{[]string{"--queries", file(t, dir, "calls.sql", "SELECT 1;\n\n-- calls: 1.5 thousand\nSELECT 2;\n")}, 2, "calls.sql:4: \"1.5\" is no number of calls\nhint: write a whole number"},
		{[]string{"--queries", file(t, dir, "empty.sql", "-- later\n")}, 2, "empty.sql holds no statements\nhint: write SQL statements"},
		{[]string{"--log", filepath.Join(dir, "none.log")}, 2, "no such file"},
		{[]string{"--log", empty, "--queries", empty}, 2, "exclude each other"},
		{[]string{"--verify", notOurs}, 2, "no advice of this tool"},
		{[]string{"--budget", "many"}, 2, "500MB"},
		{[]string{"--min-gain", "200%"}, 2, "share"},
		{[]string{"--queries", odd}, 0, "orders_user_id_idx"},
		{[]string{"--queries", odd}, 0, "column \"nothing\" does not exist"},
		{[]string{"--queries", odd, "--table", "users"}, 0, "NOTHING TO ADD"},
	} {
		r := run(t, append([]string{"suggest-indexes", "--connection", dsn}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.out+r.errors, c.wants) {
			t.Errorf("%v: %+v", c.args, r)
		}
	}
}
