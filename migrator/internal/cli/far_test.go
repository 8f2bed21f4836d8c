package cli

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/apply"
	"github.com/seniorbackend/tools/migrator/internal/migfile"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// A long statement says how far it is, where the server knows, and nothing more once
// it has ended.
func TestSaysHowFarAStatementIs(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (id int, filler text)", "INSERT INTO t SELECT i, repeat('x', 2000) FROM generate_series(1, 400) i",
		"CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 FROM pg_sleep(0.004)'",
		"CREATE TABLE filled (id int, filler text)", "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.004); RETURN NEW; END'",
		"CREATE TRIGGER wait BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION wait()")
	var folder string // the only one that the server may write into
	if err := db.QueryRow("SHOW data_directory").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	rows, out := pgdb.QuoteLiteral(folder+"/rows"), pgdb.QuoteLiteral(folder+"/out")
	if _, err := db.Exec("COPY t TO " + rows); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, sql, want string }{
		{"index", "CREATE INDEX t_slow ON t (slow(id));", "^building an index: building index"},
		{"cluster", "CLUSTER t USING t_slow;", "^rewriting the table: "},
		{"vacuum", "SET vacuum_cost_delay = 20;\nSET vacuum_cost_limit = 1;\nVACUUM (FREEZE, DISABLE_PAGE_SKIPPING) t;", `^vacuum: scanning heap, \d+ %$`},
		{"vacuum full", "VACUUM FULL t;", "^rewriting the table: "},
		{"copy to", "COPY (SELECT slow(id) FROM t) TO " + out + ";", `^copying: \d+ rows$`},
		{"copy from", "COPY filled FROM " + rows + ";", `^copying, \d+ %$`},
		{"analyze", "SET vacuum_cost_delay = 20;\nSET vacuum_cost_limit = 1;\nANALYZE t;", "^analyze: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := progressOf(t, dsn, c.name+".sql", c.sql)
			if !regexp.MustCompile("(?m)"+c.want).MatchString(said) || !strings.HasSuffix(said, "\n") {
				t.Errorf("it said %q, want %s", said, c.want)
			}
		})
	}
}

// progressOf applies a file, and returns what is said of how far it is, line by line.
func progressOf(t *testing.T, dsn, name, sql string) string {
	t.Helper()
	f, err := migfile.Parse(name, sql)
	if err != nil {
		t.Fatal(err)
	}
	tool, err := pgdb.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer tool.Close()
	var said []string
	open, err := apply.Open(t.Context(), tool, apply.Options{LockWait: time.Minute, LockTimeout: time.Minute, Tries: 1,
		Say: func(string, ...any) {}, Progress: func(text string) { said = append(said, text) }})
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close(t.Context())
	if _, err := open.Run(t.Context(), apply.Job{File: f}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(said, "\n")
}
