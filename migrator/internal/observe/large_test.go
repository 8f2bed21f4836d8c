package observe

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
)

var largeTables = flag.Int("tables", 0, "how many tables the database of TestLargeDatabase has")

// manyTables makes tables with an identity key, four indexes and a foreign key
// each, a hundred in a transaction.
const manyTables = `DO $$
BEGIN
  FOR i IN 1..%d LOOP
    EXECUTE format('CREATE TABLE t%%s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ref bigint REFERENCES t%%s, name text NOT NULL, n int DEFAULT 0, at timestamptz DEFAULT now())', i, greatest(i - 1, 1));
    EXECUTE format('CREATE INDEX ON t%%s (ref); CREATE INDEX ON t%%1$s (name); CREATE INDEX ON t%%1$s (n, at); CREATE INDEX ON t%%1$s (at) WHERE n > 0', i);
    IF i %% 100 = 0 THEN COMMIT; END IF;
  END LOOP;
END $$`

// TestLargeDatabase analyzes a database of many tables by the program itself,
// without queries and with some hundred, and logs the CPU time of the tool and of
// the server, and the tool's memory. Of -tables 10000 it wants 10 s and 200 MB,
// beside what the parser takes where there are queries.
func TestLargeDatabase(t *testing.T) {
	if *largeTables == 0 {
		t.Skip("a measurement: -tables 10000")
	}
	program := filepath.Join(t.TempDir(), "migrator")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s, err := scratch.Open(t.Context(), scratch.Options{Mode: scratch.Local, Listen: true, Trusted: true, Large: true, Settings: []string{
		"shared_preload_libraries=pg_stat_statements", "autovacuum=off", "max_locks_per_transaction=1024"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	url, err := s.URL(db)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, db, fmt.Sprintf(manyTables, *largeTables)+"; ANALYZE")
	out := measured(t, db, program, url, "no queries", 200)
	if !bytes.Contains(out, fmt.Appendf(nil, `"tables": %d`, *largeTables)) {
		t.Errorf("the analysis is of something else: %.500s", out)
	}
	execute(t, db, "CREATE EXTENSION pg_stat_statements")
	const queries = 300
	for i := range queries {
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf("SELECT * FROM t%d WHERE n = 5 ORDER BY id LIMIT 3", 1+i%*largeTables)); err != nil {
			t.Fatal(err)
		}
	}
	const parser = 280 // MB, which its compiler takes for a moment
	if out := measured(t, db, program, url, fmt.Sprint(queries, " queries"), parser+100); !bytes.Contains(out, []byte("SELECT * FROM t7 WHERE n = $1")) {
		t.Errorf("the analysis knows no query: %.500s", out)
	}
}

// measured runs an analysis and logs what it took; most is the memory in MB that
// it may take.
func measured(t *testing.T, db *pgdb.DB, program, url, what string, most int64) []byte {
	t.Helper()
	before := serverTime(t, db)
	cmd := exec.CommandContext(t.Context(), program, "analyze", "--connection", url, "--all", "--format", "json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	server := serverTime(t, db) - before
	own := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	memory := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024
	t.Logf("figure | analyze of %d tables, %s: CPU time of the tool; of the server; memory of the tool | %.1f s; %.1f s; %d MB |", *largeTables, what, own.Seconds(), server.Seconds(), memory)
	if own+server > 10*time.Second || memory > most {
		t.Errorf("that is more than 10 s or %d MB", most)
	}
	return out
}

// serverTime is the CPU time of the server's sessions that have ended, from the
// kernel: Linux has it.
func serverTime(t *testing.T, db *pgdb.DB) time.Duration {
	t.Helper()
	settle(t, db)
	var pid string
	if err := db.QueryRow("SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)").Scan(&pid); err != nil {
		t.Fatal(err)
	}
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		t.Skip(err)
	}
	_, fields, _ := strings.Cut(string(stat), ") ")
	const ofChildren, ticks = 13, 100 // cutime is the 16th field, cstime the 17th; per second
	sum := 0
	for _, f := range strings.Fields(fields)[ofChildren : ofChildren+2] {
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks
}
