package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// troubled is a database with what makes tools of the kind stumble: hundreds of
// partitions, views over foreign tables (one of a file that is not there), and
// somebody's temporary table.
func troubled(t *testing.T) (dsn string, db *pgdb.DB) {
	t.Helper()
	dsn, db = counting(t)
	executed(t, db, "CREATE EXTENSION postgres_fdw", "CREATE EXTENSION file_fdw",
		"CREATE TABLE big (id int, at date NOT NULL, k int) PARTITION BY RANGE (at)",
		"DO $$ BEGIN FOR i IN 0..299 LOOP EXECUTE format('CREATE TABLE big_%s PARTITION OF big FOR VALUES FROM (%L) TO (%L)', i, '2025-01-01'::date + i, '2025-01-02'::date + i); END LOOP; END $$",
		"INSERT INTO big SELECT i, '2025-01-01'::date + i % 300, i % 3000 FROM generate_series(1, 90000) i",
		"CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1')", // nobody answers there, and nobody need
		"CREATE USER MAPPING FOR PUBLIC SERVER elsewhere",
		"CREATE FOREIGN TABLE far (id int, user_id int) SERVER elsewhere OPTIONS (table_name 'orders')",
		"CREATE VIEW far_view AS SELECT f.id, f.user_id, u.name FROM far f JOIN users u ON u.id = f.user_id",
		"CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
		"CREATE FOREIGN TABLE gone (a text) SERVER files OPTIONS (filename '/nowhere/x.csv')",
		"CREATE VIEW gone_view AS SELECT * FROM gone",
		"CREATE TEMPORARY TABLE passing (a int)", "ANALYZE big",
		"DROP ROLE IF EXISTS watcher", "CREATE ROLE watcher LOGIN PASSWORD 'w'", "GRANT pg_monitor TO watcher", "DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger LOGIN PASSWORD 's'",
		"SELECT pg_stat_statements_reset()")
	for i := range 20 {
		executed(t, db, fmt.Sprintf("SELECT count(*) FROM big WHERE k = %d", i), fmt.Sprintf("SELECT * FROM orders WHERE user_id = %d", i))
	}
	return dsn, db
}

// withRole is a connection string for another role.
func withRole(t *testing.T, dsn, role, secret string) string {
	t.Helper()
	_, host, ok := strings.Cut(dsn, "@")
	if !ok {
		t.Fatal("no @ in the connection string")
	}
	return "postgres://" + role + ":" + secret + "@" + host
}

// million is a statement of more than a megabyte.
func million() string {
	values := make([]string, 150_000)
	for i := range values {
		values[i] = fmt.Sprint(1_000_000 + i)
	}
	return "SELECT * FROM orders WHERE user_id IN (" + strings.Join(values, ",") + ")"
}

func TestAnalyzeAndSuggestOfATroubledDatabase(t *testing.T) {
	dsn, db := troubled(t)
	executed(t, db, million())
	suggested := run(t, "suggest-indexes", "--connection", dsn)
	for _, want := range []string{
		"big_k_idx ON public.big (k)", "As one statement it keeps writers out of all partitions", "orders_user_id_idx ON public.orders (user_id)",
		"1 statement has a long list and was planned with its first values only",
	} {
		if !strings.Contains(flat(suggested.out), want) {
			t.Errorf("the advice lacks %q:\n%.6000s", want, suggested.out)
		}
	}
	if suggested.code != 0 || strings.Contains(suggested.out, "ON public.far") || strings.Contains(suggested.out, "NOT LOOKED AT") {
		t.Errorf("%d\n%.6000s", suggested.code, suggested.out)
	}
	analyzed := run(t, "analyze", "--connection", dsn)
	if analyzed.code != 0 || !strings.Contains(flat(analyzed.out), "queries of big lack an index on (k)") || strings.Contains(analyzed.out, "passing") {
		t.Errorf("%d\n%.6000s", analyzed.code, analyzed.out)
	}
	queries := file(t, t.TempDir(), "q.sql", million()+";\nSELECT * FROM gone_view WHERE a = '1';\nSELECT * FROM far_view WHERE user_id = 7;\nSELECT * FROM passing WHERE a = 1;\n")
	r := run(t, "suggest-indexes", "--connection", dsn, "--queries", queries)
	if r.code != 0 || !strings.Contains(r.out, "orders_user_id_idx") || strings.Contains(r.out, "ON public.gone") {
		t.Errorf("%d %s\n%.6000s", r.code, r.errors, r.out)
	}
}

// A role with too few rights is told what it does not see, and which right shows it.
func TestAnalyzeAndSuggestWithoutRights(t *testing.T) {
	dsn, _ := troubled(t)
	for _, c := range []struct {
		role, secret      string
		analyzed, advised []string
	}{
		{"watcher", "w", []string{"MOST-CALLED QUERIES", "missing-index, misestimated-rows: 2 statements were not planned for want of rights on their tables (GRANT pg_read_all_data"},
			[]string{"NOT JUDGED: no query could be looked at", "2 statements were not planned for want of rights on their tables: GRANT pg_read_all_data"}},
		{"stranger", "s", []string{"queries: ", " statements of other roles are hidden from this one (GRANT pg_read_all_stats)"},
			[]string{"NOT JUDGED: no query could be looked at", " statements of other roles are hidden from this one: GRANT pg_read_all_stats shows them"}},
	} {
		own := withRole(t, dsn, c.role, c.secret)
		r := run(t, "analyze", "--connection", own)
		for _, want := range append(c.analyzed, "no primary key") {
			if r.code != 0 || !strings.Contains(flat(r.out), want) {
				t.Errorf("%s: the analysis lacks %q: %d %s\n%.6000s", c.role, want, r.code, r.errors, r.out)
			}
		}
		r = run(t, "suggest-indexes", "--connection", own)
		for _, want := range c.advised {
			if r.code != 0 || !strings.Contains(flat(r.out), want) {
				t.Errorf("%s: the advice lacks %q: %d %s\n%.6000s", c.role, want, r.code, r.errors, r.out)
			}
		}
		if r = run(t, "suggest-indexes", "--connection", own, "--exit-code"); r.code != 2 || !strings.Contains(r.errors, "no query could be looked at\nhint: the report says why") {
			t.Errorf("%s: %d %s", c.role, r.code, r.errors)
		}
	}
}

// Somebody resets the statistics while we watch: what came before the reset and
// after it counts, and the report says what it cannot know.
func TestAnalyzeWatchesAcrossAReset(t *testing.T) {
	dsn, db := counting(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 40 {
			if i == 20 {
				db.Exec("SELECT pg_stat_statements_reset()")
			}
			db.Exec("SELECT * FROM orders WHERE user_id = $1", i+1)
			time.Sleep(50 * time.Millisecond)
		}
	}()
	r := run(t, "analyze", "--connection", dsn, "--watch", "6", "--format", "json")
	<-done
	var d analyzeData
	if err := json.Unmarshal([]byte(r.out), &d); err != nil {
		t.Fatal(err, r)
	}
	calls := int64(0)
	for _, q := range d.Workload.Queries {
		if strings.Contains(q.SQL, "FROM orders WHERE user_id") {
			calls += q.Calls
		}
	}
	if d.Workload.Resets != 1 || calls < 25 || calls > 40 {
		t.Errorf("%d resets, %d calls", d.Workload.Resets, calls)
	}
}
