//go:build unix

package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seniorbackend/tools/migrator/internal/sqltext"
)

var waysOut = flag.Int("ways", 0, "try every way out, each on one of so many surfaces (1: on all), and print the table")

var wayOut = flag.String("way", "", "only ways whose names match this")

// surface is a command that a stranger's schema reaches: in a file, or in a live
// database.
type surface struct {
	name string
	live bool
	args func(w *attempt) []string
	// tries: an ordinary schema's code runs there.
	tries bool
}

var surfaces = []surface{
	{"diff to a file", false, func(w *attempt) []string { return []string{"diff", "--from", w.empty, "--to", w.file} }, true},
	{"diff from a file", false, func(w *attempt) []string { return []string{"diff", "--from", w.file, "--to", w.empty} }, true},
	{"diff, traffic", false, func(w *attempt) []string {
		return []string{"diff", "--from", w.empty, "--to", w.file, "--prove", "traffic", "--traffic-rows", "20"}
	}, true},
	{"diff from a database", true, func(w *attempt) []string { return []string{"diff", "--from", w.dsn, "--to", w.empty} }, true},
	{"diff to a database", true, func(w *attempt) []string { return []string{"diff", "--from", w.empty, "--to", w.dsn} }, true},
	{"dry run of a file", false, func(w *attempt) []string {
		return []string{"apply", w.file, "--connection", w.plain, "--dry-run=scratch"}
	}, true},
	{"dry run beside a database", true, func(w *attempt) []string {
		return []string{"apply", w.empty, "--connection", w.dsn, "--dry-run=scratch"}
	}, true},
	{"check", false, func(w *attempt) []string { return []string{"check", w.folder} }, true},
	{"verify", false, func(w *attempt) []string { return []string{"verify", w.folder, "--connection", w.plain} }, true},
	{"inspect a file", false, func(w *attempt) []string { return []string{"inspect", w.file} }, true},
	{"inspect a database", true, func(w *attempt) []string { return []string{"inspect", w.dsn} }, false},
	{"scratch --load", false, func(w *attempt) []string { return []string{"scratch", "--load", w.file, "--", "true"} }, true},
	{"suggest-indexes", true, func(w *attempt) []string {
		return []string{"suggest-indexes", "--connection", w.dsn, "--queries", w.queries, "--output", w.out}
	}, true},
	{"analyze", true, func(w *attempt) []string { return []string{"analyze", "--connection", w.dsn} }, false},
	{"lint", false, func(w *attempt) []string { return []string{"lint", w.file} }, false},
	{"lint with a database", true, func(w *attempt) []string { return []string{"lint", w.empty, "--connection", w.dsn} }, false},
}

// attempt is one way as files and as a live database.
type attempt struct {
	name                         string
	file, folder, empty, queries string
	out, dsn, plain              string
	onlyFile                     bool // nothing of it can be in a database
}

// bench is what the attempts of one test share.
type bench struct {
	t      *testing.T
	canary *canary
	dir    string // everybody may read it
	tool   string // the test's program, where another account can start it
	port   string // of the live server
	escape string
}

func newBench(t *testing.T) *bench {
	dir := shortFolder(t)
	b := &bench{t: t, canary: newCanary(t), dir: dir, tool: filepath.Join(dir, "migrator"), escape: string(read(t, "testdata/ways/escape.sql"))}
	program, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	copied, err := os.OpenFile(b.tool, os.O_CREATE|os.O_WRONLY, 0o755)
	if err == nil {
		_, err = io.Copy(copied, program)
		copied.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	b.revive("")
	file(t, dir, "secret.sql", "DO $$ BEGIN RAISE EXCEPTION 'BREACH: a file beyond the folder'; END $$;\n")
	return b
}

// revive makes sure that the live server is there: a schema that a superuser loads
// there can bring it down.
func (b *bench) revive(after string) {
	b.t.Helper()
	if live.server != nil {
		if db, err := live.server.Database(b.t.Context()); err == nil {
			db.Close()
		} else {
			b.t.Logf("%s brought the live server down, which is not ours to hold: %v", after, err)
			live.server.Close()
			live.server = nil
		}
	}
	dsn, db := open(b.t)
	db.Close()
	u, err := url.Parse(dsn)
	if err != nil {
		b.t.Fatal(err)
	}
	b.port = u.Port()
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// says puts the names of this bench into a way. loud has it say that it is tried.
func (b *bench) says(text string, loud bool) string {
	yes := "no"
	if loud {
		yes = "yes"
	}
	return strings.NewReplacer("DIR", b.canary.dir, "PORT", b.canary.port, "LIVE", b.port, "SAYS", yes).Replace(text)
}

// attempt writes the files of a way.
func (b *bench) attempt(name, sql string, loud bool) *attempt {
	dir, err := os.MkdirTemp(b.dir, "way")
	if err != nil {
		b.t.Fatal(err)
	}
	os.Chmod(dir, 0o755)
	text := b.says(b.escape+sql, loud)
	w := &attempt{
		name: name, file: file(b.t, dir, "way.sql", text+"\nSELECT probe.told();\n"), folder: filepath.Join(dir, "migrations"), out: filepath.Join(b.dir, "out"),
		empty: file(b.t, dir, "empty.sql", "CREATE TABLE plain (id int);\n"), queries: file(b.t, dir, "queries.sql", "SELECT * FROM large WHERE b = 77;\n"),
		onlyFile: strings.HasPrefix(name, "psql-"),
	}
	file(b.t, w.folder, "000001_way.up.sql", text+"\nSELECT probe.told();\n")
	file(b.t, w.folder, "000001_way.down.sql", "DROP SCHEMA probe CASCADE;\n")
	os.Chmod(w.folder, 0o755)
	os.Symlink(filepath.Join(b.dir, "secret.sql"), filepath.Join(dir, "link.sql"))
	os.Symlink(filepath.Join(b.dir, "secret.sql"), filepath.Join(w.folder, "link.sql"))
	return w
}

// large is a table for which there is an index to suggest.
const large = "CREATE TABLE large AS SELECT a, a % 5000 AS b, repeat('x', 50) AS c FROM generate_series(1, 20000) a; ANALYZE large;\n"

// live puts a way into a database, as far as the server takes it.
func (b *bench) live(w *attempt, sql string, loud bool) {
	dsn, db := open(b.t)
	defer db.Close()
	w.dsn = dsn
	conn, err := db.Conn(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close()
	for _, st := range sqltext.Split(large + b.says(b.escape+sql+"\nCREATE MATERIALIZED VIEW probe.z AS SELECT probe.told();\n", loud)) {
		conn.ExecContext(b.t.Context(), st.SQL) // some are refused here as well
	}
	conn.ExecContext(b.t.Context(), "RESET ALL; RESET SESSION AUTHORIZATION; RESET ROLE; ALTER ROLE postgres RESET ALL")
}

// plain is a database that has nothing, whose history says that the folder's files
// are applied.
func (b *bench) plain(w *attempt) {
	dsn, db := open(b.t)
	defer db.Close()
	w.plain = dsn
	run(b.t, "adopt", w.folder, "--connection", dsn, "--baseline", "1")
}

// run is the tool on a surface, as one account.
func (b *bench) run(s surface, w *attempt, as *syscall.Credential) (output string) {
	b.t.Helper()
	home, err := os.MkdirTemp(b.dir, "home")
	if err != nil {
		b.t.Fatal(err)
	}
	w.out = filepath.Join(home, "out")
	// A cage that holds for ever is stopped: not every way comes to an end.
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.tool, s.args(w)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Dir = home
	cmd.Env = []string{"MIGRATOR_TEST_IS_TOOL=1", "PATH=" + os.Getenv("PATH"), "HOME=" + home, "WAYS_SECRET=" + b.canary.secret}
	if as != nil {
		os.Chown(home, int(as.Uid), int(as.Gid))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		cmd.Env = append(cmd.Env, "XDG_CACHE_HOME="+b.cache(as))
	}
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil && b.t.Context().Err() == nil {
		b.t.Errorf("%s, %s: no end (%v)", s.name, w.name, err)
	}
	os.RemoveAll(home)
	return string(out)
}

// cache is a folder for the prepared cluster of an account, for all of its runs.
func (b *bench) cache(as *syscall.Credential) string {
	dir := filepath.Join(b.dir, fmt.Sprint("cache", as.Uid))
	if os.Mkdir(dir, 0o700) == nil {
		os.Chown(dir, int(as.Uid), int(as.Gid))
	}
	return dir
}

// ways are those of the scratch server and those that need the whole tool.
func ways(t *testing.T) (files []txtar.File) {
	t.Helper()
	for _, path := range []string{"../scratch/testdata/ways.txtar", "testdata/ways/more.txtar"} {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, archive.Files...)
	}
	return files
}

// accounts are who runs the tool: we, and for root an account without rights.
func accounts() (all map[string]*syscall.Credential, names []string) {
	if os.Geteuid() != 0 {
		return map[string]*syscall.Credential{"user": nil}, []string{"user"}
	}
	return map[string]*syscall.Credential{"root": nil, "nobody": {Uid: 65534, Gid: 65534}}, []string{"root", "nobody"}
}

// TestNoWayOut: whatever command meets a stranger's schema, as whom, nothing of it
// reaches this machine. By default a few ways are tried everywhere; all of them by
//
//	go test ./internal/cli -run TestNoWayOut -v -ways 1 -timeout 3h
func TestNoWayOut(t *testing.T) {
	b := newBench(t)
	all, names := accounts()
	usual := []string{"materialized-view", "event-trigger-at-a-grant-that-is-kept-back", "psql-shell"}
	tally, only, before := map[string]*[3]int{}, regexp.MustCompile(*wayOut), ""
	for i, f := range ways(t) {
		if !only.MatchString(f.Name) {
			continue
		}
		if *waysOut == 0 && !slices.Contains(usual, f.Name) {
			continue
		}
		if end, ok := t.Deadline(); ok && time.Until(end) < 2*time.Minute {
			t.Errorf("the time is over before %s", f.Name)
			break
		}
		b.revive(before)
		before = f.Name
		for k, who := range names {
			if *waysOut == 0 && i%len(names) != k {
				continue
			}
			// Where it says that it was tried, what comes behind is not reached: one
			// account has both, if it is alone.
			loud, sql := k == 0 || *waysOut == 0, string(f.Data)
			w := b.attempt(f.Name, sql, loud)
			b.plain(w)
			if !w.onlyFile {
				b.live(w, sql, loud)
			}
			for j, s := range surfaces {
				if s.live && w.onlyFile || *waysOut > 1 && (i+j+k)%*waysOut != 0 {
					continue
				}
				output := b.run(s, w, all[who])
				row := tally[s.name+" as "+who]
				if row == nil {
					row = &[3]int{}
					tally[s.name+" as "+who] = row
				}
				row[0]++
				if strings.Contains(output, "TRIED at") {
					row[1]++
				} else if loud && s.tries && f.Name == "materialized-view" {
					t.Errorf("%s as %s: it is not tried there: %.400s", s.name, who, output)
				}
				if found := b.canary.breaches(output); len(found) > 0 {
					row[2]++
					t.Errorf("%s, %s as %s: %s", f.Name, s.name, who, strings.Join(found, ", "))
				}
			}
		}
	}
	var rows []string
	for name, row := range tally {
		rows = append(rows, fmt.Sprintf("%-40s %4d tried, code ran in %4d, breaches %d", name, row[0], row[1], row[2]))
	}
	slices.Sort(rows)
	t.Logf("\n%s", strings.Join(rows, "\n"))
}
