package pgtest

import (
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Server is a running server whose superuser is postgres, without a password.
type Server struct {
	t         testing.TB
	bin, psql string
	dir, port string
	databases int
}

// Start starts a server for as long as the test runs.
func Start(t testing.TB) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgtest-") // short, and not below a directory that others may not enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{t: t, dir: dir, port: freePort(t)}
	s.bin, s.psql = programs(t)
	if id, ok := unprivileged(); ok {
		if err := os.Chown(dir, id, -1); err != nil {
			t.Fatal(err)
		}
	}
	s.run("initdb", "-D", s.data(), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	s.Up()
	t.Cleanup(s.Down)
	return s
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Up starts the server; Down stops it, and breaks all connections.
func (s *Server) Up() {
	s.t.Helper()
	s.run("pg_ctl", "-D", s.data(), "-l", filepath.Join(s.dir, "log"), "-w", "-o", "-p "+s.port+" -k "+s.dir+" -c listen_addresses=127.0.0.1 -c fsync=off", "start")
}

func (s *Server) Down() {
	s.t.Helper()
	s.run("pg_ctl", "-D", s.data(), "-m", "fast", "-w", "stop")
}

// Database makes a database from a file of SQL, and gives its URL.
func (s *Server) Database(sql string) string {
	s.t.Helper()
	s.databases++
	name := "test" + strconv.Itoa(s.databases)
	s.Run(s.url("postgres"), "CREATE DATABASE "+name)
	s.Run(s.url(name), sql)
	return s.url(name)
}

func (s *Server) url(name string) string {
	return "postgres://postgres@127.0.0.1:" + s.port + "/" + name
}

// Run runs statements, and gives what they print: a line a row, tabs between columns.
func (s *Server) Run(url, sql string) string {
	s.t.Helper()
	out, err := s.Try(url, sql)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
	return out
}

// Try is Run for statements that may fail.
func (s *Server) Try(url, sql string) (string, error) {
	c := exec.Command(s.psql, "-qXAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", url)
	c.Stdin = strings.NewReader(sql)
	out, err := c.CombinedOutput()
	return string(out), err
}

func (s *Server) run(program string, args ...string) {
	s.t.Helper()
	c := exec.Command(filepath.Join(s.bin, program), args...)
	c.Dir = s.dir
	if id, ok := unprivileged(); ok {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(id), Gid: uint32(id)}}
	}
	// The server inherits what pg_ctl writes to: a pipe would stay open.
	log, err := os.CreateTemp(s.t.TempDir(), "log")
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	if err := c.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		s.t.Fatalf("%s: %v\n%s", program, err, text)
	}
}

// unprivileged is an account for the server where this process is root, as whom it
// does not start.
func unprivileged() (id int, ok bool) {
	if os.Getuid() != 0 {
		return 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			if id, err := strconv.Atoi(u.Uid); err == nil {
				return id, true
			}
		}
	}
	return 65534, true
}

// programs are the directory of the server that is on PATH, or else of the newest that is
// installed, and psql, which is another one's where that server came without it.
func programs(t testing.TB) (bin, psql string) {
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is right
	more, _ := filepath.Glob("/opt/homebrew/opt/postgresql@*/bin/initdb")
	all = append(all, more...)
	slices.SortFunc(all, func(a, b string) int { return major(b) - major(a) })
	if found, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(found); err == nil {
			all = slices.Insert(all, 0, real)
		}
	}
	for _, initdb := range all {
		beside := filepath.Join(filepath.Dir(initdb), "psql")
		if _, err := os.Stat(beside); err == nil {
			psql = beside
			break
		}
	}
	if psql == "" {
		t.Fatal("PostgreSQL is missing: install its server and psql, or put initdb on PATH")
	}
	return filepath.Dir(all[0]), psql
}

func major(name string) int {
	n := 0
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r < '0' || r > '9' }) {
		n, _ = strconv.Atoi(part)
	}
	return n
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
