package scratch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// local is a server of our own in a folder of its own.
type local struct {
	dir      string // holds owner (the lock), data and the socket
	unlock   func()
	cluster  *cluster
	programs programs
	what     string
	door     *door // nil where only we come in

	mu    sync.Mutex
	given int // databases handed out
	dbs   []*pgdb.DB
	admin *pgdb.DB
}

// openLocal starts a server from this machine's programs, of the target's major
// version where there is a target.
func openLocal(ctx context.Context, o Options) (Server, error) {
	p, err := findPrograms(ctx, o.major(0))
	if err != nil {
		return nil, err
	}
	return startLocal(ctx, p, "local programs", o)
}

func startLocal(ctx context.Context, p programs, what string, o Options) (*local, error) {
	a := serverAccount()
	removeStale(runFolder())
	from, err := template(ctx, p, a, o)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(runFolder(), runPrefix)
	if err != nil {
		return nil, err
	}
	s := &local{dir: dir, programs: p, what: what}
	if s.unlock, err = lock(filepath.Join(dir, "owner"), false); err == nil {
		if err = a.own(dir); err == nil {
			err = copyTree(from, filepath.Join(dir, "data"), a)
		}
	}
	if err == nil && o.Listen {
		s.door, err = openDoor(filepath.Join(dir, "data"), a)
	}
	if err == nil {
		s.cluster, err = startCluster(ctx, p, a, filepath.Join(dir, "data"), dir, prepared[0], s.door)
	}
	if err == nil {
		err = s.door.setPassword(ctx, s.cluster)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// runPrefix begins the names of the folders of running servers.
const runPrefix = "migrator-scratch-"

// runFolder holds the folders of running servers. A socket's path may have 107
// bytes at most.
func runFolder() string {
	if dir := os.TempDir(); len(dir) < 60 {
		return dir
	}
	return "/tmp"
}

// Database implements Server.
func (s *local) Database(ctx context.Context) (*pgdb.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.given
	s.given++
	name := ""
	if n < len(prepared) {
		name = prepared[n]
	} else {
		if s.admin == nil {
			db, err := pgdb.Open(ctx, s.cluster.target(prepared[0]))
			if err != nil {
				return nil, err
			}
			s.admin = db
			s.dbs = append(s.dbs, db)
		}
		name = "scratch_" + strconv.Itoa(n+1)
		if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
			return nil, fmt.Errorf("making a scratch database: %w", err)
		}
	}
	db, err := pgdb.Open(ctx, s.cluster.target(name))
	if err != nil {
		return nil, err
	}
	s.dbs = append(s.dbs, db)
	return db, nil
}

// URL implements Server.
func (s *local) URL(db *pgdb.DB) (string, error) {
	if s.door == nil {
		return "", errors.New("this scratch server does not listen")
	}
	return s.door.url(db.Target.Database()), nil
}

// Owned implements Server.
func (s *local) Owned() bool { return true }

// String implements Server.
func (s *local) String() string {
	return fmt.Sprintf("PostgreSQL %s (%s)", versionText(s.programs.version), s.what)
}

// Close implements Server.
func (s *local) Close() error {
	for _, db := range s.dbs {
		db.Close()
	}
	if s.cluster != nil {
		s.cluster.stop()
	}
	err := os.RemoveAll(s.dir)
	if s.unlock != nil {
		s.unlock()
	}
	return err
}

// removeStale removes what killed processes left: a folder whose owner's lock
// is free, and the server that may still run in it.
func removeStale(folder string) {
	found, _ := filepath.Glob(filepath.Join(folder, runPrefix+"*"))
	for _, dir := range found {
		owner := filepath.Join(dir, "owner")
		if _, err := os.Stat(owner); errors.Is(err, fs.ErrNotExist) {
			// Its owner may be about to make the lock.
			if info, err := os.Stat(dir); err != nil || time.Since(info.ModTime()) < time.Minute {
				continue
			}
		}
		unlock, err := lock(owner, false)
		if err != nil {
			continue // in use, or somebody else's
		}
		stopLeft(filepath.Join(dir, "data"))
		os.RemoveAll(dir)
		unlock()
	}
}

// stopLeft stops the server of a data folder. Its process number is only
// believed while the process says that it works there.
func stopLeft(data string) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid < 2 || !worksIn(pid, data) {
		return
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	quit(p)
	for i := 0; i < 250 && alive(pid); i++ {
		time.Sleep(20 * time.Millisecond)
	}
}

// worksIn says whether a process is a server in this data folder, by its
// command line.
func worksIn(pid int, data string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		line = commandLine(pid)
	}
	return strings.Contains(string(line), data)
}
