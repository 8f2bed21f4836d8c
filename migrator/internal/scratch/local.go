package scratch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seniorbackend/tools/migrator/internal/elevate"
	"github.com/seniorbackend/tools/migrator/internal/pgdb"
)

// local is a server of our own in a folder of its own.
type local struct {
	dir      string // holds owner (the lock), data and the socket
	unlock   func()
	cluster  *cluster
	template *template
	account  *account
	programs programs
	what     string
	door     *door // nil where only we come in
	guard    *elevate.Guard
	trusted  bool

	mu    sync.Mutex
	given int // databases handed out
	dbs   []*pgdb.DB
	admin *pgdb.DB
}

// openLocal starts a server from this machine's programs, of the target's major
// version where there is a target.
func openLocal(ctx context.Context, o Options) (Server, error) {
	a := serverAccount()
	cache, err := cacheFolder(o.Cache, a)
	if err != nil {
		return nil, err
	}
	p, err := findPrograms(ctx, o.major(0), a, cache)
	if err != nil {
		return nil, err
	}
	return startLocal(ctx, p, "local programs", o)
}

func startLocal(ctx context.Context, p programs, what string, o Options) (*local, error) {
	s := &local{programs: p, what: what, account: serverAccount(), guard: &elevate.Guard{Token: elevate.NewToken()}, trusted: o.Trusted}
	for _, folder := range allRunFolders() {
		removeStale(folder)
	}
	if err := s.start(ctx, o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// start copies the template, and starts a server in the copy.
func (s *local) start(ctx context.Context, o Options) (err error) {
	if s.template, err = findTemplate(ctx, s.programs, s.account, o); err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp(runFolder(o.size()), runPrefix); err != nil {
		return err
	}
	if s.unlock, err = lock(filepath.Join(s.dir, "owner"), false); err != nil {
		return err
	}
	// Until the folder is the account's it is ours alone: nobody changes what we
	// write.
	if err = copyTree(s.template.cluster(), s.data(), s.account); err != nil {
		return err
	}
	if s.account != nil {
		// As long as nobody else can get at them, it takes a third of the time.
		for _, name := range prepared {
			if err = s.template.give(s.data(), name, s.account, true); err != nil {
				return err
			}
		}
	}
	if o.Listen {
		// Other programs may ask for any database, and for more.
		for name := range s.template.oids {
			if err = s.template.give(s.data(), name, s.account, true); err != nil {
				return err
			}
		}
		if s.door, err = openDoor(s.data(), s.account); err != nil {
			return err
		}
	}
	if err = s.account.own(s.dir); err != nil {
		return err
	}
	if s.cluster, err = startCluster(ctx, s.programs, s.account, s.data(), s.dir, s.door, slices.Concat(o.size().settings(), o.Settings), s.guard.Token, o.holder()); err != nil {
		return err
	}
	return s.door.setPassword(ctx, s.cluster)
}

// data is the folder of the running cluster.
func (s *local) data() string { return filepath.Join(s.dir, "data") }

// Database implements Server.
func (s *local) Database(ctx context.Context) (*pgdb.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.given
	s.given++
	name := "scratch_" + strconv.Itoa(n+1)
	var err error
	if n < len(prepared) {
		err = s.template.give(s.data(), prepared[n], s.account, s.account == nil)
	} else {
		err = s.create(ctx, name)
	}
	if err != nil {
		return nil, fmt.Errorf("making a scratch database: %w", err)
	}
	db, err := s.cluster.open(ctx, name)
	if err != nil {
		return nil, err
	}
	s.dbs = append(s.dbs, db)
	if s.trusted {
		return db, s.trust(ctx, db)
	}
	db.Guard = s.guard
	return db, nil
}

// trust makes our role a superuser where all that is run is our own; once is
// enough.
func (s *local) trust(ctx context.Context, db *pgdb.DB) error {
	if s.given > 1 {
		return nil
	}
	return s.guard.Trust(ctx, db)
}

// As implements Server.
func (s *local) As(ctx context.Context, db *pgdb.DB, role string) (*pgdb.DB, error) {
	if err := s.guard.Enrol(ctx, db, role); err != nil {
		return nil, fmt.Errorf("making the role %s: %w", role, err)
	}
	other, err := pgdb.Open(ctx, db.Target.As(role))
	if err != nil {
		return nil, err
	}
	other.Guard = db.Guard
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dbs = append(s.dbs, other)
	return other, nil
}

// create makes a database beyond the prepared ones.
func (s *local) create(ctx context.Context, name string) error {
	if s.admin == nil {
		if err := s.template.give(s.data(), "template0", s.account, s.account == nil); err != nil {
			return err
		}
		db, err := s.cluster.open(ctx, prepared[0])
		if err != nil {
			return err
		}
		s.admin = db
		s.dbs = append(s.dbs, db)
	}
	_, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template0")
	return err
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

// Gives implements Server.
func (s *local) Gives() bool { return true }

// String implements Server.
func (s *local) String() string {
	return fmt.Sprintf("PostgreSQL %s (%s)", versionText(s.programs.version), s.what)
}

// Close implements Server.
func (s *local) Close() error {
	if s.cluster != nil {
		s.cluster.stop()
	}
	for _, db := range s.dbs {
		db.Close()
	}
	var err error
	if s.dir != "" {
		err = os.RemoveAll(s.dir)
	}
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
	text, err := readPlain(filepath.Join(data, "postmaster.pid"))
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
