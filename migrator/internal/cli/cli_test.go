package cli

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
	"github.com/seniorbackend/tools/migrator/internal/scratch"
	"github.com/seniorbackend/tools/shared/terminal"
)

// testServer is one server for all tests of the package: what is live for the
// tool is scratch for the test.
type testServer struct {
	mu     sync.Mutex
	server scratch.Server
}

// TestMain is also the tool itself, for the tests that kill it.
func TestMain(m *testing.M) {
	if os.Getenv("MIGRATOR_TEST_IS_TOOL") != "" {
		os.Exit(Main(context.Background(), os.Args[1:], terminal.Standard(), "v1.2.3"))
	}
	live = &testServer{}
	code := m.Run()
	if live.server != nil {
		live.server.Close()
	}
	os.Exit(code)
}

var live *testServer

// database is a new live database; its connection string has a password.
func database(t *testing.T, sql ...string) (dsn string, db *pgdb.DB) {
	t.Helper()
	dsn, db = open(t)
	t.Cleanup(func() { db.Close() }) // the server has 40 connections for all tests
	for _, s := range sql {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return dsn, db
}

// open is a new live database, which the caller closes.
func open(t testing.TB) (dsn string, db *pgdb.DB) {
	t.Helper()
	live.mu.Lock()
	defer live.mu.Unlock()
	if live.server == nil {
		s, err := scratch.Open(context.Background(), scratch.Options{Mode: scratch.Local, Listen: true, Trusted: true})
		if err != nil {
			t.Fatal(err)
		}
		live.server = s
	}
	db, err := live.server.Database(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	dsn, err = live.server.URL(db)
	if err != nil {
		t.Fatal(err)
	}
	return dsn, db
}

// result is what a run of the tool gave.
type result struct {
	code        int
	out, errors string
}

func run(t *testing.T, args ...string) result {
	t.Helper()
	return runIn(t, context.Background(), "", args...)
}

func runIn(t testing.TB, ctx context.Context, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := Main(ctx, args, terminal.Streams{In: strings.NewReader(stdin), Out: &out, Err: &errs}, "v1.2.3")
	return result{code, out.String(), errs.String()}
}

// file writes a file into the test's folder.
func file(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	good := file(t, dir, "good.sql", "CREATE TABLE t (id int);")
	wrong := file(t, dir, "wrong.sql", "CREATE TABLE t (id int);\n\nCREATE TABLE u (id int,\n  x txet);\n")
	syntax := file(t, dir, "syntax.sql", "-- a comment\nCREATE TABEL t (id int);\n")
	open := file(t, dir, "open.sql", "CREATE TABLE t (id int);\nSELECT 'never closed;\n")
	latin := file(t, dir, "latin.sql", "-- caf\xe9\nSELECT 1;\n")
	binary := file(t, dir, "dump.sql", "PGDMP\x00\x01")
	os.Mkdir(filepath.Join(dir, "empty"), 0o755)
	dsn, _ := database(t)
	secret := password(t, dsn)
	closed := closedPort(t)
	up := filepath.Join(dir, "out", "up.sql")

	for _, c := range []struct {
		name string
		args []string
		want []string // in standard error
	}{
		{"missing file", []string{"diff", "--from", filepath.Join(dir, "no.sql"), "--to", good}, []string{"no.sql does not exist"}},
		{"empty folder", []string{"diff", "--from", filepath.Join(dir, "empty"), "--to", good}, []string{"no .sql file in"}},
		{"unknown type", []string{"diff", "--from", good, "--to", wrong, "--up", up}, []string{wrong + ":4:5: type \"txet\" does not exist"}},
		{"syntax", []string{"diff", "--from", good, "--to", syntax, "--up", up}, []string{syntax + ":2:8: syntax error at or near \"TABEL\""}},
		{"open string", []string{"diff", "--from", good, "--to", open, "--up", up}, []string{open + ":2:1: the text ends within"}},
		{"not UTF-8", []string{"diff", "--from", good, "--to", latin}, []string{latin + ":1: it is not UTF-8", "iconv"}},
		{"custom dump", []string{"diff", "--from", good, "--to", binary}, []string{"pg_restore"}},
		{"both standard input", []string{"diff", "--from", "-", "--to", "-"}, []string{"cannot both be standard input"}},
		{"malformed", []string{"diff", "--from", "postgres://u:s3cr3t@host:port/db", "--to", good}, []string{"cannot read the connection string", "invalid port"}},
		{"odd password", []string{"diff", "--from", "postgres://u:s3cr3t%zz@host/db", "--to", good}, []string{"cannot read the connection string"}},
		{"refused", []string{"diff", "--from", "postgres://u:s3cr3t@127.0.0.1:" + closed + "/db", "--to", good}, []string{"connection refused at 127.0.0.1:" + closed, "hint: is PostgreSQL running there?"}},
		{"unknown host", []string{"diff", "--from", "postgres://u:s3cr3t@nowhere.invalid/db", "--to", good}, []string{"unknown host nowhere.invalid"}},
		{"wrong password", []string{"diff", "--from", strings.Replace(dsn, secret, "s3cr3t", 1), "--to", good}, []string{"password authentication failed", "hint: check the password"}},
		{"unknown database", []string{"diff", "--from", strings.Replace(dsn, "/scratch_", "/nowhere_", 1), "--to", good}, []string{"does not exist", "createdb"}},
		{"key=value", []string{"diff", "--from", "host=127.0.0.1 port=" + closed + " user=u password=s3cr3t dbname=x", "--to", good}, []string{"connection refused"}},
		{"unknown scratch", []string{"diff", "--from", good, "--to", good, "--scratch", "moon"}, []string{"unknown scratch"}},
		{"unknown hazard", []string{"diff", "--from", good, "--to", good, "--allow", "everything"}, []string{"unknown hazard", "data-loss"}},
		{"two outputs", []string{"diff", "--from", good, "--to", good, "--output", dir, "--up", up}, []string{"exclude each other"}},
		{"apply missing", []string{"apply", filepath.Join(dir, "no.sql"), "--connection", dsn}, []string{"no.sql does not exist"}},
		{"apply zero tries", []string{"apply", good, "--connection", dsn, "--tries", "0"}, []string{"--tries 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, c.args...)
			if r.code != 2 {
				t.Errorf("exit code %d, want 2", r.code)
			}
			for _, w := range c.want {
				if !strings.Contains(r.errors, w) {
					t.Errorf("standard error lacks %q:\n%s", w, r.errors)
				}
			}
			if r.out != "" {
				t.Errorf("standard output: %s", r.out)
			}
			for _, s := range []string{"s3cr3t", secret} {
				if strings.Contains(r.out+r.errors, s) {
					t.Errorf("a password is shown:\n%s", r.errors)
				}
			}
			if _, err := os.Stat(up); err == nil {
				t.Error("a file was written")
			}
		})
	}
}

// password is the one in a connection string.
func password(t *testing.T, dsn string) string {
	t.Helper()
	_, rest, _ := strings.Cut(dsn, "://postgres:")
	secret, _, ok := strings.Cut(rest, "@")
	if !ok {
		t.Fatalf("no password in %s", dsn)
	}
	return secret
}

// closedPort is a port on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}
