package judge_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/judge"
)

var tables = flag.Int("tables", 100, "how many tables the large database of TestLarge has")

// large makes tables with an identity key, four indexes and a foreign key each,
// a hundred in a transaction.
const large = `DO $$
BEGIN
  FOR i IN 1..%d LOOP
    EXECUTE format('CREATE TABLE t%%s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ref bigint REFERENCES t%%s, name text NOT NULL, n int DEFAULT 0, at timestamptz DEFAULT now())', i, greatest(i - 1, 1));
    EXECUTE format('CREATE INDEX ON t%%s (ref); CREATE INDEX ON t%%1$s (name); CREATE INDEX ON t%%1$s (n, at); CREATE INDEX ON t%%1$s (at) WHERE n > 0', i);
    IF i %% 100 = 0 THEN COMMIT; END IF;
  END LOOP;
END $$;`

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "migrator")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// TestLarge diffs a large database with one that differs in one column, by the
// program itself, and tells the time and the memory that it took.
func TestLarge(t *testing.T) {
	server, err := judge.OpenLarge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	program := build(t)
	from, err := server.Database(t.Context(), fmt.Sprintf(large, *tables))
	if err != nil {
		t.Fatal(err)
	}
	to, err := server.Copy(t.Context(), from, "ALTER TABLE t1 ADD added int")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		to   *judge.Database
		exit int
	}{{"diffed with itself", from, 0}, {"one column more", to, 1}} {
		cmd := exec.CommandContext(t.Context(), program, "diff", "--from", from.Target.URL(), "--to", c.to.Target.URL(), "--exit-code")
		cmd.Stderr = os.Stderr
		start := time.Now()
		out, err := cmd.Output()
		took := time.Since(start)
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) || cmd.ProcessState.ExitCode() != c.exit {
			t.Fatalf("%s: %v, exit %d, wanted %d\n%s", c.what, err, cmd.ProcessState.ExitCode(), c.exit, out)
		}
		rss := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024
		cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		t.Logf("figure | %d tables, %s: time, CPU of our process, memory | %.2f s, %.2f s, %d MB", *tables, c.what, took.Seconds(), cpu.Seconds(), rss)
	}
}
