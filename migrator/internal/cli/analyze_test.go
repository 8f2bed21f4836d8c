package cli

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

// ailing is a database with something to say about.
var ailing = []string{
	`CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE, name text);
	CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, total int NOT NULL, note text);
	CREATE TABLE "Odd <b>" (x int);
	CREATE INDEX orders_total ON orders (total);
	CREATE INDEX orders_total_id ON orders (total, id);
	INSERT INTO users SELECT i, 'u' || i, 'n' FROM generate_series(1, 2000) i;
	INSERT INTO orders SELECT i, i % 2000 + 1, i, repeat('x', 50) FROM generate_series(1, 40000) i;`,
	"VACUUM ANALYZE",
}

// flat is a text without its line breaks.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestAnalyze(t *testing.T) {
	dsn, _ := database(t, ailing...)
	r := run(t, "--connection", dsn, "--analyze")
	for _, want := range []string{
		"=== Database Analysis Report ===\n", "\nTables: 3\nTotal rows: 42,000\n", "FINDINGS: 0 high, 3 medium, 0 low",
		"MEDIUM: index orders_total is the beginning of orders_total_id", "    DROP INDEX CONCURRENTLY public.orders_total;\n",
		"MEDIUM: foreign key orders (user_id) has no index", "MEDIUM: table \"Odd <b>\" has no primary key",
		"NOT JUDGED", "unused-index: ", "pg_stat_statements is not installed in this database", "CREATE EXTENSION pg_stat_statements",
	} {
		if !strings.Contains(flat(r.out), flat(want)) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
	if r.code != 0 || strings.Contains(r.out+r.errors, password(t, dsn)) {
		t.Error(r)
	}
	if r = run(t, "analyze", "--connection", dsn, "--fail-on", "medium"); r.code != 1 || !strings.Contains(r.errors, "3 findings are medium or worse") {
		t.Error(r.code, r.errors)
	}
	if r = run(t, "analyze", "--connection", dsn, "--fail-on", "high"); r.code != 0 {
		t.Error(r.code, r.errors)
	}
	r = run(t, "analyze", "--connection", dsn, "--only", "redundant-index", "--format", "github")
	if r.code != 0 || strings.Count(r.out, "::warning") != 2 || !strings.Contains(r.out, "redundant-index") { // the verdict and the finding
		t.Error(r)
	}
	r = run(t, "analyze", "--connection", dsn, "--skip", "redundant-index,no-primary-key,foreign-key-without-index")
	if r.code != 0 || !strings.Contains(r.out, "HEALTHY: ") {
		t.Error(r)
	}
	r = run(t, "analyze", "--connection", dsn, "--only", "unused-index", "--statistics-age", "8d")
	if r.code != 0 || !strings.Contains(r.out, "LOW: no query uses index orders_total\n") {
		t.Error(r)
	}
	path := filepath.Join(t.TempDir(), "out", "report.html")
	r = run(t, "analyze", "--connection", dsn, "--format", "html", "--output", path)
	text, err := os.ReadFile(path)
	if err != nil || r.out != "" || strings.Contains(string(text), "Odd <b>") || !strings.Contains(string(text), "Odd &lt;b&gt;") {
		t.Error(err, r)
	}
}

// Of one rule's many findings a few are shown; json has all of them.
func TestAnalyzeShowsSomeOfMany(t *testing.T) {
	dsn, _ := database(t, "DO $$ BEGIN FOR i IN 1..30 LOOP EXECUTE format('CREATE TABLE t%s (a int)', i); END LOOP; END $$")
	r := run(t, "analyze", "--connection", dsn)
	if strings.Count(r.out, "has no primary key") != 10 || !strings.Contains(r.out, "MEDIUM: 20 more of no-primary-key") {
		t.Error(r)
	}
	if r = run(t, "analyze", "--connection", dsn, "--show", "0"); strings.Count(r.out, "has no primary key") != 30 {
		t.Error(r)
	}
	var d analyzeData
	r = run(t, "analyze", "--connection", dsn, "--format", "json")
	if err := json.Unmarshal([]byte(r.out), &d); err != nil || len(d.Findings) != 30 {
		t.Error(err, len(d.Findings))
	}
}

func TestAnalyzeBadInput(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	dsn, _ := database(t)
	dir := t.TempDir()
	diff := file(t, dir, "diff.json", `{"schema": "migrator.diff", "version": 1}`)
	broken := file(t, dir, "broken.json", `{`)
	empty := file(t, dir, "empty.log", "2026-11-30 03:00:00.000 UTC [7] LOG:  database system is ready to accept connections\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{}, "missing flags: --connection=DSN"},
		{[]string{"--connection", dsn, "--only", "nonsense"}, `unknown rule "nonsense"`},
		{[]string{"--connection", dsn, "--limit", "unused-index.nonsense=1"}, `rule unused-index has no limit "nonsense"`},
		{[]string{"--connection", dsn, "--limit", "unused-index.max_scans"}, "cannot read --limit"},
		{[]string{"--connection", dsn, "--fail-on", "awful"}, "--fail-on"},
		{[]string{"--connection", dsn, "--since", filepath.Join(dir, "no.json")}, "cannot read"},
		{[]string{"--connection", dsn, "--since", diff}, "is no analysis"},
		{[]string{"--connection", dsn, "--since", broken}, "is no analysis"},
		{[]string{"--log", filepath.Join(dir, "no.log")}, "cannot read"},
		{[]string{"--log", empty}, "no statements in the log"},
		{[]string{"--log", empty, "--connection", dsn, "--watch", "2"}, "exclude each other"},
		{[]string{"--connection", dsn, "--watch", "0.1"}, "a second or more"},
		{[]string{"--connection", dsn, "--statistics-age", "long"}, "is not a duration"},
	} {
		r := run(t, append([]string{"analyze"}, c.args...)...)
		if r.code != 2 || !strings.Contains(r.errors, c.want) || !strings.Contains(r.errors, "hint: ") || r.out != "" {
			t.Errorf("%v: %+v", c.args, r)
		}
	}
}

// counting is a server that counts statements.
func counting(t *testing.T) (dsn string, db *pgdb.DB) {
	t.Helper()
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Listen: true, Trusted: true, Settings: []string{"shared_preload_libraries=pg_stat_statements"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if db, err = s.Database(t.Context()); err != nil {
		t.Fatal(err)
	}
	if dsn, err = s.URL(db); err != nil {
		t.Fatal(err)
	}
	for _, sql := range append(ailing, "CREATE EXTENSION pg_stat_statements") {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	return dsn, db
}

// What is missing is found in what the database was asked, and --since says what
// it brought to make it.
func TestAnalyzeBeforeAndAfter(t *testing.T) {
	dsn, db := counting(t)
	ask := func(runs int) {
		for i := range runs {
			if _, err := db.Exec("SELECT * FROM orders WHERE user_id = $1", i+1); err != nil {
				t.Fatal(err)
			}
		}
	}
	ask(60)
	before := filepath.Join(t.TempDir(), "before.json")
	if r := run(t, "analyze", "--connection", dsn, "--format", "json", "--output", before); r.code != 0 {
		t.Fatal(r)
	}
	r := run(t, "analyze", "--connection", dsn)
	for _, want := range []string{
		"MISSING INDEXES (1 found):\n  orders.user_id - ", " avg query time, ADD INDEX recommended: 60 calls, ",
		"SUGGESTED MIGRATIONS:\n  1. Add index on orders(user_id), about ", "QUERIES BY TOTAL TIME", "MOST-CALLED QUERIES",
		"MEDIUM: queries of orders lack an index on (user_id)",
	} {
		if !strings.Contains(flat(r.out), flat(want)) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
	if strings.Contains(r.out, ": foreign key orders (user_id)") || !strings.Contains(flat(r.out), "foreign key orders (user_id) has no index") {
		t.Errorf("the foreign key is no part of the missing index, or stands twice:\n%s", r.out)
	}
	if strings.Contains(r.out, "migrator */") {
		t.Errorf("the report is about itself:\n%s", r.out)
	}
	if r := run(t, "analyze", "--connection", dsn, "--since", before); r.code != 0 || !strings.Contains(r.out, "index on orders(user_id): not made\n") {
		t.Error(r)
	}
	if _, err := db.Exec("CREATE INDEX orders_user ON orders (user_id)"); err != nil {
		t.Fatal(err)
	}
	ask(100)
	db.Close() // the server has its counts then
	time.Sleep(200 * time.Millisecond)
	r = run(t, "analyze", "--connection", dsn, "--since", before)
	for _, want := range []string{
		"index on orders(user_id): used (orders_user, 100 scans, ", "; its queries took ", "QUERIES BEFORE AND AFTER", "x faster", "findings mended: 1, new: ",
	} {
		if !strings.Contains(flat(r.out), flat(want)) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
	if strings.Contains(r.out, "MISSING INDEXES") {
		t.Error(r)
	}
}

// A query that does not run any more mends nothing: it may come again.
func TestAnalyzeSinceSaysWhatItCannotTell(t *testing.T) {
	dsn, db := counting(t)
	for i := range 60 {
		if _, err := db.Exec("SELECT * FROM orders WHERE user_id = $1", i+1); err != nil {
			t.Fatal(err)
		}
	}
	before := filepath.Join(t.TempDir(), "before.json")
	if r := run(t, "analyze", "--connection", dsn, "--format", "json", "--output", before); r.code != 0 {
		t.Fatal(r)
	}
	for _, sql := range []string{"SELECT pg_stat_statements_reset()", "SELECT count(*) FROM users"} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	r := run(t, "analyze", "--connection", dsn, "--since", before)
	for _, want := range []string{
		"findings mended: 0, new: ", "not looked for again: 1", "not known whether it is mended: queries of orders lack an index on (user_id) (its queries did not run since)",
		"the statistics were reset in between",
	} {
		if !strings.Contains(flat(r.out), want) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
	r = run(t, "analyze", "--connection", dsn, "--since", before, "--skip", "missing-index,no-primary-key")
	for _, want := range []string{"findings mended: 0,", "(its rule was not judged now)"} {
		if !strings.Contains(flat(r.out), want) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
}

// A window holds what was asked in it, and ^C ends it.
func TestAnalyzeWatches(t *testing.T) {
	dsn, db := counting(t)
	if _, err := db.Exec("SELECT count(*) FROM users"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		for ctx.Err() == nil { // a loop: a list, and what belongs to each of its rows
			for id := range 12 {
				if id == 0 {
					db.ExecContext(ctx, "SELECT id, name FROM users ORDER BY id LIMIT 12")
				}
				db.ExecContext(ctx, "SELECT * FROM orders WHERE user_id = $1 LIMIT 5", id+1)
			}
			time.Sleep(30 * time.Millisecond)
		}
	}()
	r := run(t, "analyze", "--connection", dsn, "--watch", "3", "--only", "not-valid-constraint,n-plus-one")
	stop()
	<-asked
	for _, want := range []string{
		"N+1 QUERY RISKS (1 found):\n  users -> orders relationship (no eager loading) - 1", ", likely\n", "Queries: those of ", " windows",
		"MEDIUM: 1", " queries of orders run for each list of users", "  the loop: SELECT * FROM orders WHERE user_id = $1 LIMIT $2\n",
	} {
		if !strings.Contains(flat(r.out), flat(want)) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
	if r.code != 0 || strings.Contains(r.out, "count(*)") {
		t.Error(r)
	}
	interrupted, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	if r := runIn(t, interrupted, "", "analyze", "--connection", dsn, "--watch", "60"); r.code != 130 || r.out != "" {
		t.Error(r)
	}
}

// A log of real traffic, with and without the database that it is of.
func TestAnalyzeLog(t *testing.T) {
	dir := t.TempDir()
	packed, err := os.Open("../nplusone/testdata/traffic/gorm.log.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := file(t, dir, "postgresql.log", strings.ReplaceAll(string(text), "] scratch_1 ", "] "))
	t.Setenv("DATABASE_URL", "")
	r := run(t, "analyze", "--log", path)
	wanted := []string{"books -> reviews relationship (no eager loading) - ", "authors -> books relationship", "confirmed"}
	for _, want := range append(wanted, "Log: "+path, "MOST-CALLED QUERIES", "--connection tells their keys") {
		if !strings.Contains(flat(r.out), flat(want)) {
			t.Errorf("the report lacks %q:\n%s", want, r.out)
		}
	}
	schema, err := os.ReadFile("../nplusone/testdata/orm/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	dsn, db := database(t, string(schema), "VACUUM ANALYZE")
	own := strings.ReplaceAll(string(text), "] scratch_1 ", "] "+db.Target.Database()+" ")
	r = runIn(t, t.Context(), own, "analyze", "--log", "-", "--connection", dsn, "--format", "json")
	var d analyzeData
	if err := json.Unmarshal([]byte(r.out), &d); err != nil {
		t.Fatal(err, r)
	}
	loops := 0
	for _, risk := range d.Risks {
		if risk.Confidence == "confirmed" && risk.ForeignKey {
			loops++
		}
	}
	if loops < 3 || len(d.Workload.Queries) == 0 || d.Tables != 12 {
		t.Errorf("%d loops: %+v", loops, d.Risks)
	}
}

// Columns that depend on each other make the planner expect too few rows.
func TestAnalyzeEstimates(t *testing.T) {
	dsn, db := counting(t)
	for _, sql := range []string{
		"CREATE TABLE cars (id int PRIMARY KEY, make int NOT NULL, model int NOT NULL, year int NOT NULL)",
		"INSERT INTO cars SELECT i, i % 100, i % 100 * 10, i % 7 FROM generate_series(1, 100000) i",
		"VACUUM ANALYZE cars",
	} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 30 {
		for _, sql := range []string{"SELECT id FROM cars WHERE make = $1 AND model = $1 * 10", "SELECT id FROM cars WHERE make = $1"} {
			rows, err := db.Query(sql, i)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
			}
			rows.Close()
		}
	}
	r := run(t, "analyze", "--connection", dsn, "--only", "misestimated-rows")
	if !strings.Contains(r.out, "the planner expects 10 rows of a query of cars, and gets 1,000") || !strings.Contains(r.out, "CREATE STATISTICS public.cars_make_model_stats ON make, model FROM public.cars;") ||
		strings.Count(r.out, "the planner expects") != 1 {
		t.Error(r)
	}
}
