package scratch

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/cage"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// TestMain is also the process that is killed: see TestKilled.
func TestMain(m *testing.M) {
	if os.Getenv("SCRATCH_TEST_HANG") != "" {
		hang(os.Getenv("SCRATCH_TEST_HANG"))
	}
	os.Exit(m.Run())
}

// hang opens a server of the mode, makes a database, says where, and waits.
func hang(mode string) {
	s, err := Open(context.Background(), Options{Mode: mode})
	if err == nil {
		var db *pgdb.DB
		if db, err = s.Database(context.Background()); err == nil {
			place := db.Target.Database()
			if l, ok := s.(*local); ok {
				place = l.dir + " " + strconv.Itoa(l.cluster.cmd.Process.Pid)
			}
			os.Stdout.WriteString(place + "\n")
			time.Sleep(time.Hour)
		}
	}
	os.Stdout.WriteString(err.Error() + "\n")
	os.Exit(1)
}

// killed starts a process that hangs with a scratch database, kills it, and
// gives what it said.
func killed(t *testing.T, mode string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SCRATCH_TEST_HANG="+mode)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 1000)
	n, err := out.Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	cmd.Wait()
	return strings.TrimSpace(string(buffer[:n]))
}

func open(t *testing.T, o Options) Server {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func database(t *testing.T, s Server) *pgdb.DB {
	t.Helper()
	db, err := s.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestLocal(t *testing.T) {
	s := open(t, Options{Mode: Local})
	names := map[string]bool{}
	for range 3 {
		db := database(t, s)
		names[db.Target.Database()] = true
		var tables int
		if err := db.QueryRow("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").Scan(&tables); err != nil || tables != 0 {
			t.Errorf("a new database has %d tables (%v)", tables, err)
		}
	}
	if len(names) != 3 || !s.Owned() {
		t.Error(names, s.Owned())
	}
	dir, pid := s.(*local).dir, s.(*local).cluster.cmd.Process.Pid
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); err == nil || alive(pid) {
		t.Errorf("%s or process %d is still there", dir, pid)
	}
}

// A small server runs in memory where there is room, a large one never does; a
// TMPDIR that was set is kept to.
func TestPlace(t *testing.T) {
	t.Setenv("TMPDIR", "")
	small, large := filepath.Dir(open(t, Options{Mode: Local}).(*local).dir), filepath.Dir(open(t, Options{Mode: Local, Large: true}).(*local).dir)
	if want := memoryFolder; memoryFree() >= memoryRoom && small != want || large != os.TempDir() {
		t.Errorf("in %s and %s, with %d bytes free in %q", small, large, memoryFree(), memoryFolder)
	}
	dir, err := os.MkdirTemp("/tmp", "place")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	if place := filepath.Dir(open(t, Options{Mode: Local}).(*local).dir); place != dir {
		t.Errorf("in %s, not in TMPDIR", place)
	}
}

// Other programs find what any server has: its usual databases, and a right to
// make more.
func TestListen(t *testing.T) {
	s := open(t, Options{Mode: Local, Listen: true, Trusted: true})
	dsn, err := s.URL(database(t, s))
	if err != nil {
		t.Fatal(err)
	}
	db, err := pgdb.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE more"); err != nil { // of template1
		t.Error(err)
	}
	for _, name := range []string{"more", "postgres", "template1", "scratch_2"} {
		other, err := pgdb.Open(t.Context(), db.Target.With(name))
		if err != nil {
			t.Error(err)
			continue
		}
		other.Close()
	}
}

// A program is asked for its version once, and again when it has changed. What
// it may do while it is asked is what a server may: nothing else is executed.
func TestVersionIsRemembered(t *testing.T) {
	there, err := findPrograms(t.Context(), 0, serverAccount(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := open755(t)
	p := programs{dir: dir}
	put := func(from string, at time.Time) {
		t.Helper()
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.path("postgres"), text, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(p.path("postgres"), at, at); err != nil {
			t.Fatal(err)
		}
	}
	cache := t.TempDir()
	version := func() int {
		v, _ := programVersion(t.Context(), p, serverAccount(), cache)
		return v
	}
	put(there.path("postgres"), time.Unix(1, 0))
	first := version()
	text, err := os.ReadFile(versionsFile(cache))
	if first != there.version || err != nil {
		t.Fatalf("version %d, want %d (%v)", first, there.version, err)
	}
	lie := strings.Replace(string(text), strconv.Itoa(first), "123456", 1)
	if err := os.WriteFile(versionsFile(cache), []byte(lie), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := version(); got != 123456 {
		t.Errorf("asked again: %d", got)
	}
	put(there.path("postgres"), time.Unix(2, 0))
	if got := version(); got != first {
		t.Errorf("a changed program was not asked: %d", got)
	}

	if !slices.Contains(cage.Enforced(), cage.Files) {
		t.Skip("this kernel has no Landlock")
	}
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+dir+"/ran\necho 'postgres (PostgreSQL) 15.3'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(script, time.Unix(3, 0))
	if got := version(); got != 0 {
		t.Errorf("a script was run by a shell: %d", got)
	}
}

// open755 is a folder that every account may look into.
func open755(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "scratch-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A killed process leaves a folder, and perhaps a server; the next run removes
// both.
func TestKilledLocal(t *testing.T) {
	dir, pidText, _ := strings.Cut(killed(t, Local), " ")
	pid, err := strconv.Atoi(pidText)
	if err != nil {
		t.Fatal(dir, pidText)
	}
	open(t, Options{Mode: Local})
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("%s is still there", dir)
	}
	for i := 0; alive(pid) && i < 100; i++ {
		time.Sleep(20 * time.Millisecond)
	}
	if alive(pid) {
		t.Errorf("the server %d still runs", pid)
	}
}

// A server in use is left alone by others.
func TestOthersAreLeftAlone(t *testing.T) {
	a := open(t, Options{Mode: Local})
	db := database(t, a)
	open(t, Options{Mode: Local})
	if err := db.Ping(); err != nil {
		t.Error(err)
	}
}

func TestRemote(t *testing.T) {
	home := open(t, Options{Mode: Local, Listen: true, Trusted: true})
	dsn, err := home.URL(database(t, home))
	if err != nil {
		t.Fatal(err)
	}
	admin, err := pgdb.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	left := func() (n int) {
		if err := admin.QueryRow("SELECT count(*) FROM pg_database WHERE datname LIKE 'migrator%'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}

	s := open(t, Options{Mode: dsn})
	db := database(t, s)
	database(t, s)
	if s.Owned() || left() != 2 {
		t.Errorf("%d databases", left())
	}

	// What a killed process left goes away with the next run; what is in use
	// stays.
	if name := killed(t, dsn); !strings.HasPrefix(name, remotePrefix) || left() != 3 {
		t.Fatalf("%s, %d databases", name, left())
	}
	open(t, Options{Mode: dsn})
	if left() != 2 || db.Ping() != nil {
		t.Errorf("%d databases", left())
	}
	if err := s.Close(); err != nil || left() != 0 {
		t.Errorf("%d databases (%v)", left(), err)
	}

	// A role without the right is told what to grant.
	if _, err := admin.Exec("CREATE ROLE weak LOGIN PASSWORD 'weak'"); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(dsn, "@")
	if _, err := Open(t.Context(), Options{Mode: "postgres://weak:weak@" + rest}); err == nil || !strings.Contains(err.Error(), "may not create databases") {
		t.Error(err)
	}
}

func TestNoPrograms(t *testing.T) {
	if _, err := findPrograms(t.Context(), 9, serverAccount(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "and 9 is wanted") {
		t.Error(err)
	}
}

func TestRemoveStaleLeavesWhatIsNew(t *testing.T) {
	dir := t.TempDir()
	fresh := filepath.Join(dir, runPrefix+"1")
	if err := os.Mkdir(fresh, 0o700); err != nil {
		t.Fatal(err)
	}
	removeStale(dir)
	if _, err := os.Stat(fresh); err != nil {
		t.Error("a folder that is being made was removed")
	}
}
