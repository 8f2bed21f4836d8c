package cli

import (
	"strings"
	"testing"
)

// A file of goose, dbmate or sql-migrate holds the way back, too: it is not run.
func TestApplyGoesForwardOnly(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"1_goose.sql":   "-- +goose Up\nALTER TABLE orders ADD COLUMN a int;\n-- +goose Down\nALTER TABLE orders DROP COLUMN a;\nDROP TABLE orders;\n",
		"2_dbmate.sql":  "-- migrate:up\nALTER TABLE orders ADD COLUMN b int;\n\n-- migrate:down\nDROP TABLE orders;\n",
		"3_migrate.sql": "-- +migrate Down\nDROP TABLE orders;\n-- +migrate Up notransaction\nCREATE INDEX CONCURRENTLY orders_i ON orders (i);\n",
	} {
		dsn, db := database(t, "CREATE TABLE orders (i int)", "INSERT INTO orders SELECT generate_series(1, 100)")
		for _, more := range [][]string{{"--dry-run"}, nil} {
			r := run(t, append([]string{"apply", file(t, dir, name, text), "--connection", dsn}, more...)...)
			if r.code != 0 || strings.Contains(r.out, "DROP") {
				t.Errorf("%s %v: %+v", name, more, r)
			}
		}
		var rows int
		if err := db.QueryRow("SELECT count(*) FROM orders").Scan(&rows); err != nil || rows != 100 {
			t.Errorf("%s: %d rows, %v", name, rows, err)
		}
	}
	dsn, _ := database(t, "CREATE TABLE orders (i int)")
	r := run(t, "apply", file(t, dir, "4.sql", "-- migrate:down\nDROP TABLE orders;\n"), "--connection", dsn)
	if r.code != 2 || !strings.Contains(r.errors, "none of the way forward") {
		t.Errorf("only the way back: %+v", r)
	}
}

// What comes from standard input has no name: two texts are two migrations, and
// the same one twice is one.
func TestApplyFromStandardInput(t *testing.T) {
	dsn, _ := database(t)
	for _, c := range []struct{ text, want string }{
		{"CREATE TABLE a (i int);", "APPLIED"}, {"CREATE TABLE b (i int);", "APPLIED"}, {"CREATE TABLE a (i int);", "NOTHING TO DO: it was applied"},
	} {
		if r := runIn(t, t.Context(), c.text, "apply", "-", "--connection", dsn); r.code != 0 || !strings.Contains(r.out, c.want) {
			t.Errorf("%s: %+v", c.text, r)
		}
	}
}
