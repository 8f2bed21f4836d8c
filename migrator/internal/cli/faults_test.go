//go:build unix

package cli

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// rounds is how often something random is tried: a few times, or as often as the
// variable says (docs/figures/migrator.md has the last results).
func rounds(t *testing.T, variable string, few int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return few
}

// mixedDirectory has files in transactions, outside of them, and both. Each leaves
// a row in done for each time that it was run.
func mixedDirectory(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	file(t, dir, "1_tables.sql", "CREATE TABLE done (file int);\nCREATE TABLE t (a int, b int);\nINSERT INTO t SELECT i, i FROM generate_series(1, 2000) i;\nINSERT INTO done VALUES (1);\n")
	file(t, dir, "2_index.sql", "CREATE INDEX CONCURRENTLY t_a ON t (a);\nINSERT INTO done VALUES (2);\nCREATE INDEX CONCURRENTLY t_b ON t (b);\n")
	file(t, dir, "3_rows.sql", "UPDATE t SET b = b + 1;\nSELECT pg_sleep(0.02);\nINSERT INTO done VALUES (3);\n")
	file(t, dir, "4_alone.sql", "-- migrator:no-transaction\nINSERT INTO done VALUES (4);\nUPDATE t SET a = a + 1;\nVACUUM t;\nDROP INDEX CONCURRENTLY t_a;\n")
	file(t, dir, "5_both.sql", "BEGIN;\nINSERT INTO done VALUES (5);\nCREATE TABLE u (id int);\nCOMMIT;\nCREATE UNIQUE INDEX CONCURRENTLY u_id ON u (id);\nBEGIN;\nALTER TABLE u ADD COLUMN v int;\nCOMMIT;\n")
	file(t, dir, "6_end.sql", "CREATE TABLE last (id int);\nINSERT INTO done VALUES (6);\n")
	return dir
}

// wholeAndOnce says whether all of mixedDirectory was applied, each statement once.
func wholeAndOnce(t *testing.T, db *pgdb.DB) {
	t.Helper()
	var done, sums, indexes, history string
	err := db.QueryRow(`SELECT (SELECT string_agg(file::text, ' ' ORDER BY file) FROM done), (SELECT sum(a) || ' ' || sum(b) FROM t),
		(SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ' ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid IN ('t'::regclass, 'u'::regclass)),
		(SELECT count(*) || ' ' || count(finished) || ' ' || count(*) FILTER (WHERE done = statements) FROM migrator_history)`).Scan(&done, &sums, &indexes, &history)
	if err != nil || done != "1 2 3 4 5 6" || sums != "2003000 2003000" || indexes != "t_b true u_id true" || history != "6 6 6" {
		t.Errorf("done %q, sums %q, indexes %q, history %q (%v)", done, sums, indexes, history, err)
	}
}

// Whenever a run over a directory is killed, the next one makes it whole: nothing
// is dirty, nothing is done twice.
func TestDirectoryKilled(t *testing.T) {
	dir, temp := mixedDirectory(t), shortFolder(t)
	dsn, _ := database(t)
	start := time.Now()
	if out, err := process(t, temp, "apply", dir, "--connection", dsn).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	usual := time.Since(start)
	random := rand.New(rand.NewPCG(17, 2))
	for i := range rounds(t, "MIGRATOR_TEST_KILLS", 6) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			dsn, db := database(t)
			for range 1 + random.IntN(2) {
				killAt(t, time.Duration(random.Int64N(int64(usual))), temp, "apply", dir, "--connection", dsn)
			}
			if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
				t.Fatal(r)
			}
			wholeAndOnce(t, db)
		})
	}
}

// However many runs begin at once, every file is run once.
func TestDirectoryRunTwiceAtOnce(t *testing.T) {
	dir, temp := mixedDirectory(t), shortFolder(t)
	for i := range rounds(t, "MIGRATOR_TEST_PAIRS", 3) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			dsn, db := database(t)
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					if out, err := process(t, temp, "apply", dir, "--connection", dsn).CombinedOutput(); err != nil {
						t.Errorf("%v\n%s", err, out)
					}
				})
			}
			both.Wait()
			wholeAndOnce(t, db)
		})
	}
}

// rawWords are words of the driver and of the network library, which say nothing to
// a user.
var rawWords = regexp.MustCompile(`pq:|driver:|read tcp|write tcp|EOF|i/o timeout|bad connection|broken pipe|goroutine|sql: `)

// oneLineError checks what a run that could not go on says: one error, no raw words.
func oneLineError(t *testing.T, r result, want string) {
	t.Helper()
	if r.code != 2 || strings.Count(r.errors, "error: ") != 1 || !strings.Contains(r.errors, want) || rawWords.MatchString(r.errors) {
		t.Errorf("exit code %d, want 2 and one error with %q:\n%s", r.code, want, r.errors)
	}
}

// A line that is cut at any byte loses nothing: it is said in one line, and the next
// run makes the directory whole.
func TestDirectoryLineCutAtAByte(t *testing.T) {
	dir := mixedDirectory(t)
	dsn, _ := database(t)
	sent := 0
	if r := run(t, "apply", dir, "--connection", through(t, dsn, func(b []byte) (bool, bool) { sent += len(b); return false, false })); r.code != 0 {
		t.Fatal(r)
	}
	n := rounds(t, "MIGRATOR_TEST_CUTS", 8)
	random := rand.New(rand.NewPCG(17, 3))
	for i := range n {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			dsn, db := database(t)
			left, cut := 200+random.IntN(sent-200), false
			dead := i/2%4 == 0 // else it can be had again
			line := through(t, dsn, func(b []byte) (before, after bool) {
				if left -= len(b); left > 0 || cut {
					return cut && dead, false
				}
				cut = true
				return i%2 == 0, i%2 == 1
			})
			if r := run(t, "apply", dir, "--connection", line, "--lock-wait", "1"); r.code != 0 {
				oneLineError(t, r, "connect")
			}
			alone(t, db)
			if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
				t.Fatal(r)
			}
			wholeAndOnce(t, db)
		})
	}
}

// ownServer is a server of the test's own, which it may stop.
func ownServer(t *testing.T) (dsn string, ctl func(args ...string)) {
	t.Helper()
	dir := shortFolder(t)
	a, data, port := account(t), filepath.Join(dir, "data"), freePort(t)
	if a != nil {
		if err := os.Chown(dir, int(a.Uid), int(a.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	server := func(program string, args ...string) error {
		cmd := exec.Command(serverProgram(t, program), args...)
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: a}
		return cmd.Run()
	}
	ctl = func(args ...string) {
		t.Helper()
		options := fmt.Sprintf("-p %d -k %s -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB", port, dir)
		if err := server("pg_ctl", append([]string{"-D", data, "-w", "-o", options, "-l", data + ".log"}, args...)...); err != nil {
			t.Fatalf("pg_ctl %v: %v", args, err)
		}
	}
	if err := server("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"); err != nil {
		t.Fatal(err)
	}
	ctl("start")
	t.Cleanup(func() { server("pg_ctl", "-D", data, "-m", "immediate", "stop") })
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port), ctl
}

// A server that restarts in the middle of a file, or of a build, loses nothing.
func TestServerRestarts(t *testing.T) {
	dsn, ctl := ownServer(t)
	dir := t.TempDir()
	file(t, dir, "1_a.sql", "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n")
	file(t, dir, "2_b.sql", "CREATE TABLE b (id int);\nSELECT pg_sleep(30);\n")
	for _, how := range []string{"fast", "immediate"} {
		done := make(chan result)
		go func() { done <- run(t, "apply", dir, "--connection", dsn) }()
		db, err := pgdb.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		until(t, "it sleeps", func() bool {
			var n int
			return db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'").Scan(&n) == nil && n > 0
		})
		db.Close()
		ctl("-m", how, "restart")
		r := <-done
		oneLineError(t, r, "connection")
		if !strings.Contains(r.errors, "nothing was applied") {
			t.Error(r)
		}
	}
	file(t, dir, "2_b.sql", "CREATE TABLE b (id int);\n")
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 || !strings.Contains(r.out, "1 migration applied") {
		t.Error(r)
	}
}

// A disk that is full is said, and what was not written is not in the history.
func TestDiskFull(t *testing.T) {
	small := shortFolder(t)
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small).Run(); err != nil {
		t.Log("not run: it needs a small file system, and nobody may mount one here")
		return
	}
	t.Cleanup(func() { exec.Command("umount", "-l", small).Run() })
	if a := account(t); a != nil {
		if err := os.Chown(small, int(a.Uid), int(a.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	dsn, ctl := ownServer(t)
	t.Cleanup(func() { ctl("-m", "immediate", "stop") })
	db, err := pgdb.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLESPACE small LOCATION '" + small + "'"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file(t, dir, "1_t.sql", "CREATE TABLE t (v text) TABLESPACE small;\nINSERT INTO t VALUES ('here');\n")
	file(t, dir, "2_rows.sql", "INSERT INTO t SELECT repeat(md5(i::text), 20) FROM generate_series(1, 20000) i;\n")
	r := run(t, "apply", dir, "--connection", dsn)
	oneLineError(t, r, "2_rows.sql:1:1: could not extend file")
	if !strings.Contains(r.errors, "No space left on device") || !strings.Contains(r.errors, "nothing was applied") || !strings.Contains(r.out, "1 migration applied") {
		t.Error(r)
	}
	file(t, dir, "2_rows.sql", "INSERT INTO t VALUES ('and here');\n")
	if r := run(t, "apply", dir, "--connection", dsn); r.code != 0 {
		t.Error(r)
	}
}

// What cannot work is said before anything is tried.
func TestCannotWrite(t *testing.T) {
	f := file(t, t.TempDir(), "1.sql", "CREATE TABLE a (id int);\n")
	dsn, db := database(t)
	name := db.Target.Database()
	for _, sql := range []string{
		"CREATE ROLE nobody_" + name + " LOGIN PASSWORD 'nobody'", "CREATE ROLE reader_" + name + " LOGIN PASSWORD 'reader'",
		"ALTER ROLE reader_" + name + " SET default_transaction_read_only = on", "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
	} {
		if _, err := db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	as := func(role string) string {
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword(role+"_"+name, role)
		return u.String()
	}
	oneLineError(t, run(t, "apply", f, "--connection", as("reader")), "the session is read-only")
	oneLineError(t, run(t, "apply", f, "--connection", as("nobody")), "permission denied for schema public")
	only := file(t, t.TempDir(), "2.sql", "SELECT 1;\n")
	r := run(t, "apply", only, "--connection", as("nobody"))
	oneLineError(t, r, "cannot make the table migrator_history: permission denied for schema public")
	if !strings.Contains(r.errors, "hint: grant the role CREATE") {
		t.Error(r)
	}
}

// A lock that is never to be had is said with who holds it, since when, and by which
// statement.
func TestNamesTheHolderOfALock(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE a (id int)", "CREATE TABLE b (id int)")
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "SET application_name = 'nightly report'; BEGIN; SELECT * FROM a WHERE 'password' <> 'x' -- and more"); err != nil {
		t.Fatal(err)
	}
	f := file(t, t.TempDir(), "1.sql", "ALTER TABLE a ADD COLUMN x int;\n")
	r := run(t, "apply", f, "--connection", dsn, "--lock-timeout", "1.5", "--tries", "1")
	oneLineError(t, r, "a lock could not be had in 1 try")
	if !regexp.MustCompile(`it is held by nightly report \(process \d+, role postgres[^)]*\) since \d\d:\d\d:\d\d UTC, last statement: .*SELECT \* FROM a`).MatchString(r.errors) {
		t.Error(r)
	}
	if !strings.Contains(r.errors, "waiting for a lock; it is held by nightly report") {
		t.Error("it was not said while waiting:", r)
	}
}

// ^C in the middle of a build leaves no invalid index behind, or says how to be rid
// of it.
func TestInterruptedBuildLeavesNoIndex(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)", "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 FROM pg_sleep(30)'")
	f := file(t, t.TempDir(), "1.sql", "CREATE INDEX CONCURRENTLY t_slow ON t (slow(id));\n")
	cmd := process(t, shortFolder(t), "apply", f, "--connection", dsn)
	var errs lines
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the build has begun", func() bool { return exists(t, db, "t_slow") })
	until(t, "it sleeps", func() bool {
		var n int
		return db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").Scan(&n) == nil && n > 0
	})
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	if there := exists(t, db, "t_slow"); there != strings.Contains(errs.String(), "DROP INDEX CONCURRENTLY t_slow removes it") || there == strings.Contains(errs.String(), "is removed") {
		t.Errorf("the index is there: %t; it said:\n%s", there, errs.String())
	}
	t.Log(errs.String())
}

// ^C in the middle of REINDEX CONCURRENTLY leaves no half-built copy behind, and
// neither does kill -9 with the run after it.
func TestInterruptedReindexLeavesNoCopy(t *testing.T) {
	dsn, db := database(t, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)",
		"CREATE TABLE gate (open boolean)", "INSERT INTO gate VALUES (true)",
		"CREATE FUNCTION slow(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN IF NOT (SELECT open FROM gate) THEN PERFORM pg_sleep(30); END IF; RETURN i; END'",
		"CREATE INDEX t_slow ON t (slow(id))", "UPDATE gate SET open = false")
	f := file(t, t.TempDir(), "1.sql", "REINDEX (VERBOSE) INDEX CONCURRENTLY t_slow;\n")
	copies := func() (n int) {
		if err := db.QueryRow("SELECT count(*) FROM pg_class WHERE relname LIKE 't_slow_cc%'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	begin := func() (*exec.Cmd, *lines) {
		cmd := process(t, shortFolder(t), "apply", f, "--connection", dsn)
		var errs lines
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		until(t, "it sleeps", func() bool {
			var n int
			return db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").Scan(&n) == nil && n > 0
		})
		return cmd, &errs
	}
	cmd, errs := begin()
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	said := errs.String()
	if code := cmd.ProcessState.ExitCode(); code != 130 || copies() > 0 && !strings.Contains(said, "_ccnew") {
		t.Errorf("exit code %d, %d copies; it said:\n%s", code, copies(), said)
	}
	cmd, _ = begin()
	cmd.Process.Kill()
	cmd.Wait()
	if _, err := db.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
		t.Fatal(err)
	}
	if copies() == 0 {
		t.Fatal("there is nothing to clear away")
	}
	if _, err := db.Exec("UPDATE gate SET open = true"); err != nil {
		t.Fatal(err)
	}
	r := run(t, "apply", f, "--connection", dsn)
	if r.code != 0 || copies() > 0 || !strings.Contains(r.errors, "t_slow_ccnew") {
		t.Errorf("%d copies; %+v", copies(), r)
	}
}
