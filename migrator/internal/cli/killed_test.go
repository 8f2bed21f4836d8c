package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// process is the tool as a process of its own, with its own folder for what it
// leaves behind.
func process(t *testing.T, temp string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "MIGRATOR_TEST_IS_TOOL=1", "TMPDIR="+temp)
	return cmd
}

// killAt runs the tool and kills it when a part of the usual time is over; it
// may have ended before.
func killAt(t *testing.T, after time.Duration, temp string, args ...string) {
	t.Helper()
	cmd := process(t, temp, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

// shortFolder is a folder in which a socket may lie.
func shortFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "mk")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

const kills = 5

// Whenever a diff is killed, the next one leaves nothing of it behind: no
// folder and no server of its own, no database on somebody else's.
func TestDiffKilled(t *testing.T) {
	dsn, db := database(t, v1)
	dir, temp := t.TempDir(), shortFolder(t)
	to := file(t, dir, "v2.sql", v2)
	for _, mode := range []string{"local", "server"} {
		args := []string{"diff", "--from", dsn, "--to", to, "--scratch", mode, "--up", filepath.Join(dir, "up.sql")}
		start := time.Now()
		if out, err := process(t, temp, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", mode, err, out)
		}
		usual := time.Since(start)
		for i := range kills {
			killAt(t, usual*time.Duration(i+1)/(kills+1), temp, args...)
		}
		if out, err := process(t, temp, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s, after the kills: %v\n%s", mode, err, out)
		}
	}
	// A folder without a lock may be about to get one, and is left for a minute.
	folders, _ := filepath.Glob(filepath.Join(temp, "migrator-scratch-*"))
	for _, f := range folders {
		if _, err := os.Stat(filepath.Join(f, "owner")); err == nil {
			t.Errorf("%s is left", f)
		}
	}
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, l := range lines {
		if text, _ := os.ReadFile(l); strings.Contains(string(text), temp) {
			t.Errorf("a process is left: %q", text)
		}
	}
	var left string
	if err := db.QueryRow("SELECT coalesce(string_agg(datname, ' '), '') FROM pg_database WHERE datname LIKE 'migrator%'").Scan(&left); err != nil || left != "" {
		t.Errorf("databases left: %s (%v)", left, err)
	}
}

// alone waits until the server has ended the sessions of killed tools: it carries
// out what they had sent. The tool comes by TCP, the test by the socket.
func alone(t *testing.T, db *pgdb.DB) {
	t.Helper()
	for n := 1; n > 0; {
		if err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND client_addr IS NOT NULL").Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
}

// Whenever an apply is killed, a file in a transaction is there whole, with its
// row in the history, or not at all.
func TestApplyKilledInATransaction(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE done (i int)")
	dir, temp := t.TempDir(), shortFolder(t)
	text := func(i int) string {
		return fmt.Sprintf("CREATE TABLE a%d (id int);\nSELECT pg_sleep(0.05);\nINSERT INTO done VALUES (%d);\nSELECT pg_sleep(0.05);\nCREATE TABLE b%d (id int);\n", i, i, i)
	}
	start := time.Now()
	if out, err := process(t, temp, "apply", file(t, dir, "0.sql", text(0)), "--connection", dsn).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	usual := time.Since(start)
	for i := 1; i <= 2*kills; i++ {
		f := file(t, dir, fmt.Sprint(i, ".sql"), text(i))
		killAt(t, usual*time.Duration(i)/(2*kills), temp, "apply", f, "--connection", dsn)
		alone(t, db)
		var a, b, rows, history int
		err := db.QueryRow(fmt.Sprintf(`SELECT (to_regclass('a%[1]d') IS NOT NULL)::int, (to_regclass('b%[1]d') IS NOT NULL)::int,
			(SELECT count(*) FROM done WHERE i = %[1]d), (SELECT count(*) FROM migrator_history WHERE name = '%[1]d.sql' AND finished IS NOT NULL)`, i)).Scan(&a, &b, &rows, &history)
		if err != nil || a != b || a != rows || a != history {
			t.Errorf("killed after %d of %d: tables %d and %d, rows %d, history %d (%v)", i, 2*kills, a, b, rows, history, err)
		}
		if r := run(t, "apply", f, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, []string{"APPLIED", "NOTHING TO DO"}[a]) {
			t.Error(a, r)
		}
	}
}

// Outside of transactions the next run goes on, and every index is there and
// valid.
func TestApplyKilledBetweenStatements(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (a int, b int, c int, d int)", "INSERT INTO t SELECT i, i, i, i FROM generate_series(1, 30000) i")
	dir, temp := t.TempDir(), shortFolder(t)
	text := func(i int) string {
		var b strings.Builder
		for _, c := range []string{"a", "b", "c", "d"} {
			fmt.Fprintf(&b, "CREATE INDEX CONCURRENTLY i%d_%s ON t (%s);\n", i, c, c)
		}
		return b.String()
	}
	start := time.Now()
	if out, err := process(t, temp, "apply", file(t, dir, "0.sql", text(0)), "--connection", dsn).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	usual := time.Since(start)
	for i := 1; i <= kills; i++ {
		f := file(t, dir, fmt.Sprint(i, ".sql"), text(i))
		killAt(t, usual*time.Duration(i)/(kills+1), temp, "apply", f, "--connection", dsn)
		if r := run(t, "apply", f, "--connection", dsn); r.code != 0 {
			t.Error(r)
		}
		var valid, finished int
		err := db.QueryRow(fmt.Sprintf(`SELECT (SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid AND indexrelid::regclass::text LIKE 'i%d\_%%'),
			(SELECT count(*) FROM migrator_history WHERE name = '%d.sql' AND finished IS NOT NULL AND done = 4)`, i, i)).Scan(&valid, &finished)
		if err != nil || valid != 4 || finished != 1 {
			t.Errorf("%d valid indexes, %d finished rows (%v)", valid, finished, err)
		}
		if _, err := db.Exec(fmt.Sprintf("DROP INDEX i%[1]d_a, i%[1]d_b, i%[1]d_c, i%[1]d_d", i)); err != nil {
			t.Error(err)
		}
	}
}
