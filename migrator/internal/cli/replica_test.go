//go:build unix

package cli

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// replica is a primary server and a hot standby of it, made with pg_basebackup,
// with a table on both. It gives the standby's connection string.
func replica(t *testing.T) string {
	t.Helper()
	dir := shortFolder(t)
	primary, standby := filepath.Join(dir, "primary"), filepath.Join(dir, "standby")
	a := account(t)
	if a != nil {
		if err := os.Chown(dir, int(a.Uid), int(a.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	server := func(program string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), serverProgram(t, program), args...)
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a}
		log, err := os.Create(filepath.Join(dir, program+".log")) // not a pipe: the server would keep it open
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("%s: %v\n%s", program, err, text)
		}
	}
	start := func(data string, port int) {
		t.Helper()
		server("pg_ctl", "-D", data, "-w", "-o", fmt.Sprintf("-p %d -k %s -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB", port, dir), "-l", data+".log", "start")
		t.Cleanup(func() {
			cmd := exec.Command(serverProgram(t, "pg_ctl"), "-D", data, "-m", "immediate", "stop")
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a}
			cmd.Run()
		})
	}
	first, second := freePort(t), freePort(t)
	server("initdb", "-D", primary, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
	start(primary, first)
	url := func(port int) string {
		return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	}
	db, err := pgdb.Connect(t.Context(), url(first))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE a (id int PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	server("pg_basebackup", "-D", standby, "-R", "--no-sync", "-c", "fast", "-d", url(first))
	start(standby, second)
	return url(second)
}

// account is who may run servers: they refuse root.
func account(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func serverProgram(t *testing.T, name string) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return found[0]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// A read-only replica is a source like any other. What cannot be done there is
// said.
func TestReplica(t *testing.T) {
	dsn := replica(t)
	dir := t.TempDir()
	to := file(t, dir, "to.sql", "CREATE TABLE a (id int PRIMARY KEY, b text);")
	r := run(t, "diff", "--from", dsn, "--to", to, "--up", filepath.Join(dir, "up.sql"))
	if r.code != 0 || !strings.Contains(r.out, "PROVED") {
		t.Error(r)
	}
	if r := run(t, "inspect", dsn); r.code != 0 || !strings.Contains(r.out, "CREATE TABLE public.a") {
		t.Error(r)
	}
	r = run(t, "diff", "--from", dsn, "--to", to, "--scratch", "server")
	if r.code != 2 || !strings.Contains(r.errors, "is a read-only replica: no scratch database can be made there") || !strings.Contains(r.errors, "hint: ") {
		t.Error(r)
	}
	r = run(t, "apply", filepath.Join(dir, "up.sql"), "--connection", dsn)
	if r.code != 2 || !strings.Contains(r.errors, "read-only") || strings.Contains(r.errors, "goroutine") {
		t.Error(r)
	}
	t.Log(r.errors)
}
