package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A backfill with :batch goes along the key and commits after each batch; all rows
// are filled, once.
func TestBackfillInBatches(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (id bigint PRIMARY KEY, a int); INSERT INTO t SELECT 3 * g, g FROM generate_series(1, 2500) g")
	dir := t.TempDir()
	const now = "CREATE TABLE t (id bigint PRIMARY KEY, a int, c int NOT NULL);"
	to := file(t, dir, "to.sql", "-- migrator:backfill t: UPDATE t SET c = coalesce(c, 0) + a WHERE :batch\n"+now)
	up := filepath.Join(dir, "up.sql")
	r := run(t, "diff", "--from", dsn, "--to", to, "--up", up, "--batch", "100")
	text, err := os.ReadFile(up)
	if r.code != 0 || err != nil || !strings.Contains(r.out, "PROVED") || !strings.Contains(string(text), "LIMIT 100)") || !strings.Contains(string(text), "COMMIT;\n    SELECT min(id)") {
		t.Fatalf("%+v\n%s", r, text)
	}
	if r := run(t, "apply", up, "--connection", dsn); r.code != 0 {
		t.Fatalf("%+v\n%s", r, text)
	}
	var wrong, transactions int
	if err := db.QueryRow("SELECT count(*) FILTER (WHERE c IS DISTINCT FROM a), count(DISTINCT xmin::text) FROM t").Scan(&wrong, &transactions); err != nil || wrong != 0 || transactions != 25 {
		t.Errorf("%d rows are wrong, %d transactions: %v", wrong, transactions, err)
	}
	two := file(t, dir, "two.sql", "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));")
	if r := run(t, "diff", "--from", two, "--to", file(t, dir, "three.sql", "CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b));"), "--backfill", "t: UPDATE t SET c = a WHERE :batch", "--output", "-"); r.code == 0 || !strings.Contains(r.errors, "no primary key of one column") {
		t.Errorf("%+v", r)
	}
}
